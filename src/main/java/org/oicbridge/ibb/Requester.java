package org.oicbridge.ibb;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.bus.RemoteRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/** Carries CRUDN requests to devices behind XMPP. */
final class Requester implements PeerStreams.Owner {
  private final Bytestreams streams;
  private final Sessions sessions;
  private final Admissions admissions;
  private final Responder responder;
  private final RestMapping mapping;
  private final Duration openTimeout;
  private final BlockSizes blockSizes;
  private final Map<Jid, Map<Jid, PeerStreams>> bySession = new HashMap<>();
  private boolean stopping;

  Requester(
      Bytestreams streams,
      Sessions sessions,
      Admissions admissions,
      Responder responder,
      RestMapping mapping,
      Duration openTimeout) {
    this.streams = streams;
    this.sessions = sessions;
    this.admissions = admissions;
    this.responder = responder;
    this.mapping = mapping;
    this.openTimeout = openTimeout;
    this.blockSizes = new BlockSizes(streams.config().blockSize());
  }

  /** Asks a device; the answer is the device's or says why there is none. Never fails. */
  Future<CrudnResponse> request(RemoteRequest remote) {
    return ask(remote).onSuccess(response -> streams.metrics().request(Role.REQUESTER, response));
  }

  private Future<CrudnResponse> ask(RemoteRequest remote) {
    if (stopping) {
      return Future.succeededFuture(Failures.stopping());
    }
    if (!sessions.isUp(remote.session())) {
      return Future.succeededFuture(Failures.accountOffline());
    }
    return pool(remote.session(), remote.peer()).request(remote.request());
  }

  private PeerStreams pool(Jid session, Jid peer) {
    return bySession
        .computeIfAbsent(session, s -> new HashMap<>())
        .computeIfAbsent(
            peer,
            p ->
                new PeerStreams(
                    new StreamKey(session, peer, ""),
                    streams.vertx(),
                    streams.config().streamsPerPeer(),
                    streams.config().requestsPerStream(),
                    this));
  }

  @Override
  public RequestStream open(PeerStreams pool) {
    Bytestream stream = stream(pool.key().session(), pool.key().peer());
    RequestQueue fromPeer = fromPeer(stream);
    RequestStream request =
        new RequestStream(stream, streams, mapping, fromPeer, pool, openTimeout);
    stream.attach(request);
    streams.requestOpen(stream);
    return request;
  }

  /** Registers a new stream to a peer, with blocks that it is likely to take. */
  Bytestream stream(Jid session, Jid peer) {
    return streams.ours(session, peer, blockSizes.of(peer));
  }

  /** What becomes of the requests that a peer sends on a stream of ours. */
  RequestQueue fromPeer(Bytestream stream) {
    return new RequestQueue(stream, streams, responder, message -> fromPeer(stream.key(), message));
  }

  /** Takes note that a peer wants smaller blocks; false when they are the smallest already. */
  boolean smallerBlocks(Jid peer, int refused) {
    return blockSizes.refused(peer, refused);
  }

  /** A request that a peer sends on a stream of ours is as good as one on its own, if allowed. */
  private Future<Envelope.Response> fromPeer(StreamKey key, Envelope message) {
    return admissions
        .ask(key.session(), key.peer())
        .compose(
            allowed ->
                allowed
                    ? responder.answer(key, message)
                    : Future.succeededFuture(
                        responder.turnAway(
                            message,
                            Status.FORBIDDEN,
                            "access-denied",
                            "you are not let in here")));
  }

  @Override
  public boolean held(PeerStreams pool) {
    return streams.held(pool.key().session());
  }

  /** What is sent in this session goes out again. */
  void flows(Jid session) {
    List.copyOf(bySession.getOrDefault(session, Map.of()).values()).forEach(PeerStreams::pump);
  }

  @Override
  public boolean echoesTokens(PeerStreams pool) {
    return sessions.echoesTokens(pool.key().session(), pool.key().peer());
  }

  @Override
  public boolean smallerBlocks(PeerStreams pool, int refused) {
    return smallerBlocks(pool.key().peer(), refused);
  }

  @Override
  public void emptied(PeerStreams pool) {
    Map<Jid, PeerStreams> pools = bySession.get(pool.key().session());
    if (pools != null && pools.remove(pool.key().peer(), pool) && pools.isEmpty()) {
      bySession.remove(pool.key().session());
    }
  }

  /** What waits for a stream of this session will not get one; what was sent, its stream fails. */
  void sessionLost(Jid session) {
    List.copyOf(bySession.getOrDefault(session, Map.of()).values())
        .forEach(pool -> pool.fail(Failures.accountOffline()));
  }

  /** Likewise for one peer. */
  void peerGone(Jid session, Jid peer) {
    PeerStreams pool = bySession.getOrDefault(session, Map.of()).get(peer);
    if (pool != null) {
      pool.fail(Failures.deviceOffline());
    }
  }

  /** Takes no more requests, and answers those that wait. */
  void stop() {
    stopping = true;
    bySession.values().stream()
        .flatMap(pools -> pools.values().stream())
        .toList()
        .forEach(pool -> pool.fail(Failures.stopping()));
  }
}
