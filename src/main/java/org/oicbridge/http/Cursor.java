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
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      String key = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      // A key is an account, a slash and a device.
      if (key.indexOf('/') > 0) {
        return key;
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      // told below, like a key that never was one
    }
    throw Refusal.parameter("cursor", cursor, "the next of an earlier answer");
  }
}
