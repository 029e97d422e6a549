package org.oicbridge.oic;

import org.oicbridge.crudn.Base64Text;

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
    try {
      String text = Base64Text.utf8(base64);
      boolean length = text.length() <= MAX_LENGTH;
      return length && text.chars().noneMatch(Character::isISOControl) ? text : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
