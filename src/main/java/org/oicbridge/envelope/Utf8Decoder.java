package org.oicbridge.envelope;

import java.nio.ByteBuffer;

/**
 * Passes UTF-8 on unchanged and refuses what is none (RFC 3629 section 3). The XML parser checks
 * only the form of continuation bytes: it takes overlong forms and code points beyond U+10FFFF. It
 * also loses its way in a character that its input is cut in, so only whole ones are passed on.
 */
final class Utf8Decoder implements Decoder {
  private static final byte[] NONE = {};

  private byte[] held = NONE;
  private int missing;
  // Bounds of the next continuation byte: the second byte of some sequences has narrower ones.
  private int low;
  private int high;

  @Override
  public ByteBuffer decode(ByteBuffer block) throws EnvelopeException {
    ByteBuffer in = held.length == 0 ? block : join(block);
    missing = 0;
    int cut = in.limit();
    for (int i = in.position(); i < in.limit(); i++) {
      byte b = in.get(i);
      if (b < 0 || missing > 0) {
        cut = missing == 0 ? i : cut;
        check(b & 0xff);
      }
    }
    int whole = missing == 0 ? in.limit() : cut;
    held = whole == in.limit() ? NONE : new byte[in.limit() - whole];
    in.get(whole, held);
    return in.limit(whole);
  }

  private ByteBuffer join(ByteBuffer block) {
    return ByteBuffer.allocate(held.length + block.remaining()).put(held).put(block).flip();
  }

  private void check(int b) throws EnvelopeException {
    if (missing > 0) {
      if (b < low || b > high) {
        throw new EnvelopeException("not UTF-8");
      }
      missing--;
      expect(0x80, 0xbf);
      return;
    }
    expect(0x80, 0xbf);
    if (b >= 0xc2 && b <= 0xdf) {
      missing = 1;
    } else if (b >= 0xe0 && b <= 0xef) {
      missing = 2;
      expect(b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf);
    } else if (b >= 0xf0 && b <= 0xf4) {
      missing = 3;
      expect(b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf);
    } else {
      throw new EnvelopeException("not UTF-8");
    }
  }

  private void expect(int from, int to) {
    low = from;
    high = to;
  }
}
