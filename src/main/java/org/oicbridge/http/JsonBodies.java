package org.oicbridge.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.oicbridge.crudn.JsonSyntax;
import org.oicbridge.crudn.MalformedJsonException;

/** The bodies that writes have: one JSON value in UTF-8 (RFC 8259). */
final class JsonBodies {
  /** One JSON value a line. */
  static final String LINES = "application/x-ndjson";

  private static final Pattern LINES_TYPE = Pattern.compile(Pattern.quote(LINES));
  private static final Pattern JSON_TYPE =
      Pattern.compile("application/(?:json|[a-z0-9!#$&^_.-]+\\+json)");
  private static final Pattern FOREIGN_CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*(?!\"?utf-8\"?\\s*(?:;|$))");

  private JsonBodies() {}

  /**
   * Checks that a write declares JSON, even when it has no body: a form of a foreign web page can't
   * declare it, so no such page can write.
   *
   * @throws Refusal when it does not
   */
  static void requireType(MultiMap headers) {
    requireType(headers, JSON_TYPE, "application/json");
  }

  /**
   * Checks that a write declares one JSON value a line, for the same reason.
   *
   * @throws Refusal when it does not
   */
  static void requireLines(MultiMap headers) {
    requireType(headers, LINES_TYPE, LINES);
  }

  private static void requireType(MultiMap headers, Pattern expected, String example) {
    List<String> types = headers.getAll(HttpHeaders.CONTENT_TYPE);
    String type = types.size() == 1 ? types.get(0).toLowerCase(Locale.ROOT) : "";
    if (!expected.matcher(type.split(";", 2)[0].strip()).matches()
        || FOREIGN_CHARSET.matcher(type).find()) {
      throw new Refusal(
          415, "json-required", "a write here needs Content-Type: " + example + ", in UTF-8");
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
    return read(body, "the body");
  }

  /**
   * Checks a part of a body.
   *
   * @param what what to call it in a mistake
   * @return it as text, or null when it is blank
   * @throws Refusal when it is not one JSON value, saying where
   */
  static String read(byte[] body, String what) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(400, "invalid-json", what + " is not UTF-8");
    }
    if (text.isBlank()) {
      return null;
    }
    try {
      JsonSyntax.check(text);
    } catch (MalformedJsonException e) {
      throw new Refusal(400, "invalid-json", what + " is " + e.getMessage());
    }
    return text;
  }
}
