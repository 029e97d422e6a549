package org.oicbridge.envelope;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.oicbridge.crudn.Status;

/** The text of {@code <json>}: one JSON value, perhaps in base64. */
final class JsonBody {
  private static final int MAX_DEPTH = 32;
  // Names are not kept from one message to the next: a peer could fill any table of them.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonBody() {}

  /** The JSON text, or null when there is nothing but white space. */
  static String parse(String text) throws UnreadableException {
    String json = text.strip();
    if (json.isEmpty()) {
      return null;
    }
    try {
      check(json);
      return json;
    } catch (JsonProcessingException e) {
      // "The payload must be base64-encoded" (section 7.3.1) is read by some as of the JSON alone.
      String decoded = fromBase64(json);
      if (decoded != null) {
        return decoded;
      }
      throw new UnreadableException(Status.BAD_REQUEST, describe(e));
    }
  }

  private static String fromBase64(String text) {
    if (text.length() % 4 != 0) {
      return null;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      String json = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().strip();
      check(json);
      return json;
    } catch (IllegalArgumentException | CharacterCodingException | JsonProcessingException e) {
      return null;
    }
  }

  private static void check(String json) throws JsonProcessingException {
    try (JsonParser parser = JSON.createParser(json)) {
      int depth = 0;
      boolean complete = false;
      while (parser.nextToken() != null) {
        if (complete) {
          throw new JsonParseException(parser, "something follows the value");
        }
        if (parser.currentToken().isStructStart()) {
          depth++;
        } else if (parser.currentToken().isStructEnd()) {
          depth--;
        }
        complete = depth == 0;
      }
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory", e);
    }
  }

  private static String describe(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " at line "
                + e.getLocation().getLineNr()
                + " column "
                + e.getLocation().getColumnNr();
    return "the body is not JSON" + where + ": " + e.getOriginalMessage();
  }
}
