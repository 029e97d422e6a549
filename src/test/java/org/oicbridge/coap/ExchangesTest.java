package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.stack.BlockwiseTransferException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;

/** What Californium reports of an exchange, and what becomes of it. */
@Timeout(20)
class ExchangesTest {
  private final Vertx vertx = Vertx.vertx();
  private final CoapConfig config =
      new CoapConfig("127.0.0.1", 1, 1, Duration.ofSeconds(2), 4, 1024, 10_000, null);
  private Context context;
  private CoapEndpoint endpoint;
  private DatagramSocket silent;

  @BeforeEach
  void start() throws Exception {
    silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    context = vertx.getOrCreateContext();
    var socket =
        UdpChannel.bind(vertx, "127.0.0.1", 0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    endpoint =
        EndpointFactory.endpoint(config, socket, ((ContextInternal) context).nettyEventLoop());
    endpoint.start();
  }

  @AfterEach
  void stop() throws Exception {
    endpoint.destroy();
    silent.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private static Arguments report(int status, String type, Consumer<Request> event) {
    return Arguments.of(status, type, event);
  }

  static Stream<Arguments> reports() {
    return Stream.of(
        report(429, "rate-limited", r -> r.setSendError(new IllegalStateException("no MID"))),
        report(503, "device-unreachable", r -> r.setSendError(new IOException("no route"))),
        report(502, "bad-answer", r -> r.setRejected(true)),
        report(504, "device-silent", r -> r.setTimedOut(true)),
        report(504, "outcome-unknown", r -> r.setCanceled(true)),
        report(
            502,
            "answer-too-large",
            r -> r.setOnResponseError(new IllegalStateException("Size2 exceeds"))),
        report(
            502,
            "answer-too-large",
            r ->
                r.setOnResponseError(
                    new BlockwiseTransferException("", ResponseCode.REQUEST_ENTITY_TOO_LARGE))),
        report(
            502, "bad-answer", r -> r.setOnResponseError(new BlockwiseTransferException("gap"))));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("reports")
  void report_endsTheExchangeOnce(int status, String type, Consumer<Request> event)
      throws Exception {
    Request request = Request.newGet();
    InetSocketAddress peer =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort());
    Promise<CrudnResponse> outcome = Promise.promise();
    context.runOnContext(
        nothing -> {
          Exchanges exchanges = new Exchanges(vertx, context, endpoint, config);
          exchanges
              .send(request, peer, Deadline.in(Duration.ofSeconds(10)))
              .onFailure(
                  error -> {
                    assertThat(exchanges.size()).isZero();
                    outcome.complete(((RequestFailed) error).response());
                  });
          assertThat(exchanges.size()).isEqualTo(1);
          event.accept(request);
          // Too late, and not heard.
          request.setResponse(new Response(ResponseCode.CONTENT));
        });

    CrudnResponse response =
        outcome.future().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    assertThat(response.status().code()).isEqualTo(status);
    assertThat(response.problem().type()).isEqualTo(type);
  }
}
