package org.oicbridge.envelope;

import java.util.List;

/**
 * Reads the {@code <rest>} documents of one direction of one bytestream from its blocks. A document
 * may span blocks and a block may hold several. Not thread-safe; holds at most one document.
 */
public final class EnvelopeReader {
  private final int messageLimit;

  /**
   * A reader before its first block.
   *
   * @param messageLimit longest JSON body in bytes of UTF-8; a whole document may be twice as long
   */
  public EnvelopeReader(int messageLimit) {
    this.messageLimit = messageLimit;
  }

  /**
   * Reads the next block.
   *
   * @return all envelopes that this block completed, in order
   * @throws EnvelopeException when the stream must be closed; from then on every call throws it
   */
  public List<Envelope> feed(byte[] block) throws EnvelopeException {
    if (block.length > messageLimit) {
      throw new EnvelopeException("over " + messageLimit + " bytes");
    }
    return List.of();
  }

  /** True while a document is incomplete. */
  public boolean inMessage() {
    return false;
  }

  /** True when the last document was encoded in base64 twice. */
  public boolean doubleEncoded() {
    return false;
  }
}
