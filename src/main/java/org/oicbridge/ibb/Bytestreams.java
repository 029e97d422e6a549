package org.oicbridge.ibb;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All bytestreams of one shard, opening ones included. */
final class Bytestreams {
  private static final Logger LOG = LoggerFactory.getLogger(Bytestreams.class);
  private static final int FAULTS_LOGGED_PER_SECOND = 10;

  private final Vertx vertx;
  private final IbbConfig config;
  private final Wire wire;
  private final IbbMetrics metrics;
  private final Map<Long, Bytestream> byNumber = new HashMap<>();
  private final Map<Jid, Map<Jid, Map<String, Bytestream>>> bySession = new HashMap<>();
  private final Map<Jid, LinkEvent.State> links = new HashMap<>();
  private final RateLimit faultsLogged = new RateLimit(FAULTS_LOGGED_PER_SECOND, System::nanoTime);
  private long lastNumber;

  Bytestreams(Vertx vertx, IbbConfig config, Wire wire, IbbMetrics metrics) {
    this.vertx = vertx;
    this.config = config;
    this.wire = wire;
    this.metrics = metrics;
  }

  Vertx vertx() {
    return vertx;
  }

  IbbConfig config() {
    return config;
  }

  Wire wire() {
    return wire;
  }

  IbbMetrics metrics() {
    return metrics;
  }

  /** Registers a stream that a peer wants to open. */
  Bytestream theirs(Ibb.Open open) {
    StreamKey key = StreamKey.of(open, open.sid());
    return add(
        new Bytestream(this, key, ++lastNumber, Role.RESPONDER, open.blockSize(), open.carrier()));
  }

  /**
   * Registers a stream of our own. It travels in messages, as OIC Remote Access section 7.3.1 has
   * it.
   */
  Bytestream ours(Jid session, Jid peer, int blockSize) {
    StreamKey key = new StreamKey(session, peer, wire.sid(++lastNumber));
    return add(
        new Bytestream(this, key, lastNumber, Role.REQUESTER, blockSize, Ibb.Carrier.MESSAGE));
  }

  private Bytestream add(Bytestream stream) {
    StreamKey key = stream.key();
    byNumber.put(stream.number(), stream);
    bySession
        .computeIfAbsent(key.session(), session -> new HashMap<>())
        .computeIfAbsent(key.peer(), peer -> new LinkedHashMap<>())
        .put(key.sid(), stream);
    metrics.streamRegistered(stream.role());
    return stream;
  }

  /** Asks the peer to open a stream of ours. */
  void requestOpen(Bytestream stream) {
    StreamKey key = stream.key();
    wire.send(
        new Ibb.Open(
            key.session(),
            key.peer(),
            wire.id(stream.number()),
            key.sid(),
            stream.blockSize(),
            Ibb.Carrier.MESSAGE));
  }

  /** The stream of these two parties with this sid. */
  Optional<Bytestream> find(StreamKey key) {
    return Optional.ofNullable(of(key.session(), key.peer()).get(key.sid()));
  }

  /**
   * The stream that an answer or a bounce belongs to: by the id of the stanza that it answers, or
   * else by the sid that it names. Whoever it is from can only mean a stream of their own.
   */
  Optional<Bytestream> find(Ibb answer, String sid) {
    OptionalLong number = wire.streamOf(answer.id());
    if (number.isPresent()) {
      return Optional.ofNullable(byNumber.get(number.getAsLong()))
          .filter(stream -> stream.key().session().equals(answer.session()))
          .filter(stream -> stream.key().peer().equals(answer.peer()));
    }
    return sid == null ? Optional.empty() : find(StreamKey.of(answer, sid));
  }

  private Map<String, Bytestream> of(Jid session, Jid peer) {
    return bySession.getOrDefault(session, Map.of()).getOrDefault(peer, Map.of());
  }

