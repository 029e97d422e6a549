package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.ObserveDevice;
import org.oicbridge.crudn.CrudnResponse;

/** The observations of devices in one shard. */
final class Relations {
  private final Vertx vertx;
  private final int shard;
  private final RenewalPace pace;
  private final Devices devices;
  private final Map<String, Relation> all = new HashMap<>();

  Relations(Vertx vertx, int shard, RenewalPace pace, Devices devices) {
    this.vertx = vertx;
    this.shard = shard;
    this.pace = pace;
    this.devices = devices;
  }

  /** Asks a device, and keeps the relation if it agrees. Fails as {@link Device#handle} does. */
  Future<CrudnResponse> observe(ObserveDevice wish) {
    String name = wish.observation();
    Relation relation = new Relation(vertx, pace, (response, kind) -> tell(name, response, kind));
    all.put(name, relation);
    return devices
        .at(wish.ask().device())
        .observe(wish.ask().request(), relation)
        .onComplete(
            answer -> {
              if (answer.failed() || answer.result().headers().get("Observe").isEmpty()) {
                all.remove(name, relation);
                relation.end();
              }
            });
  }

  private void tell(String name, CrudnResponse response, Kind kind) {
    if (kind == Kind.LOST || kind == Kind.ENDED) {
      all.remove(name);
    }
    Contracts.OBSERVED.publish(vertx.eventBus(), shard, new Notification(name, response, kind));
  }

  Future<Done> forget(ForgetObservation end) {
    Relation relation = all.remove(end.observation());
    if (relation != null) {
      relation.end();
    }
    return Future.succeededFuture(new Done());
  }
}
