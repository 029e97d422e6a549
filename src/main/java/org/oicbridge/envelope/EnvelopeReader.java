package org.oicbridge.envelope;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the {@code <rest>} documents of one direction of one bytestream from its blocks. A document
 * may span blocks and a block may hold several, with white space between them. The first byte tells
 * whether the stream is UTF-8, that in base64 once more, or UTF-16 with a byte order mark; it stays
 * so. Not thread-safe; holds at most one document.
 */
public final class EnvelopeReader {
  private static final int MARKUP = 64 << 10;

  private final int messageLimit;
  private Decoder decoder;
  private XmlDocument document;
  private Draft draft;
  private EnvelopeException dead;

  /**
   * A reader before its first block.
   *
   * @param messageLimit longest JSON body in characters, from 1; a longer one becomes an {@link
   *     Envelope.Unreadable} of 413. A whole document may have twice that and 64 KiB in bytes,
   *     beyond which the stream must be closed
   */
  public EnvelopeReader(int messageLimit) {
    this.messageLimit = messageLimit;
  }

  /**
   * Reads the next block.
   *
   * @param block the bytes of the stream; not kept
   * @return all envelopes that this block completed, in order
   * @throws EnvelopeException when the stream must be closed; from then on every call throws it.
   *     Envelopes before the bad place in the same block are lost with it
   */
  public List<Envelope> feed(byte[] block) throws EnvelopeException {
    if (dead != null) {
      throw dead;
    }
    try {
      return read(ByteBuffer.wrap(block));
    } catch (EnvelopeException e) {
      dead = e;
      decoder = null;
      document = null;
      draft = null;
      throw e;
    }
  }

  private List<Envelope> read(ByteBuffer block) throws EnvelopeException {
    if (decoder == null) {
      skipSpace(block);
      if (!block.hasRemaining()) {
        return List.of();
      }
      decoder = Decoder.forFirst(block.get(block.position()));
    }
    List<Envelope> envelopes = new ArrayList<>(1);
    ByteBuffer xml = decoder.decode(block);
    while (xml.hasRemaining()) {
      readDocument(xml, envelopes);
    }
    return envelopes;
  }

  private void readDocument(ByteBuffer xml, List<Envelope> envelopes) throws EnvelopeException {
    if (document == null) {
      skipSpace(xml);
      if (!xml.hasRemaining()) {
        return;
      }
      draft = new Draft(messageLimit);
      document = new XmlDocument(draft, 2L * messageLimit + MARKUP);
    }
    document.read(xml);
    if (document.complete()) {
      envelopes.add(draft.envelope());
      document = null;
      draft = null;
    }
  }

  private static void skipSpace(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      byte b = bytes.get(bytes.position());
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return;
      }
      bytes.get();
    }
  }

  /** True while a document is incomplete. */
  public boolean inMessage() {
    return document != null;
  }

  /** True when the documents are encoded in base64 twice, so that an answer should be, too. */
  public boolean doubleEncoded() {
    return decoder instanceof Base64Decoder;
  }
}
