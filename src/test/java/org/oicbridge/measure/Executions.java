package org.oicbridge.measure;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Which updates the devices have carried out, each named by the number in its body. */
final class Executions {
  private final Map<Long, String> executed = new ConcurrentHashMap<>();
  private final Queue<String> twice = new ConcurrentLinkedQueue<>();
  private final AtomicInteger retransmitted = new AtomicInteger();

  /**
   * A device carries out an update.
   *
   * @param message names the CoAP message that asked for it
   */
  void note(long update, String message) {
    String before = executed.putIfAbsent(update, message);
    if (before == null) {
      return;
    }
    if (before.equals(message)) {
      // The same message again, to a device that forgot it when it was restarted: no request of
      // the gateway's, but a retransmission that RFC 7252 section 4.2 asks for.
      retransmitted.incrementAndGet();
    } else {
      twice.add(update + ": " + before + ", then " + message);
    }
  }

  boolean has(long update) {
    return executed.containsKey(update);
  }

  int count() {
    return executed.size();
  }

  /** The updates that the gateway asked for more than once. */
  Queue<String> twice() {
    return twice;
  }

  /** Retransmissions that a restarted device took for something new. */
  int retransmitted() {
    return retransmitted.get();
  }
}
