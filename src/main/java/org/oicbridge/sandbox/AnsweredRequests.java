package org.oicbridge.sandbox;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The latest answers of a device, for requests that come again (RFC 7252 section 4.5). */
final class AnsweredRequests {
  /** More than one client has under way at a device. */
  static final int MAX = 64;

  /** EXCHANGE_LIFETIME: later the same message id is another request's. */
  private static final long LIFETIME_NANOS = TimeUnit.SECONDS.toNanos(247);

  private record Asked(InetSocketAddress peer, int mid) {}

  private static final class Answer {
    private final byte[] datagram;
    private final long at = System.nanoTime();

    Answer(byte[] datagram) {
      this.datagram = datagram;
    }
  }

  /** Null until there is one: most devices of a fleet are never asked twice in a run. */
  private Map<Asked, Answer> answers;

  /** What was answered to that request, null when it is new. */
  byte[] find(InetSocketAddress peer, int mid) {
    Answer answer = answers == null ? null : answers.get(new Asked(peer, mid));
    return answer == null || System.nanoTime() - answer.at > LIFETIME_NANOS
        ? null
        : answer.datagram;
  }

  void add(InetSocketAddress peer, int mid, byte[] datagram) {
    if (answers == null) {
      answers = new LinkedHashMap<>();
    }
    Asked asked = new Asked(peer, mid);
    // Removed first, so that the one that is replaced is the newest.
    answers.remove(asked);
    answers.put(asked, new Answer(datagram));
    if (answers.size() > MAX) {
      answers.remove(answers.keySet().iterator().next());
    }
  }
}
