package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.Optional;
import org.oicbridge.bus.Contracts;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
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

  Responder(EventBus bus, int shard, RestMapping mapping, IbbMetrics metrics) {
    this.bus = bus;
    this.shard = shard;
    this.mapping = mapping;
    this.metrics = metrics;
  }

  /** The answer to a message that is no response. */
  Future<Envelope.Response> answer(StreamKey key, Envelope message) {
    return respond(key, message)
        .map(
            response -> {
              metrics.request(Role.RESPONDER, response);
              return mapping.answer(response, Token.of(message.headers()));
            });
  }

  private Future<CrudnResponse> respond(StreamKey key, Envelope message) {
    if (!(message instanceof Envelope.Request request)) {
      return Future.succeededFuture(unreadable((Envelope.Unreadable) message));
    }
    Optional<CrudnRequest> crudn = mapping.received(key, request);
    if (crudn.isEmpty()) {
      return Future.succeededFuture(
          CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "there is no such device here"));
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
  Envelope.Response tooLarge(Envelope message) {
    return mapping.answer(
        CrudnResponse.answered(Status.CONTENT_TOO_LARGE, Headers.NONE, null),
        Token.of(message.headers()));
  }
}
