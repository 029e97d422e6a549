package org.oicbridge.ibb;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;

/**
 * Cuts messages into the numbered blocks of one direction of a stream. A block never holds parts of
 * two messages, so a message that fits the block size travels in one stanza (OIC Remote Access
 * section 7.3.1), and the blocks of a longer one follow each other.
 */
final class Chunker {
  /**
   * One block.
   *
   * @param seq 0 to 65535
   * @param base64 its bytes as they stand in the stanza
   * @param size how many bytes that is before base64
   * @param last whether a message ends with it
   */
  record Block(int seq, String base64, int size, boolean last) {}

  private final int blockSize;
  private final Deque<byte[]> messages = new ArrayDeque<>();
  private int offset;
  private int seq;

  Chunker(int blockSize) {
    this.blockSize = blockSize;
  }

  /** Appends a message, which is not empty. */
  void add(byte[] message) {
    messages.add(message);
  }

  /** True when there is a block to send. */
  boolean hasNext() {
    return !messages.isEmpty();
  }

  /** The next block to send. */
  Block next() {
    byte[] message = messages.element();
    int to = Math.min(message.length, offset + blockSize);
    boolean last = to == message.length;
    byte[] bytes = offset == 0 && last ? message : Arrays.copyOfRange(message, offset, to);
    Block block = new Block(seq, Base64.getEncoder().encodeToString(bytes), bytes.length, last);
    // XEP-0047 section 2.2: a 16-bit counter that wraps.
    seq = seq + 1 & 0xffff;
    offset = last ? 0 : to;
    if (last) {
      messages.remove();
    }
    return block;
  }
}
