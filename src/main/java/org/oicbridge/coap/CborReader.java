package org.oicbridge.coap;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Reads one CBOR data item (RFC 8949) and writes it as JSON text by the advice of section 6.1
 * there. It is strict where two readers could disagree: duplicate or odd map keys, text that is not
 * UTF-8, bytes behind the item and reserved encodings are refused.
 *
 * <p>Jackson's reader can't serve here: it hides float16, undefined and nested tags, and takes
 * duplicate keys of indefinite maps.
 */
final class CborReader {
  /** Arrays, maps and tags that may lie inside each other. */
  static final int MAX_DEPTH = 32;

  private static final int BREAK = 0xff;
  private static final int INDEFINITE = 31;
  private static final Set<String> UUID_KEYS = Set.of("di", "pi", "piid");
  private static final int UUID_LENGTH = 16;

  private final ByteBuffer in;
  private final StringBuilder out;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  private CborReader(byte[] cbor) {
    this.in = ByteBuffer.wrap(cbor);
    this.out = new StringBuilder(cbor.length * 2);
  }

  /**
   * Turns a whole payload into JSON text.
   *
   * @throws BadCborException when it is not exactly one well-formed item that JSON can express
   */
  static String toJson(byte[] cbor) throws BadCborException {
    CborReader reader = new CborReader(cbor);
    reader.item(reader.next(), 0, ByteStringForm.BASE64URL, "");
    if (reader.in.hasRemaining()) {
      throw new BadCborException(reader.in.remaining() + " bytes follow the data item");
    }
    return reader.out.toString();
  }

  private void item(int initial, int depth, ByteStringForm form, String key)
      throws BadCborException {
    if (depth > MAX_DEPTH) {
      throw new BadCborException("nested deeper than " + MAX_DEPTH);
    }
    int info = initial & 0x1f;
    switch (initial >> 5) {
      case 0 -> out.append(Long.toUnsignedString(argument(info)));
      case 1 -> negative(argument(info));
      case 2 -> byteString(bytes(info, 2), form, key);
      case 3 -> JsonText.quote(out, text(info));
      case 4 -> array(info, depth, form);
      case 5 -> map(info, depth, form);
      case 6 -> tag(argument(info), depth, form, key);
      default -> simpleOrFloat(info);
    }
  }

  private void negative(long argument) {
    // -1 - n, where n may need all 64 bits.
    if (argument >= 0) {
      out.append(-1 - argument);
    } else {
      out.append(unsigned(argument).not());
    }
  }

  private void byteString(byte[] bytes, ByteStringForm form, String key) {
    // OIC 1.0 sends these identifiers as 16 bytes where its schema has a UUID.
    boolean uuid = bytes.length == UUID_LENGTH && UUID_KEYS.contains(key);
    JsonText.quote(out, uuid ? uuid(bytes) : form.encode(bytes));
  }

  private static String uuid(byte[] bytes) {
    ByteBuffer halves = ByteBuffer.wrap(bytes);
    return new UUID(halves.getLong(), halves.getLong()).toString();
  }

  private void array(int info, int depth, ByteStringForm form) throws BadCborException {
    out.append('[');
    long left = info == INDEFINITE ? Long.MAX_VALUE : count(info);
    String separator = "";
    for (; left > 0; left--) {
      int initial = next();
      if (initial == BREAK && info == INDEFINITE) {
        break;
      }
      out.append(separator);
      separator = ",";
      item(initial, depth + 1, form, "");
    }
    out.append(']');
  }

  private void map(int info, int depth, ByteStringForm form) throws BadCborException {
    out.append('{');
    long left = info == INDEFINITE ? Long.MAX_VALUE : count(info);
    Set<String> keys = new HashSet<>();
    String separator = "";
    for (; left > 0; left--) {
      int initial = next();
      if (initial == BREAK && info == INDEFINITE) {
        break;
      }
      String key = key(initial);
      if (!keys.add(key)) {
        throw new BadCborException("map key " + JsonText.quoted(key) + " stands twice");
      }
      out.append(separator);
      separator = ",";
      JsonText.quote(out, key);
      out.append(':');
      item(next(), depth + 1, form, key);
    }
    out.append('}');
  }

  private String key(int initial) throws BadCborException {
    int info = initial & 0x1f;
    return switch (initial >> 5) {
      case 0 -> Long.toUnsignedString(argument(info));
      case 1 -> unsigned(argument(info)).not().toString();
      case 3 -> text(info).toString();
      default -> throw new BadCborException("map key is neither text nor an integer");
    };
  }

