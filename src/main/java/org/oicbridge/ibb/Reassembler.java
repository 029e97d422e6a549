package org.oicbridge.ibb;

import java.util.Base64;
import org.oicbridge.bus.Ibb.Condition;

/**
 * Turns the numbered blocks of one direction of a stream back into bytes. The first block that
 * breaks a rule is the last one that is looked at: its stream must be closed (XEP-0047 section
 * 2.2).
 */
final class Reassembler {
  private final int blockSize;
  private int expected;

  Reassembler(int blockSize) {
    this.blockSize = blockSize;
  }

  /**
   * The bytes of the next block.
   *
   * @throws BlockException when the number is not the next one, when the text is not base64 with
   *     its padding (XML white space apart), or when it is more than the agreed block size
   */
  byte[] take(int seq, String base64) throws BlockException {
    if (seq != expected) {
      throw new BlockException(
          Condition.UNEXPECTED_REQUEST, "block " + seq + " came where " + expected + " was due");
    }
    byte[] bytes = decode(base64);
    if (bytes.length > blockSize) {
      throw new BlockException(
          Condition.BAD_REQUEST,
          "block of " + bytes.length + " bytes on a stream of at most " + blockSize);
    }
    expected = expected + 1 & 0xffff;
    return bytes;
  }

  private static byte[] decode(String base64) throws BlockException {
    try {
      if (base64.length() % 4 == 0) {
        return Base64.getDecoder().decode(base64);
      }
    } catch (IllegalArgumentException e) {
      // There may be white space in it.
    }
    String text = withoutSpace(base64);
    if (text.length() % 4 != 0) {
      throw new BlockException(Condition.BAD_REQUEST, "base64 without its padding");
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new BlockException(Condition.BAD_REQUEST, "not base64: " + e.getMessage());
    }
  }

  /** Drops white space, which XEP-0047's own examples put around and between base64 lines. */
  private static String withoutSpace(String text) {
    int space = 0;
    while (space < text.length() && !xmlSpace(text.charAt(space))) {
      space++;
    }
    if (space == text.length()) {
      return text;
    }
    StringBuilder rest = new StringBuilder(text.length()).append(text, 0, space);
    for (int i = space; i < text.length(); i++) {
      if (!xmlSpace(text.charAt(i))) {
        rest.append(text.charAt(i));
      }
    }
    return rest.toString();
  }

  private static boolean xmlSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
}
