package org.oicbridge.envelope;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Undoes a second base64 encoding (RFC 4648 section 4). White space of XML is skipped, padding may
 * end any group of four, since each document of a stream is encoded by itself; everything else is
 * refused.
 */
final class Base64Decoder implements Decoder {
  private static final byte[] VALUES = values();

  private final Utf8Decoder utf8 = new Utf8Decoder();
  private int bits;
  private int digits;
  private boolean padded;

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }

  @Override
  public ByteBuffer decode(ByteBuffer block) throws EnvelopeException {
    ByteBuffer out = ByteBuffer.allocate(block.remaining());
    while (block.hasRemaining()) {
      int c = block.get() & 0xff;
      if (c == '=') {
        pad();
      } else if (!isSpace(c)) {
        digit(VALUES[c], out);
      }
    }
    return utf8.decode(out.flip());
  }

  private void digit(int value, ByteBuffer out) throws EnvelopeException {
    if (value < 0 || padded) {
      throw new EnvelopeException("not base64");
    }
    // A byte goes out as soon as its bits are there, so a document ends with its last character.
    bits = (bits << 6) | value;
    digits = (digits + 1) & 3;
    switch (digits) {
      case 2 -> out.put((byte) (bits >> 4));
      case 3 -> out.put((byte) (bits >> 2));
      case 0 -> {
        out.put((byte) bits);
        bits = 0;
      }
      default -> {}
    }
  }

  private void pad() throws EnvelopeException {
    boolean second = padded;
    int unused = digits == 2 ? 15 : 3;
    if (digits < 2 || (!second && (bits & unused) != 0)) {
      throw new EnvelopeException("not base64");
    }
    padded = digits == 2 && !second;
    if (!padded) {
      digits = 0;
      bits = 0;
    }
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
}
