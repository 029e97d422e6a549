package org.oicbridge.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where the next page of a list begins: the key of the last entry, opaque to callers. */
final class Cursor {
  /** A mark before a bare JID, which is empty for the account that has none yet. */
  private static final char ACCOUNT = '=';

  private Cursor() {}

  /** Behind an account, by its bare JID as text. */
  static String ofAccount(String jid) {
    return of(ACCOUNT + jid);
  }

  /** The bare JID, empty for the account without one, that a cursor stands for. */
  static String account(String cursor) {
    String key = decode(cursor);
    if (key.isEmpty() || key.charAt(0) != ACCOUNT || key.indexOf('/') >= 0) {
      throw refusal(cursor);
    }
    return key.substring(1);
  }

  /** Behind a device, by its key. */
  static String of(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /** The key of a device that a cursor stands for. */
  static String key(String cursor) {
    String key = decode(cursor);
    // A key is an account, which a discovered device has not, a slash and a device.
    if (key.indexOf('/') < 0) {
      throw refusal(cursor);
    }
    return key;
  }

  private static String decode(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw refusal(cursor);
    }
  }

  private static Refusal refusal(String cursor) {
    return Refusal.parameter("cursor", cursor, "the next of an earlier answer");
  }
}
