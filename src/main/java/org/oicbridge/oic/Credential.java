package org.oicbridge.oic;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The credential of {@code oic.ra.user}: a password in base64. */
final class Credential {
  static final int MAX_LENGTH = 1023;

  private Credential() {}

  /**
   * Decodes either alphabet of RFC 4648, with or without padding.
   *
   * @return the password, or null when it is none; why, nobody needs to know but its owner
   */
  static String decode(String base64) {
    String standard = base64.replace('-', '+').replace('_', '/');
    try {
      byte[] bytes = Base64.getDecoder().decode(standard);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean length = !text.isEmpty() && text.length() <= MAX_LENGTH;
      return length && text.chars().noneMatch(Character::isISOControl) ? text : null;
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }
}
