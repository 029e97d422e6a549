package org.oicbridge.envelope;

import java.nio.ByteBuffer;

/** Turns the bytes of a stream into the UTF-8 bytes of XML documents, however the blocks fall. */
interface Decoder {
  /** Decodes all that there is of a block; what is cut off at its end waits for the next one. */
  ByteBuffer decode(ByteBuffer block) throws EnvelopeException;

  /** Recognises the encoding of a stream by its first byte that is no white space. */
  static Decoder forFirst(byte first) throws EnvelopeException {
    return switch (first & 0xff) {
      case '<', 0xef -> new Utf8Decoder();
      case 0xfe, 0xff -> new Utf16Decoder();
      // An XML document whose first character is "<" or a byte order mark begins so in base64.
      case 'P', '7' -> new Base64Decoder();
      default ->
          throw new EnvelopeException(
              String.format("a stream begins with byte %02x, expected XML", first & 0xff));
    };
  }
}