  private void tag(long tag, int depth, ByteStringForm form, String key) throws BadCborException {
    int initial = next();
    if (tag == 2 || tag == 3) {
      bignum(initial, tag == 3);
      return;
    }
    // 21 to 23 announce how the byte strings within look in JSON (RFC 8949 section 3.4.5.2).
    ByteStringForm inside =
        tag == 21
            ? ByteStringForm.BASE64URL
            : tag == 22 ? ByteStringForm.BASE64 : tag == 23 ? ByteStringForm.HEX : form;
    item(initial, depth + 1, inside, key);
  }

  private void bignum(int initial, boolean negative) throws BadCborException {
    if (initial >> 5 != 2) {
      throw new BadCborException("bignum is not a byte string");
    }
    byte[] bytes = bytes(initial & 0x1f, 2);
    BigInteger magnitude = new BigInteger(1, bytes);
    if (magnitude.bitLength() <= Long.SIZE) {
      out.append(negative ? magnitude.not() : magnitude);
    } else {
      JsonText.quote(out, (negative ? "~" : "") + ByteStringForm.BASE64URL.encode(bytes));
    }
  }

  private void simpleOrFloat(int info) throws BadCborException {
    switch (info) {
      case 20 -> out.append("false");
      case 21 -> out.append("true");
      case 24 -> {
        if (next() < 32) {
          throw new BadCborException("simple value is not in its short form");
        }
        out.append("null");
      }
      case 25 -> CborFloat.printHalf(out, need(2).getShort());
      case 26 -> CborFloat.print(out, need(4).getFloat());
      case 27 -> CborFloat.print(out, need(8).getDouble());
      case 28, 29, 30 -> throw reserved(info);
      case INDEFINITE -> throw new BadCborException("break outside an indefinite-length item");
      // null, undefined, and simple values that have no meaning here
      default -> out.append("null");
    }
  }

  private CharSequence text(int info) throws BadCborException {
    if (info != INDEFINITE) {
      return decode(length(info));
    }
    StringBuilder whole = new StringBuilder();
    for (int initial = next(); initial != BREAK; initial = next()) {
      // Each chunk is valid UTF-8 of its own (RFC 8949 section 3.2.3).
      whole.append(decode(chunk(initial, 3)));
    }
    return whole;
  }

  private CharSequence decode(int length) throws BadCborException {
    ByteBuffer slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return utf8.decode(slice);
    } catch (CharacterCodingException e) {
      throw new BadCborException("text string is not UTF-8");
    }
  }

  private byte[] bytes(int info, int major) throws BadCborException {
    if (info != INDEFINITE) {
      byte[] bytes = new byte[length(info)];
      in.get(bytes);
      return bytes;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int initial = next(); initial != BREAK; initial = next()) {
      byte[] bytes = new byte[chunk(initial, major)];
      in.get(bytes);
      whole.writeBytes(bytes);
    }
    return whole.toByteArray();
  }

  private int chunk(int initial, int major) throws BadCborException {
    if (initial >> 5 != major || (initial & 0x1f) == INDEFINITE) {
      throw new BadCborException("chunk of an indefinite-length string has another type");
    }
    return length(initial & 0x1f);
  }

  private int length(int info) throws BadCborException {
    long length = argument(info);
    if (length < 0 || length > in.remaining()) {
      throw truncated();
    }
    return (int) length;
  }

  private long count(int info) throws BadCborException {
    long count = argument(info);
    // Each element takes a byte at least, so a greater number can't be true.
    if (count < 0 || count > in.remaining()) {
      throw truncated();
    }
    return count;
  }

  private long argument(int info) throws BadCborException {
    if (info < 24) {
      return info;
    }
    return switch (info) {
      case 24 -> next();
      case 25 -> need(2).getShort() & 0xffff;
      case 26 -> need(4).getInt() & 0xffff_ffffL;
      case 27 -> need(8).getLong();
      default -> throw reserved(info);
    };
  }

  private int next() throws BadCborException {
    return need(1).get() & 0xff;
  }

  private ByteBuffer need(int bytes) throws BadCborException {
    if (in.remaining() < bytes) {
      throw truncated();
    }
    return in;
  }

  private static BigInteger unsigned(long bits) {
    return new BigInteger(Long.toUnsignedString(bits));
  }

  private static BadCborException truncated() {
    return new BadCborException("the data item is cut off");
  }

  private static BadCborException reserved(int info) {
    return new BadCborException("additional information " + info + " is not allowed here");
  }
}
