package org.oicbridge.xmpp;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.oicbridge.bus.Ibb;

/**
 * The stanzas that were sent and that the server has not said to have handled, as they were sent
 * and in their order. It takes a limited number, and a limited number of bytes.
 */
final class Unacknowledged {
  /** What one session may send before the server acknowledges any of it. */
  static final int MAX_STANZAS = 8192;

  /** In bytes; as many as a connection may have in its buffer. */
  static final int MAX_BYTES = 16 << 20;

  /**
   * A stanza.
   *
   * @param mark what to tell when it never reaches its peer, or null when nobody wants to know
   */
  private record Sent(Buffer bytes, Ibb.Unsent mark) {}

  private final Deque<Sent> stanzas = new ArrayDeque<>(1);
  private final int maxStanzas;
  private final int maxBytes;
  private int sent;
  private int bytes;

  /**
   * None yet.
   *
   * @param sent the count to start with, which is 0 on a stream that was just enabled
   * @param maxStanzas most stanzas that it takes
   * @param maxBytes most bytes that it takes
   */
  Unacknowledged(int sent, int maxStanzas, int maxBytes) {
    this.sent = sent;
    this.maxStanzas = maxStanzas;
    this.maxBytes = maxBytes;
  }

  /** Counts one more as sent and keeps it; false, and nothing is done, when it is one too many. */
  boolean add(Buffer stanza, Ibb.Unsent mark) {
    if (stanzas.size() >= maxStanzas || stanza.length() > maxBytes - bytes) {
      return false;
    }
    stanzas.add(new Sent(stanza, mark));
    sent++;
    bytes += stanza.length();
    return true;
  }

  /**
   * Lets go of what the server has handled.
   *
   * @param h how many stanzas it has handled, modulo 2^32
   * @return false, and nothing is done, when it can't have handled that many
   */
  boolean acknowledge(int h) {
    // Modulo 2^32 the open ones are those between h and what was sent.
    int open = sent - h;
    if (Integer.compareUnsigned(open, stanzas.size()) > 0) {
      return false;
    }
    while (stanzas.size() > open) {
      bytes -= stanzas.remove().bytes.length();
    }
    return true;
  }

  void forEach(Consumer<Buffer> action) {
    // A copy, since whoever sends them may find that the stream is gone, and close this.
    List.copyOf(stanzas).forEach(sent -> action.accept(sent.bytes));
  }

  /** The marks of the newest ones, oldest first. */
  List<Ibb.Unsent> marks(int newest) {
    return stanzas.stream()
        .skip(stanzas.size() - newest)
        .map(Sent::mark)
        .filter(Objects::nonNull)
        .toList();
  }

  int size() {
    return stanzas.size();
  }

  /** How many bytes they have together. */
  int bytes() {
    return bytes;
  }

  /** How many stanzas were sent at all, modulo 2^32. */
  int sentCount() {
    return sent;
  }
}
