package org.oicbridge.xmpp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.bus.SessionEvent;

/** What the sessions of a shard count. */
final class SessionMetrics {
  private final Counter sent = Metrics.counter("oicgw.xmpp.stanzas", "direction", "out");
  private final Counter received = Metrics.counter("oicgw.xmpp.stanzas", "direction", "in");
  private final Counter bytesSent = Metrics.counter("oicgw.xmpp.bytes", "direction", "out");
  private final Counter bytesReceived = Metrics.counter("oicgw.xmpp.bytes", "direction", "in");
  private final Counter resent = Metrics.counter("oicgw.xmpp.resent");
  private final AtomicInteger unacknowledged = new AtomicInteger();
  private final AtomicInteger detached = new AtomicInteger();
  private final Counter reconnects = Metrics.counter("oicgw.xmpp.reconnects");
  private final Map<SessionEvent.State, AtomicInteger> sessions =
      new EnumMap<>(SessionEvent.State.class);

  private final List<Gauge> gauges = new ArrayList<>();

  /** What became of a stream whose connection was lost and that its server might have kept. */
  enum Resumption {
    /** It goes on. */
    RESUMED,
    /** The server had not kept it. */
    FAILED,
    /** There was no connection for longer than it is kept. */
    EXPIRED,
    /** More was to be sent meanwhile than is kept. */
    OVERFLOWED,
    /** Something else came between: it was closed, or its credentials are not good any more. */
    ABANDONED
  }

  /** Why a stanza went no further. */
  enum Dropped {
    /** Its session is down. */
    SESSION_DOWN,
    /** It has no sender, or is not what its name says. */
    MALFORMED,
    /** It pretends to come from someone that its sender is not. */
    FORGED,
    /** It asks for something that is not served. */
    UNSUPPORTED
  }

  SessionMetrics(int shard) {
    for (SessionEvent.State state : SessionEvent.State.values()) {
      String tag = state.name().toLowerCase(Locale.ROOT);
      AtomicInteger count = new AtomicInteger();
      sessions.put(state, count);
      gauges.add(
          Gauge.builder("oicgw.xmpp.sessions", count, AtomicInteger::get)
              .tags("state", tag, "shard", String.valueOf(shard))
              .strongReference(true)
              .register(Metrics.globalRegistry));
    }
    gauge("oicgw.xmpp.unacknowledged", unacknowledged, shard);
    gauge("oicgw.xmpp.detached", detached, shard);
  }

  private void gauge(String name, AtomicInteger value, int shard) {
    gauges.add(
        Gauge.builder(name, value, AtomicInteger::get)
            .tags("shard", String.valueOf(shard))
            .strongReference(true)
            .register(Metrics.globalRegistry));
  }

  /** Takes the gauges away, since whoever comes next registers them anew. */
  void close() {
    gauges.forEach(Metrics.globalRegistry::remove);
  }

  void sent() {
    sent.increment();
  }

  void received() {
    received.increment();
  }

  void sent(int bytes) {
    bytesSent.increment(bytes);
  }

  void received(int bytes) {
    bytesReceived.increment(bytes);
  }

  void reconnecting() {
    reconnects.increment();
  }

  /** So many stanzas more, or less, are sent and not acknowledged. */
  void unacknowledged(int change) {
    unacknowledged.addAndGet(change);
  }

  /** So many stanzas were sent again on a resumed stream. */
  void resent(int stanzas) {
    resent.increment(stanzas);
  }

  /** A session has lost its connection and may get its stream back. */
  void detached() {
    detached.incrementAndGet();
  }

  /** It is not so any more. */
  void resumption(Resumption outcome) {
    detached.decrementAndGet();
    Metrics.counter("oicgw.xmpp.resumptions", "outcome", outcome.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** Logins that are not proven to be good were stopped at one server. */
  void breakerTripped() {
    Metrics.counter("oicgw.xmpp.breaker.trips").increment();
  }

  void dropped(Dropped why) {
    Metrics.counter("oicgw.xmpp.dropped", "reason", why.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** A login was done, or what ended it. */
  void login(String outcome) {
    Metrics.counter("oicgw.xmpp.logins", "outcome", outcome).increment();
  }

  /** A stream that was up has ended. */
  void ended(StreamEnd.Kind kind) {
    Metrics.counter("oicgw.xmpp.stream.ends", "kind", kind.tag()).increment();
  }

  /** A session changed its state; null stands for none, before the first and after the last. */
  void changed(SessionEvent.State from, SessionEvent.State to) {
    if (from != null) {
      sessions.get(from).decrementAndGet();
    }
    if (to != null) {
      sessions.get(to).incrementAndGet();
    }
  }
}
