package org.oicbridge.coap;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The value of the OSCORE option (RFC 8613 section 6.1). */
final class OscoreOption {
  private static final int LENGTH = 0x07;
  private static final int KID = 0x08;
  private static final int KID_CONTEXT = 0x10;
  private static final int RESERVED = 0xe0;
  private static final int MAX_PARTIAL_IV = 5;

  private final byte[] partialIv;
  private final byte[] kid;
  private final byte[] kidContext;

  private OscoreOption(byte[] partialIv, byte[] kid, byte[] kidContext) {
    this.partialIv = partialIv;
    this.kid = kid;
    this.kidContext = kidContext;
  }

  /** 1 to 5 bytes, or null. */
  byte[] partialIv() {
    return partialIv;
  }

  /** The identifier of the sender, or null. */
  byte[] kid() {
    return kid;
  }

  /** What tells contexts of one identifier apart, or null. */
  byte[] kidContext() {
    return kidContext;
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException when it is not of this form
   */
  static OscoreOption parse(byte[] value) {
    if (value.length == 0) {
      return new OscoreOption(null, null, null);
    }
    int flags = value[0];
    int length = flags & LENGTH;
    if ((flags & RESERVED) != 0 || length > MAX_PARTIAL_IV) {
      throw new IllegalArgumentException("reserved flags");
    }
    int at = 1 + length;
    byte[] partialIv = length == 0 ? null : slice(value, 1, at);
    byte[] kidContext = null;
    if ((flags & KID_CONTEXT) != 0) {
      int contextLength = slice(value, at, at + 1)[0] & 0xff;
      kidContext = slice(value, at + 1, at + 1 + contextLength);
      at += 1 + contextLength;
    }
    byte[] kid = (flags & KID) == 0 ? null : slice(value, at, value.length);
    return new OscoreOption(partialIv, kid, kidContext);
  }

  private static byte[] slice(byte[] value, int from, int to) {
    if (to > value.length) {
      throw new IllegalArgumentException("cut off");
    }
    return Arrays.copyOfRange(value, from, to);
  }

  /** The value of a response: empty, or with the partial IV alone. */
  static byte[] ofResponse(byte[] partialIv) {
    if (partialIv == null) {
      return new byte[0];
    }
    return ByteBuffer.allocate(1 + partialIv.length)
        .put((byte) partialIv.length)
        .put(partialIv)
        .array();
  }

  /** A number in as few bytes as it takes, at least one. */
  static byte[] partialIv(long number) {
    int length = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(number) + 7) / Byte.SIZE);
    byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    return Arrays.copyOfRange(all, Long.BYTES - length, Long.BYTES);
  }

  static long number(byte[] partialIv) {
    long number = 0;
    for (byte b : partialIv) {
      number = number << Byte.SIZE | (b & 0xff);
    }
    return number;
  }
}
