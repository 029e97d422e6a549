package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.lamp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.LoadEvent;
import org.oicbridge.config.HttpConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;

@Timeout(60)
class LoadGuardTest {
  private static final CrudnResponse OK = CrudnResponse.answered(Status.OK, Headers.NONE, "1");

  private ApiServer server;

  @BeforeEach
  void start() {
    server =
        ApiServer.start(
            new HttpConfig(
                "127.0.0.1",
                0,
                null,
                null,
                false,
                null,
                List.of(),
                1024,
                1,
                100,
                java.time.Duration.ofMinutes(1)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void load(boolean overloaded) {
    Contracts.LOAD.publish(server.vertx.eventBus(), Contracts.HOME, new LoadEvent(overloaded));
  }

  private void begin(Socket socket) throws Exception {
    String request = RawHttp.text(server.port(), "GET", lamp("/a"), "");
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    server.received();
  }

  private static void assertRefused(RawHttp.Reply reply) {
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("overloaded");
    assertThat(reply.json().getString("outcome")).isEqualTo("not-sent");
    assertThat(reply.headers()).containsKey("Retry-After");
  }

  @Test
  void shortMemory_refusesAllButHealth() {
    load(true);
    assertRefused(server.get(lamp("/a")));
    assertRefused(server.get("/api/v1/devices"));
    assertRefused(server.send("POST", lamp("/a"), "1", "Content-Type: application/json"));
    assertThat(server.requests).isEmpty();
    for (String path : List.of("/livez", "/readyz", "/metrics")) {
      assertThat(server.get(path).status()).as(path).isEqualTo(200);
    }
    load(false);
    assertThat(server.get(lamp("/a")).status()).isEqualTo(200);
  }

  @Test
  void requestsUnderWay_areBounded() throws Exception {
    Promise<CrudnResponse> answer = Promise.promise();
    server.answer = request -> answer.future();
    try (Socket first = RawHttp.connect(server.port())) {
      begin(first);
      assertRefused(server.get(lamp("/b")));
      assertThat(server.get("/livez").status()).isEqualTo(200);
      answer.complete(OK);
      assertThat(first.getInputStream().readAllBytes()).isNotEmpty();
    }
    assertThat(server.get(lamp("/c")).status()).isEqualTo(200);
  }

  @Test
  void requestOfACallerWhoLeft_isNoLongerUnderWay() throws Exception {
    server.answer = request -> Promise.<CrudnResponse>promise().future();
    try (Socket first = RawHttp.connect(server.port())) {
      begin(first);
    }
    server.answer = request -> Future.succeededFuture(OK);
    RawHttp.Reply reply = server.get(lamp("/b"));
    while (reply.status() == 503) {
      reply = server.get(lamp("/b"));
    }
    assertThat(reply.status()).isEqualTo(200);
  }
}
