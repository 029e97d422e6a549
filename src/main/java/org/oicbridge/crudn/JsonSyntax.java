package org.oicbridge.crudn;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/** The rules for a body, wherever it enters: one JSON value (RFC 8259), no name twice, not deep. */
public final class JsonSyntax {
  /** How many arrays and objects may be inside each other. */
  public static final int MAX_DEPTH = 32;

  // What the parser adds for those who wrote the program says nothing to those who wrote the body.
  private static final Pattern HINTS =
      Pattern.compile("(?: \\(start marker|: enable | \\(?maybe a|: maybe a).*", Pattern.DOTALL);

  // Names are not kept from one body to the next: a peer could fill any table of them.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonSyntax() {}

  /**
   * Checks a text that is not blank.
   *
   * @throws MalformedJsonException when it is not one JSON value
   */
  public static void check(String text) throws MalformedJsonException {
    try (JsonParser parser = JSON.createParser(text)) {
      check(parser);
    } catch (JsonProcessingException e) {
      throw malformed(e.getLocation(), HINTS.matcher(e.getOriginalMessage()).replaceFirst(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void check(JsonParser parser) throws IOException, MalformedJsonException {
    int depth = 0;
    boolean complete = false;
    for (JsonToken token = next(parser); token != null; token = next(parser)) {
      if (complete) {
        throw malformed(parser.currentTokenLocation(), "something follows the JSON value");
      }
      if (token.isStructStart() && ++depth > MAX_DEPTH) {
        throw malformed(
            parser.currentTokenLocation(), "it nests deeper than " + MAX_DEPTH + " levels");
      }
      if (token.isStructEnd()) {
        depth--;
      }
      complete = depth == 0;
    }
  }

  private static JsonToken next(JsonParser parser) throws IOException, MalformedJsonException {
    try {
      return parser.nextToken();
    } catch (StreamConstraintsException e) {
      // This exception knows no place itself.
      throw malformed(parser.currentLocation(), "a number or name is too long");
    }
  }

  private static MalformedJsonException malformed(JsonLocation at, String why) {
    return new MalformedJsonException(at.getLineNr(), at.getColumnNr(), why);
  }
}
