package org.oicbridge.xmpp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts bytes as they arrive into whole characters of UTF-8 (RFC 3629 section 4). The XML parser
 * needs that: it takes overlong forms and code points beyond U+10FFFF, which other parsers on a
 * stanza's way read differently, it overlooks a NUL, and it loses characters of four bytes that
 * reach it in two pieces.
 */
final class Utf8 {
  private static final byte[] NONE = {};
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private byte[] cutOff = NONE;
  private boolean broken;

  /** Takes bytes and returns the whole characters that are there by now, up to the first fault. */
  byte[] whole(byte[] more) {
    byte[] bytes = more;
    if (cutOff.length > 0) {
      bytes = Arrays.copyOf(cutOff, cutOff.length + more.length);
      System.arraycopy(more, 0, bytes, cutOff.length, more.length);
    }
    int end = end(bytes);
    cutOff = broken ? NONE : Arrays.copyOfRange(bytes, end, bytes.length);
    return end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
  }

  /** How many bytes of an unfinished character the next ones will be put behind. */
  int carried() {
    return cutOff.length;
  }

  /** True when there was something that is not UTF-8. */
  boolean broken() {
    return broken;
  }

  /** The greatest index up to a limit where a character starts. */
  static int boundary(byte[] whole, int limit) {
    int at = Math.min(limit, whole.length);
    while (at < whole.length && (whole[at] & 0xC0) == 0x80) {
      at--;
    }
    return at;
  }

  private int end(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      at = plain(bytes, at);
      if (at == bytes.length) {
        return at;
      }
      int length = length(bytes, at);
      if (length <= 0) {
        broken = length < 0;
        return at;
      }
      at += length;
    }
    return at;
  }

  /** Where the ASCII ends that starts here, of which almost everything consists; it has no NUL. */
  private static int plain(byte[] bytes, int from) {
    int at = from;
    while (at <= bytes.length - Long.BYTES) {
      long eight = (long) EIGHT.get(bytes, at);
      // A byte of 0 would borrow in the subtraction, and one beyond ASCII has its high bit already.
      if (((eight | eight - ONES) & HIGH) != 0) {
        break;
      }
      at += Long.BYTES;
    }
    while (at < bytes.length && bytes[at] > 0) {
      at++;
    }
    return at;
  }

  /** How long the character is that starts here: 0 when its end is missing, -1 when it is none. */
  private static int length(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0x80) {
      // XML has no NUL, and in a closing tag the parser does not see it.
      return lead == 0 ? -1 : 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
      return -1;
    }
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    for (int i = 1; i < length; i++) {
      if (at + i == bytes.length) {
        return 0;
      }
      int low = i > 1 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      int high = i > 1 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      int b = bytes[at + i] & 0xFF;
      if (b < low || b > high) {
        return -1;
      }
    }
    return length;
  }
}
