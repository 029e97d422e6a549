package org.oicbridge.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The bodies that writes have: one JSON value in UTF-8 (RFC 8259). */
final class JsonBodies {
  private static final int MAX_DEPTH = 32;
  private static final Pattern JSON_TYPE =
      Pattern.compile("application/(?:json|[a-z0-9!#$&^_.-]+\\+json)");
  private static final Pattern FOREIGN_CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*(?!\"?utf-8\"?\\s*(?:;|$))");
  // What the parser adds for those who wrote the program says nothing to those who wrote the body.
  private static final Pattern HINTS =
      Pattern.compile("(?: \\(start marker|: enable | \\(?maybe a|: maybe a).*", Pattern.DOTALL);
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonBodies() {}

  /**
   * Checks that a write declares JSON, even when it has no body: a form of a foreign web page can't
   * declare it, so no such page can write.
   *
   * @throws Refusal when it does not
   */
  static void requireType(MultiMap headers) {
    List<String> types = headers.getAll(HttpHeaders.CONTENT_TYPE);
    String type = types.size() == 1 ? types.get(0).toLowerCase(Locale.ROOT) : "";
    if (!JSON_TYPE.matcher(type.split(";", 2)[0].strip()).matches()
        || FOREIGN_CHARSET.matcher(type).find()) {
      throw new Refusal(
          415, "json-required", "a write needs Content-Type: application/json, in UTF-8");
    }
    String coding = headers.get(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new Refusal(415, "json-required", "a body in a Content-Encoding is not taken");
    }
  }

  /**
   * Checks a body.
   *
   * @return it as text, or null when there is none
   * @throws Refusal when it is not one JSON value, saying where
   */
  static String read(byte[] body) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(400, "invalid-json", "the body is not UTF-8");
    }
    if (text.isBlank()) {
      return null;
    }
    try (JsonParser parser = JSON.createParser(text)) {
      check(parser);
    } catch (JsonProcessingException e) {
      throw refusal(e.getLocation(), HINTS.matcher(e.getOriginalMessage()).replaceFirst(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text;
  }

  private static void check(JsonParser parser) throws IOException {
    int depth = 0;
    boolean complete = false;
    for (JsonToken token = next(parser); token != null; token = next(parser)) {
      if (complete) {
        throw refusal(parser.currentTokenLocation(), "something follows the JSON value");
      }
      if (token.isStructStart() && ++depth > MAX_DEPTH) {
        throw refusal(
            parser.currentTokenLocation(), "it nests deeper than " + MAX_DEPTH + " levels");
      }
      if (token.isStructEnd()) {
        depth--;
      }
      complete = depth == 0;
    }
  }

  private static JsonToken next(JsonParser parser) throws IOException {
    try {
      return parser.nextToken();
    } catch (StreamConstraintsException e) {
      throw refusal(parser.currentLocation(), "a number or name is too long");
    }
  }

  private static Refusal refusal(JsonLocation at, String what) {
    return new Refusal(
        400,
        "invalid-json",
        "the body is no JSON at line "
            + at.getLineNr()
            + ", column "
            + at.getColumnNr()
            + ": "
            + what);
  }
}
