package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.oicbridge.crudn.Jid;

/**
 * The requests of ours that wait for an answer. An answer counts only if it comes from whom was
 * asked (RFC 6120 section 8.2.3 leaves that open, and clients that did so were deceived).
 */
final class IqRequests {
  /** More than a session has a use for; a flood of presences could ask for any number. */
  private static final int MAX_PENDING = 256;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final TimerWheel timers;
  private final Consumer<Element> out;
  private final Jid self;
  private final long timeoutMillis;
  private final String prefix = "s" + HexFormat.of().toHexDigits(RANDOM.nextLong()) + "-";
  private final Map<String, Pending> pending = new HashMap<>(2);
  private int count;

  /** A request. */
  private record Pending(Jid peer, Promise<Element> answer, TimerWheel.Timer timer) {}

  IqRequests(TimerWheel timers, Consumer<Element> out, Jid self, long timeoutMillis) {
    this.timers = timers;
    this.out = out;
    this.self = self;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * Sends a request of type get.
   *
   * @param peer whom to ask, or null for our own account at the server
   * @return the answer of type result; fails on any other, and when there is none in time
   */
  Future<Element> get(Jid peer, Element query) {
    if (pending.size() >= MAX_PENDING) {
      return Future.failedFuture("too many requests wait for an answer");
    }
    String id = prefix + count++;
    Promise<Element> answer = Promise.promise();
    TimerWheel.Timer timer =
        timers.start(
            timeoutMillis,
            () -> {
              pending.remove(id);
              answer.tryFail("no answer in time");
            });
    pending.put(id, new Pending(peer, answer, timer));
    out.accept(
        Element.named("iq", Element.CLIENT)
            .attribute("type", "get")
            .attribute("id", id)
            .attribute("to", peer == null ? null : peer.toString())
            .child(query)
            .build());
    return answer.future();
  }

  /** Takes an iq of type result or error; false when it answers no request of ours. */
  boolean answered(Element iq, Jid from) {
    String id = iq.attribute("id");
    Pending request = id == null ? null : pending.get(id);
    if (request == null || !isFrom(request.peer, from)) {
      return false;
    }
    pending.remove(id);
    request.timer.cancel();
    if ("result".equals(iq.attribute("type"))) {
      request.answer.complete(iq);
    } else {
      Element error = iq.child("error", Element.CLIENT);
      request.answer.fail(error == null ? "error" : Conditions.of(error, Conditions.STANZAS));
    }
    return true;
  }

  /** Forgets everything, since the stream is gone. */
  void close() {
    for (Pending request : pending.values()) {
      request.timer.cancel();
      request.answer.tryFail("the stream is closed");
    }
    pending.clear();
  }

  /** RFC 6120 section 8.1.2.1: no sender means our own account, which the server speaks for. */
  private boolean isFrom(Jid peer, Jid from) {
    if (peer == null) {
      return from == null || from.equals(self.bare()) || from.equals(self);
    }
    return peer.equals(from) || (from == null && peer.toString().equals(self.domain()));
  }
}
