package org.oicbridge.envelope;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Turns UTF-16 with a byte order mark into UTF-8. The XML declaration is left out because it names
 * the encoding that the document had.
 */
final class Utf16Decoder implements Decoder {
  private static final int LONGEST_DECLARATION = 256;
  private static final String DECLARATION = "<?xml";

  private final CharsetDecoder utf16 = StandardCharsets.UTF_16.newDecoder();
  private byte[] rest = {};
  private StringBuilder start = new StringBuilder();

  @Override
  public ByteBuffer decode(ByteBuffer block) throws EnvelopeException {
    ByteBuffer in = ByteBuffer.allocate(rest.length + block.remaining());
    in.put(rest).put(block).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    CoderResult result = utf16.decode(in, out, false);
    if (result.isError()) {
      throw new EnvelopeException("not UTF-16");
    }
    rest = new byte[in.remaining()];
    in.get(rest);
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(body(out.flip())));
    } catch (CharacterCodingException e) {
      throw new EnvelopeException("not UTF-16");
    }
  }

  /** What follows the XML declaration, nothing while it is not known whether there is one. */
  private CharSequence body(CharBuffer text) throws EnvelopeException {
    if (start == null) {
      return text;
    }
    start.append(text);
    String sofar = start.toString();
    if (sofar.startsWith(DECLARATION)) {
      int end = sofar.indexOf("?>");
      if (end < 0 && start.length() > LONGEST_DECLARATION) {
        throw new EnvelopeException("XML declaration without an end");
      }
      if (end >= 0) {
        start = null;
      }
      return end < 0 ? "" : sofar.substring(end + 2);
    }
    if (DECLARATION.startsWith(sofar)) {
      return "";
    }
    start = null;
    return sofar;
  }
}