  private List<Bytestream> of(Jid session) {
    List<Bytestream> all = new ArrayList<>();
    bySession.getOrDefault(session, Map.of()).values().forEach(some -> all.addAll(some.values()));
    return all;
  }

  /** Makes sure that a peer may open one stream more, giving up one that lies idle if need be. */
  boolean roomFor(Jid session, Jid peer, int sessionLimit) {
    return room(List.copyOf(of(session, peer).values()), config.maxStreamsPerPeer())
        && room(of(session), sessionLimit);
  }

  private boolean room(Collection<Bytestream> candidates, int limit) {
    List<Bytestream> opened =
        candidates.stream()
            .filter(stream -> !stream.hasEnded() && stream.role() == Role.RESPONDER)
            .filter(stream -> !stream.observing())
            .toList();
    if (opened.size() < limit) {
      return true;
    }
    // A peer that vanished without a word must not keep its places for ever.
    Bytestream idlest =
        opened.stream().max(Comparator.comparingLong(Bytestream::idleNanos)).orElseThrow();
    if (idlest.idleNanos() < config.idleTimeout().toNanos()) {
      return false;
    }
    end(idlest, Ending.CLOSED_BY_US);
    return true;
  }

  /** True when a peer may observe one resource more; each takes a stream beside the others. */
  boolean roomToObserve(Jid session, Jid peer) {
    return of(session, peer).values().stream().filter(Bytestream::observing).count()
        < config.observationsPerPeer();
  }

  /** Ends a stream, once. */
  void end(Bytestream stream, Ending why) {
    if (byNumber.remove(stream.number()) == null) {
      return;
    }
    StreamKey key = stream.key();
    Map<Jid, Map<String, Bytestream>> peers = bySession.get(key.session());
    Map<String, Bytestream> sids = peers.get(key.peer());
    sids.remove(key.sid());
    if (sids.isEmpty()) {
      peers.remove(key.peer());
    }
    if (peers.isEmpty()) {
      bySession.remove(key.session());
    }
    // A stream that the peer asked for and has no answer to yet is refused, not closed.
    boolean agreed = stream.isOpen() || stream.role() == Role.REQUESTER;
    if (why.tellPeer() && agreed) {
      wire.send(new Ibb.Close(key.session(), key.peer(), wire.id(stream.number()), key.sid()));
    }
    metrics.streamEnded(stream.role(), why.cause());
    stream.ended(why);
  }

  /** Takes note of how the way to the server of a session is. */
  void linkChanged(LinkEvent event) {
    if (event.state() == LinkEvent.State.OPEN) {
      links.remove(event.session());
      of(event.session()).forEach(Bytestream::flows);
    } else {
      links.put(event.session(), event.state());
    }
  }

  /** True when what is sent now would only wait. */
  boolean held(Jid session) {
    return links.containsKey(session);
  }

  /** True when the server takes less than it is sent, so that no more answers are to be made. */
  boolean full(Jid session) {
    return links.get(session) == LinkEvent.State.FULL;
  }

  /** Ends all streams of a session that went down. */
  void sessionLost(Jid session) {
    links.remove(session);
    of(session).forEach(stream -> end(stream, Ending.SESSION_LOST));
  }

  /** Ends all streams of a peer that became unavailable. */
  void peerGone(Jid session, Jid peer) {
    List.copyOf(of(session, peer).values()).forEach(stream -> end(stream, Ending.PEER_GONE));
  }

  /** Closes everything. */
  void stop() {
    List.copyOf(byNumber.values()).forEach(stream -> end(stream, Ending.STOPPED));
    metrics.close();
  }

  /** Tells the operator what a peer did wrong, but not at any rate that the peer likes. */
  void logFault(Bytestream stream, String why) {
    if (faultsLogged.permits()) {
      StreamKey key = stream.key();
      LOG.info("closing bytestream {} of {} to {}: {}", key.sid(), key.peer(), key.session(), why);
    }
  }
}
