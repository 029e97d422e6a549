package org.oicbridge.crudn;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Base64 in a JSON string, as secrets come: either alphabet of RFC 4648, with its padding or
 * without.
 */
public final class Base64Text {
  private static final Pattern PADDING = Pattern.compile("={1,2}$");

  private Base64Text() {}

  /**
   * The bytes.
   *
   * @throws IllegalArgumentException when it is no base64; the message may repeat it
   */
  public static byte[] bytes(String text) {
    boolean padded = text.endsWith("=");
    if (padded && text.length() % 4 != 0) {
      throw new IllegalArgumentException("wrong padding");
    }
    return Base64.getUrlDecoder()
        .decode(PADDING.matcher(text).replaceFirst("").replace('+', '-').replace('/', '_'));
  }

  /**
   * The text, at least one character.
   *
   * @throws IllegalArgumentException when it is no base64 of UTF-8; the message may repeat it
   */
  public static String utf8(String text) {
    try {
      String decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(text))).toString();
      if (!decoded.isEmpty()) {
        return decoded;
      }
    } catch (CharacterCodingException e) {
      // told below, like no text at all
    }
    throw new IllegalArgumentException("no UTF-8 text");
  }
}
