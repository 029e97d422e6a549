package org.oicbridge.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.oicbridge.xmpp.Element;

/**
 * What a session and its client have of each other's stanzas (XEP-0198 section 4): how many of the
 * client's were handled, and those sent to it that it has not acknowledged yet. Both counts have 32
 * bits without a sign and go on with 0 after the highest.
 */
final class Acknowledgements {
  /** Two presences of each of the most resources that an account may have. */
  static final int MAX_STANZAS = 2 * Resources.MAX_PER_ACCOUNT;

  static final int MAX_BYTES = 8 << 20;

  /** A link of the chain; a deque would keep the room of its longest time in every idle session. */
  private static final class Sent {
    private final Element stanza;
    private final int bytes;
    private Sent next;

    Sent(Element stanza, int bytes) {
      this.stanza = stanza;
      this.bytes = bytes;
    }
  }

  private Sent first;
  private Sent last;
  private int waiting;
  private int waitingBytes;
  private int sentCount;
  private int handledCount;
  private int sinceAsked;

  /** Both counts start with the same number, which is 0 but in tests of the wrap. */
  Acknowledgements(int firstCount) {
    sentCount = firstCount;
    handledCount = firstCount;
  }

  /** How many of the client's stanzas were handled. */
  int handledCount() {
    return handledCount;
  }

  void handled() {
    handledCount++;
  }

  /** How many stanzas were sent to the client. */
  int sentCount() {
    return sentCount;
  }

  /**
   * Counts a stanza that is being sent and keeps it.
   *
   * @param bytes its length as written
   * @return false when too much is unacknowledged already; nothing was counted then
   */
  boolean keep(Element stanza, int bytes) {
    if (waiting == MAX_STANZAS || waitingBytes + bytes > MAX_BYTES) {
      return false;
    }
    Sent sent = new Sent(stanza, bytes);
    if (first == null) {
      first = sent;
    } else {
      last.next = sent;
    }
    last = sent;
    waiting++;
    waitingBytes += bytes;
    sentCount++;
    sinceAsked++;
    return true;
  }

  /**
   * Lets go what the client has acknowledged.
   *
   * @param h what it says to have handled
   * @return false when it was never sent that many, or had acknowledged more before; nothing was
   *     let go then
   */
  boolean acknowledge(int h) {
    int more = h - (sentCount - waiting);
    if (Integer.compareUnsigned(more, waiting) > 0) {
      return false;
    }
    for (int i = 0; i < more; i++) {
      waitingBytes -= first.bytes;
      first = first.next;
    }
    waiting -= more;
    if (first == null) {
      last = null;
    }
    return true;
  }

  /** How many stanzas the client was sent since it was last asked for an acknowledgement. */
  int sinceAsked() {
    return sinceAsked;
  }

  void asked() {
    sinceAsked = 0;
  }

  /** All that is not acknowledged, in the order in which it was sent. */
  void forEach(Consumer<Element> action) {
    for (Sent sent = first; sent != null; sent = sent.next) {
      action.accept(sent.stanza);
    }
  }

  /** Gives what is not acknowledged, in the order in which it was sent, and keeps none of it. */
  List<Element> drain() {
    List<Element> rest = new ArrayList<>(waiting);
    forEach(rest::add);
    acknowledge(sentCount);
    return rest;
  }
}
