package org.oicbridge.envelope;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.oicbridge.crudn.JsonSyntax;
import org.oicbridge.crudn.MalformedJsonException;
import org.oicbridge.crudn.Status;

/** The text of {@code <json>}: one JSON value, perhaps in base64. */
final class JsonBody {
  private JsonBody() {}

  /** The JSON text, or null when there is nothing but white space. */
  static String parse(String text) throws UnreadableException {
    String json = text.strip();
    if (json.isEmpty()) {
      return null;
    }
    try {
      JsonSyntax.check(json);
      return json;
    } catch (MalformedJsonException e) {
      // "The payload must be base64-encoded" (section 7.3.1) is read by some as of the JSON alone.
      String decoded = fromBase64(json);
      if (decoded != null) {
        return decoded;
      }
      throw new UnreadableException(Status.BAD_REQUEST, "the body is " + e.getMessage());
    }
  }

  private static String fromBase64(String text) {
    if (text.length() % 4 != 0) {
      return null;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      String json = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().strip();
      JsonSyntax.check(json);
      return json;
    } catch (IllegalArgumentException | CharacterCodingException | MalformedJsonException e) {
      return null;
    }
  }
}
