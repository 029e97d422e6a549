package org.oicbridge.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where the next page of a list begins: the key of the last entry, opaque to callers. */
final class Cursor {
  private Cursor() {}

  static String of(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /** The key that a cursor stands for. */
  static String key(String cursor) {
    try {
      byte[] key = Base64.getUrlDecoder().decode(cursor);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw Refusal.parameter("cursor", cursor, "the next of an earlier answer");
    }
  }
}
