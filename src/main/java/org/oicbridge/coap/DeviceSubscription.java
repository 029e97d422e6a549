package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.ObserveOwn;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;

/** What one client observes of a device, wherever that is; the router tells what becomes of it. */
final class DeviceSubscription {
  private static final Duration GRACE = Duration.ofMillis(750);

  private final EventBus bus;
  private final String name;
  private MessageConsumer<Notification> consumer;
  private Observation observation;

  /** What was told before the first answer was sent. */
  private Notification waiting;

  /**
   * Prepares one.
   *
   * @param name that no other subscriber in the process has
   */
  DeviceSubscription(EventBus bus, String name) {
    this.bus = bus;
    this.name = name;
  }

  /** Asks; never fails. */
  Future<CrudnResponse> begin(OwnRequest own) {
    consumer = Contracts.NOTIFICATION.listen(bus, name, this::notified);
    return Contracts.OBSERVE_OWN
        .request(
            bus, Contracts.HOME, new ObserveOwn(own, name), own.request().deadline().later(GRACE))
        .otherwise(Contracts::failure);
  }

  /** The first answer was sent; from now on the client can be told more. */
  void established(Observation relation) {
    observation = relation;
    if (waiting != null) {
      tell(waiting);
      waiting = null;
    }
  }

  private void notified(Notification news) {
    if (observation == null) {
      waiting = news;
    } else {
      tell(news);
    }
  }

  private void tell(Notification news) {
    CrudnResponse response = news.response();
    if (news.kind() == Kind.ENDED && response.status().success()) {
      // Said as a success it would look like one more notification.
      response =
          CrudnResponse.answered(
              Status.UNAVAILABLE,
              Headers.NONE,
              "{\"error\":\"the device does not tell any more when this changes\"}");
    }
    // Where a device has something is no place here.
    observation.tell(response.without("Location").without("Observe"));
  }

  /** Nobody wants to know any more. */
  void end() {
    consumer.unregister();
    Contracts.FORGET_OWN.request(
        bus, Contracts.HOME, new ForgetObservation(name), Deadline.in(GRACE));
  }
}
