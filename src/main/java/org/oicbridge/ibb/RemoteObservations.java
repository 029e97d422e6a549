package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.ObserveRemote;
import org.oicbridge.crudn.CrudnResponse;

/** The observations of devices behind XMPP (OIC Remote Access section 7.3.1). */
final class RemoteObservations {
  private final EventBus bus;
  private final int shard;
  private final Bytestreams streams;
  private final Sessions sessions;
  private final Requester requester;
  private final RestMapping mapping;
  private final Duration openTimeout;
  private final Map<String, RemoteObservation> all = new HashMap<>();
  private boolean stopping;

  RemoteObservations(
      EventBus bus,
      int shard,
      Bytestreams streams,
      Sessions sessions,
      Requester requester,
      RestMapping mapping,
      Duration openTimeout) {
    this.bus = bus;
    this.shard = shard;
    this.streams = streams;
    this.sessions = sessions;
    this.requester = requester;
    this.mapping = mapping;
    this.openTimeout = openTimeout;
  }

  /** Asks a device on a stream of its own, which stays if it agrees. Never fails. */
  Future<CrudnResponse> observe(ObserveRemote wish) {
    if (stopping) {
      return Future.succeededFuture(Failures.stopping());
    }
    if (!sessions.isUp(wish.ask().session())) {
      return Future.succeededFuture(Failures.accountOffline());
    }
    String name = wish.observation();
    RemoteObservation observation =
        new RemoteObservation(
            streams,
            requester,
            mapping,
            wish.ask(),
            openTimeout,
            (response, kind) -> tell(name, response, kind));
    all.put(name, observation);
    return observation
        .begin()
        .onSuccess(
            answer -> {
              streams.metrics().request(Role.REQUESTER, answer);
              if (!observation.lasting()) {
                all.remove(name, observation);
              }
            });
  }

  private void tell(String name, CrudnResponse response, Kind kind) {
    if (kind != Kind.CHANGED) {
      all.remove(name);
    }
    Contracts.OBSERVED.publish(bus, shard, new Notification(name, response, kind));
  }

  Future<Done> forget(ForgetObservation end) {
    RemoteObservation observation = all.remove(end.observation());
    if (observation != null) {
      observation.end();
    }
    return Future.succeededFuture(new Done());
  }

  /** Begins no more, and ends those there are. */
  void stop() {
    stopping = true;
    List.copyOf(all.values()).forEach(RemoteObservation::end);
    all.clear();
  }
}
