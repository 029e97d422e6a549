package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnResponse;

/** Answers requests to a group after a while, and only when there is something to say. */
final class GroupRequests {
  private static final int LIMIT = 64;

  private final Vertx vertx;
  private final LongSupplier leisure;
  private final CoapConfig config;
  private final Function<OwnRequest, Future<CrudnResponse>> ask;
  private int waiting;

  /**
   * Starts with none.
   *
   * @param leisure for how many milliseconds to put off an answer (RFC 7252 section 8.2)
   * @param ask asks the gateway's own device, never fails
   */
  GroupRequests(
      Vertx vertx,
      LongSupplier leisure,
      CoapConfig config,
      Function<OwnRequest, Future<CrudnResponse>> ask) {
    this.vertx = vertx;
    this.leisure = leisure;
    this.config = config;
    this.ask = ask;
  }

  /**
   * Serves one.
   *
   * @param question makes a question of the message
   * @param send takes the answer, if there is one
   */
  void serve(
      Exchange exchange, Function<OwnMessage, OwnRequest> question, Consumer<Response> send) {
    if (waiting >= LIMIT) {
      silence(exchange);
      return;
    }
    waiting++;
    vertx.setTimer(
        Math.max(1, leisure.getAsLong()),
        id -> {
          waiting--;
          answer(exchange, question, send);
        });
  }

  private void answer(
      Exchange exchange, Function<OwnMessage, OwnRequest> question, Consumer<Response> send) {
    Request request = exchange.getRequest();
    OwnMessage message;
    try {
      message = new OwnMessage(request, config.maxBody());
    } catch (RequestFailed e) {
      silence(exchange);
      return;
    }
    ask.apply(question.apply(message))
        .onSuccess(
            answer -> {
              Response response = OwnAnswer.of(answer, message, config);
              boolean nothing = answer.body() == null || answer.body().equals("[]");
              if (response.isSuccess() && !nothing) {
                send.accept(response);
              } else {
                silence(exchange);
              }
            });
  }

  private static void silence(Exchange exchange) {
    CoapMetrics.served("silent");
    exchange.executeComplete();
  }
}
