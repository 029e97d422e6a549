package org.oicbridge.ibb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.envelope.Envelope;

/**
 * A stream that we opened, with the requests that wait on it for their answers: one without a
 * token, or several with one each. The peer may use the stream for requests of its own.
 */
final class RequestStream implements Conversation {
  /** What becomes of a stream, told to the pool that it belongs to. */
  interface Pool {
    /** It can take requests. */
    void opened(RequestStream stream);

    /** It has room for one request more. */
    void freed(RequestStream stream);

    /** It is gone. */
    void ended(RequestStream stream, Ending why, boolean wasOpen, List<PendingRequest> unanswered);
  }

  private final Bytestream stream;
  private final Bytestreams streams;
  private final RestMapping mapping;
  private final Conversation fromPeer;
  private final Pool pool;
  private final Timer idle;
  private final Timer opening;
  private final Map<String, PendingRequest> byToken = new HashMap<>();
  private PendingRequest single;
  private boolean wasOpen;
  private boolean retired;
  private long sent;
  private long heardAt;

  RequestStream(
      Bytestream stream,
      Bytestreams streams,
      RestMapping mapping,
      Conversation fromPeer,
      Pool pool,
      Duration openTimeout) {
    this.stream = stream;
    this.streams = streams;
    this.mapping = mapping;
    this.fromPeer = fromPeer;
    this.pool = pool;
    this.idle = new Timer(streams.vertx(), streams.config().idleTimeout(), this::closeIfIdle);
    this.opening = new Timer(streams.vertx(), openTimeout, this::close);
    opening.restart();
  }

  int blockSize() {
    return stream.blockSize();
  }

  boolean isOpen() {
    return stream.isOpen();
  }

  /** True when it gets no further requests, since the peer seems not to hear it. */
  boolean isRetired() {
    return retired;
  }

  /** True when it can take a request now. */
  boolean hasRoom(boolean withToken) {
    if (!stream.isOpen() || retired || single != null) {
      return false;
    }
    return withToken ? byToken.size() < streams.config().requestsPerStream() : byToken.isEmpty();
  }

  /** Sends a request. */
  void send(PendingRequest pending, boolean withToken) {
    String token = withToken ? Long.toString(++sent, 36) : null;
    byte[] document = stream.encode(mapping.request(pending.request(), token));
    int limit = streams.config().messageLimit();
    if (document.length > limit) {
      pending.answer(Failures.tooLarge(limit));
      return;
    }
    pending.sentOn(this);
    if (withToken) {
      byToken.put(token, pending);
    } else {
      single = pending;
    }
    stream.send(document);
    pending.endsWith(stream.lastStanza());
  }

  @Override
  public void opened() {
    wasOpen = true;
    opening.stop();
    idle.restart();
    pool.opened(this);
  }

  @Override
  public boolean take(Envelope message) {
    if (!(message instanceof Envelope.Response response)) {
      return fromPeer.take(message);
    }
    PendingRequest pending = match(response);
    if (pending == null) {
      // A late answer, or one that nobody asked for.
      streams.metrics().unmatched(Role.REQUESTER);
      return true;
    }
    pending.answer(mapping.answered(response));
    if (retired && byToken.isEmpty()) {
      close();
    } else {
      pool.freed(this);
    }
    return true;
  }

  private PendingRequest match(Envelope.Response response) {
    heardAt = sent;
    if (single != null) {
      PendingRequest pending = single;
      single = null;
      return pending;
    }
    String token = Token.of(response.headers());
    return token == null ? null : byToken.remove(token);
  }

  /**
   * Gives up on a request whose deadline has passed. Without a token the stream has to end, since a
   * late answer would be taken for the next one.
   */
  void timedOut(PendingRequest pending) {
    if (pending == single) {
      single = null;
      close();
      return;
    }
    long number = forget(pending);
    // Silent since this one was sent: the peer may have lost the stream without our knowing.
    retired |= heardAt < number;
    if (retired && byToken.isEmpty()) {
      close();
    } else {
      pool.freed(this);
    }
  }

  private long forget(PendingRequest pending) {
    for (Map.Entry<String, PendingRequest> entry : byToken.entrySet()) {
      if (entry.getValue() == pending) {
        String token = entry.getKey();
        byToken.remove(token);
        return Long.parseLong(token, 36);
      }
    }
    return 0;
  }

  private void close() {
    streams.end(stream, Ending.CLOSED_BY_US);
  }

  private void closeIfIdle() {
    long left = streams.config().idleTimeout().toNanos() - stream.idleNanos();
    if (left <= 0) {
      close();
    } else {
      idle.restart(left / 1_000_000 + 1);
    }
  }

  @Override
  public boolean idle() {
    return single == null && byToken.isEmpty() && fromPeer.idle();
  }

  @Override
  public void flows() {
    fromPeer.flows();
  }

  @Override
  public void unsent(String stanza) {
    byToken.values().forEach(pending -> pending.unsent(stanza));
    if (single != null) {
      single.unsent(stanza);
    }
  }

  @Override
  public void ended(Ending why) {
    opening.stop();
    idle.stop();
    fromPeer.ended(why);
    List<PendingRequest> unanswered = new ArrayList<>(byToken.values());
    if (single != null) {
      unanswered.add(single);
    }
    byToken.clear();
    single = null;
    pool.ended(this, why, wasOpen, unanswered);
  }
}
