package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/** Answers the requests that peers send, with the router's help. Never fails. */
final class Responder {
  /** The router answers at the deadline and knows why; the bus only catches a defect. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final EventBus bus;
  private final int shard;
  private final RestMapping mapping;
  private final IbbMetrics metrics;
  private final String subscribers = "ibb-" + UUID.randomUUID() + "-";
  private long named;

  Responder(EventBus bus, int shard, RestMapping mapping, IbbMetrics metrics) {
    this.bus = bus;
    this.shard = shard;
    this.mapping = mapping;
    this.metrics = metrics;
  }

  /** The answer to a message that is no response, once and for all. */
  Future<Envelope.Response> answer(StreamKey key, Envelope message) {
    return respond(key, message)
        .map(
            response -> {
              metrics.request(Role.RESPONDER, response);
              // Only who subscribes is told more.
              return mapping.answer(
                  response.without(RestMapping.OBSERVE), Token.of(message.headers()));
            });
  }

  /** True for a retrieve that registers an observation, by 0, or ends it, by 1. */
  boolean observes(Envelope.Request request, String value) {
    return request.operation() == Operation.RETRIEVE
        && request.headers().get(RestMapping.OBSERVE).filter(value::equals).isPresent();
  }

  /** A name that no other subscriber in the process has. */
  String name() {
    return subscribers + Long.toString(++named, 36);
  }

  /** Hears what is told to a subscriber. */
  MessageConsumer<Notification> listen(String subscription, Consumer<Notification> listener) {
    return Contracts.NOTIFICATION.listen(bus, subscription, listener);
  }

  /** Subscribes to what a peer wants to observe. */
  Future<CrudnResponse> subscribe(StreamKey key, Envelope.Request request, String subscription) {
    Optional<CrudnRequest> crudn = mapping.received(key, request);
    Future<CrudnResponse> answer =
        crudn.isEmpty()
            ? Future.succeededFuture(unknown())
            : Contracts.SUBSCRIBE
                .request(
                    bus,
                    shard,
                    new Subscribe(crudn.get(), subscription),
                    crudn.get().deadline().later(GRACE))
                .otherwise(Contracts::failure);
    return answer.onSuccess(response -> metrics.request(Role.RESPONDER, response));
  }

  /** Ends a subscription; nothing waits for that. */
  void unsubscribe(StreamKey key, String subscription) {
    Contracts.UNSUBSCRIBE.request(
        bus, shard, new Unsubscribe(key.session().bare(), subscription), Deadline.in(GRACE));
  }

  /** What a peer is told. */
  Envelope.Response mapped(CrudnResponse response, String token) {
    return mapping.answer(response, token);
  }

  private static CrudnResponse unknown() {
    return CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "there is no such device here");
  }

  private Future<CrudnResponse> respond(StreamKey key, Envelope message) {
    if (!(message instanceof Envelope.Request request)) {
      return Future.succeededFuture(unreadable((Envelope.Unreadable) message));
    }
    Optional<CrudnRequest> crudn = mapping.received(key, request);
    if (crudn.isEmpty()) {
      return Future.succeededFuture(unknown());
    }
    return Contracts.CRUDN
        .request(bus, shard, crudn.get(), crudn.get().deadline().later(GRACE))
        .otherwise(Contracts::failure);
  }

  private static CrudnResponse unreadable(Envelope.Unreadable message) {
    return CrudnResponse.failed(message.status(), "unreadable-request", message.detail());
  }

  /** The answer to a peer that asks too much. */
  Envelope.Response turnAway(Envelope message, Status status, String type, String detail) {
    CrudnResponse response = CrudnResponse.failed(status, type, detail);
    metrics.request(Role.RESPONDER, response);
    return mapping.answer(
        status == Status.TOO_MANY_REQUESTS ? response.with("Retry-After", "1") : response,
        Token.of(message.headers()));
  }

  /** The answer in the place of one that is longer than a message may be. */
  Envelope.Response tooLarge(String token) {
    return mapping.answer(
        CrudnResponse.answered(Status.CONTENT_TOO_LARGE, Headers.NONE, null), token);
  }
}
