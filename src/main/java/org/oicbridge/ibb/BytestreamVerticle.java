package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.Jid;

/**
 * CRUDN over in-band bytestreams for the sessions of one shard, in both roles (OIC Remote Access
 * section 7.3.1, XEP-0047): answers what peers ask of our devices, and {@link Contracts#REMOTE}.
 *
 * <p>To be deployed before any session of its shard is opened, since one counts as down until its
 * event says otherwise, and undeployed before the XMPP verticle, so that its streams are closed.
 */
public final class BytestreamVerticle extends VerticleBase {
  private final int shard;
  private final IbbConfig config;
  private final Duration defaultDeadline;
  private final Sessions sessions = new Sessions();
  private Bytestreams streams;
  private Requester requester;
  private RemoteObservations observations;

  /**
   * A verticle for one shard.
   *
   * @param shard which one, from 0
   * @param config the limits of bytestreams
   * @param defaultDeadline for a request of a peer that names none, and for a peer to answer an
   *     open; 1 s to 300 s
   */
  public BytestreamVerticle(int shard, IbbConfig config, Duration defaultDeadline) {
    this.shard = shard;
    this.config = config;
    this.defaultDeadline = defaultDeadline;
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    IbbMetrics metrics = new IbbMetrics(shard);
    streams = new Bytestreams(vertx, config, new Wire(bus, shard, metrics), metrics);
    Admissions admissions = new Admissions(bus, shard, defaultDeadline);
    RestMapping mapping = new RestMapping(defaultDeadline, InstantSource.system());
    Responder responder = new Responder(bus, shard, mapping, metrics);
    requester = new Requester(streams, sessions, admissions, responder, mapping, defaultDeadline);
    observations =
        new RemoteObservations(bus, shard, streams, sessions, requester, mapping, defaultDeadline);
    StanzaHandler stanzas =
        new StanzaHandler(streams, new StreamAcceptor(streams, admissions, responder));
    List<MessageConsumer<?>> consumers =
        List.of(
            Contracts.SESSION.listen(bus, shard, this::session),
            Contracts.LINK.listen(bus, shard, this::link),
            Contracts.PRESENCE.listen(bus, shard, this::presence),
            Contracts.IBB_IN.listen(bus, shard, stanzas::handle),
            Contracts.REMOTE.serve(bus, shard, requester::request),
            Contracts.OBSERVE_REMOTE.serve(bus, shard, observations::observe),
            Contracts.FORGET_REMOTE.serve(bus, shard, observations::forget));
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
  }

  private void session(SessionEvent event) {
    switch (event.state()) {
      case ONLINE -> {
        // Online again without having been away: another stream has taken the place of its own.
        if (sessions.isUp(event.jid())) {
          lost(event.jid());
        }
        sessions.up(event.jid());
      }
      case OFFLINE, REFUSED, CLOSED -> lost(event.jid());
    }
  }

  private void link(LinkEvent event) {
    streams.linkChanged(event);
    if (event.state() == LinkEvent.State.OPEN) {
      requester.flows(event.session());
    }
  }

  private void lost(Jid session) {
    sessions.down(session);
    requester.sessionLost(session);
    streams.sessionLost(session);
  }

  private void presence(PeerPresence presence) {
    sessions.presence(presence);
    if (!presence.available()) {
      requester.peerGone(presence.session(), presence.peer());
      streams.peerGone(presence.session(), presence.peer());
    }
  }

  @Override
  public Future<?> stop() {
    requester.stop();
    observations.stop();
    streams.stop();
    return Future.succeededFuture();
  }
}
