package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.http.ApiServer.ALICE;
import static org.oicbridge.http.ImportClient.line;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.DeviceOutcomes;
import org.oicbridge.bus.PutDevices;

@Timeout(60)
class DeviceImportTest {
  private static final String PATH = "/api/v1/devices";
  private static final String LINES = "Content-Type: application/x-ndjson";
  private ApiServer server;

  @BeforeEach
  void start() {
    server = ApiServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** The lines of an answer to a whole import. */
  private static List<JsonObject> results(RawHttp.Reply reply) {
    String body = reply.body();
    StringBuilder text = new StringBuilder();
    while (true) {
      int end = body.indexOf("\r\n");
      int length = Integer.parseInt(body.substring(0, end), 16);
      if (length == 0) {
        return text.toString().lines().map(JsonObject::new).toList();
      }
      text.append(body, end + 2, end + 2 + length);
      body = body.substring(end + 4 + length);
    }
  }

  private static List<Integer> numbers(List<JsonObject> results) {
    return results.stream().map(result -> result.getInteger("line")).toList();
  }

  private static List<Integer> statuses(List<JsonObject> results) {
    return results.stream().map(result -> result.getInteger("status")).toList();
  }

  @Test
  void answer_hasALineForEachLine() throws Exception {
    RawHttp.Reply reply = server.send("POST", PATH, line("a1") + line("A2") + line("a1"), LINES);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(reply.header("Transfer-Encoding")).isEqualTo("chunked");
    List<JsonObject> results = results(reply);
    assertThat(results.get(0))
        .isEqualTo(
            new JsonObject()
                .put("line", 1)
                .put("di", "a1")
                .put("account", ALICE)
                .put("status", 201));
    assertThat(numbers(results)).containsExactly(1, 2, 3);
    assertThat(statuses(results)).containsExactly(201, 201, 200);
    assertThat(server.hosting.next(PutDevices.class).entries()).hasSize(3);
  }

  @Test
  void badLine_stopsNobodyElse() {
    String body =
        line("a1")
            + "\n  \r\n"
            + "{\"di\":\n"
            + "{\"di\":\"a_b\",\"account\":\"x\",\"endpoint\":\"coap://h\",\"psk\":\"topsecret\"}\n"
            + line("a2").replace("alice", "nobody")
            + "[]\r\n"
            + line("a3").replace("\n", "");
    List<JsonObject> results = results(server.send("POST", PATH, body, LINES));

    assertThat(numbers(results)).containsExactly(1, 4, 5, 6, 7, 8);
    assertThat(statuses(results)).containsExactly(201, 400, 400, 404, 400, 201);
    assertThat(results.get(1).getString("type")).isEqualTo("urn:oic-bridge:problem:invalid-json");
    assertThat(results.get(1).getString("detail")).startsWith("the line is");
    assertThat(results.get(2).getString("type")).isEqualTo("urn:oic-bridge:problem:invalid-member");
    assertThat(results.get(2).getString("detail"))
        .contains("member di is", "member account is", "member psk is")
        .doesNotContain("topsecret");
    assertThat(results.get(3))
        .isEqualTo(
            new JsonObject()
                .put("line", 6)
                .put("di", "a2")
                .put("account", "nobody@example.org")
                .put("status", 404)
                .put("type", "urn:oic-bridge:problem:account-unknown")
                .put("detail", "no such account"));
    assertThat(results.get(4).getString("detail")).startsWith("the line is an array");
  }

  @Test
  void line_thatIsTooLongIsRefusedAlone() throws Exception {
    try (ImportClient client = new ImportClient(server.port())) {
      String longest = line("a1").replace("}\n", " ".repeat(65_536 - line("a1").length() + 1));
      client.send(longest + "}\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      assertThat(client.result().getInteger("status")).isEqualTo(201);

      client.send(line("a2").replace("}\n", " ".repeat(65_536)));
      for (int i = 0; i < 64; i++) {
        client.send("x".repeat(16_384));
      }
      client.send("}\n" + line("a3"));
      JsonObject refused = client.result();
      assertThat(refused.getInteger("line")).isEqualTo(2);
      assertThat(refused.getInteger("status")).isEqualTo(413);
      assertThat(refused.getString("type")).isEqualTo("urn:oic-bridge:problem:line-too-long");
      assertThat(client.result().getInteger("status")).isEqualTo(201);
      client.end();
      assertThat(client.result()).isNull();
    }
  }

  @Test
  void results_comeBeforeTheNextGroupIsSent() throws Exception {
    try (ImportClient client = new ImportClient(server.port())) {
      StringBuilder fifty = new StringBuilder();
      IntStream.range(0, 50).forEach(i -> fifty.append(line("first-" + i)));
      client.send(fifty.toString());
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      for (int i = 1; i <= 50; i++) {
        assertThat(client.result().getInteger("line")).isEqualTo(i);
      }
      client.send(line("second").substring(0, 20));
      client.send(line("second").substring(20));
      assertThat(client.result().getString("di")).as("after a pause").isEqualTo("second");
      client.end();
      assertThat(client.result()).isNull();
    }
    assertThat(server.hosting.next(PutDevices.class).entries()).hasSize(50);
    assertThat(server.hosting.next(PutDevices.class).entries()).hasSize(1);
  }

  @Test
  void result_waitsForItsCommit() throws Exception {
    Promise<DeviceOutcomes> commit = Promise.promise();
    CompletableFuture<PutDevices> asked = new CompletableFuture<>();
    server.hosting.group =
        question -> {
          asked.complete(question);
          return commit.future();
        };
    try (ImportClient client = new ImportClient(server.port())) {
      client.send(line("a1"));
      asked.join();
      client.send(line("a2"));
      client.end();
      // What another request gets is later than what the import would have sent.
      assertThat(server.get("/livez").status()).isEqualTo(200);
      assertThat(client.socket.getInputStream().available()).isZero();
      assertThat(server.hosting.asked).hasSize(1);

      server.hosting.group = question -> Future.succeededFuture(server.hosting.put(question));
      commit.complete(server.hosting.put(asked.join()));
      client.head();
      assertThat(client.result().getString("di")).isEqualTo("a1");
      assertThat(client.result().getString("di")).isEqualTo("a2");
      assertThat(client.result()).isNull();
    }
  }

  @Test
  void tenThousandLines_areCommittedOneGroupAfterTheOther() throws Exception {
    AtomicInteger outstanding = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger largest = new AtomicInteger();
    server.hosting.group =
        question -> {
          server.hosting.asked.clear();
          most.accumulateAndGet(outstanding.incrementAndGet(), Math::max);
          largest.accumulateAndGet(question.entries().size(), Math::max);
          Promise<DeviceOutcomes> done = Promise.promise();
          server.vertx.runOnContext(
              later -> {
                outstanding.decrementAndGet();
                DeviceOutcomes outcomes = server.hosting.put(question);
                server.devices.clear();
                done.complete(outcomes);
              });
          return done.future();
        };
    try (ImportClient client = new ImportClient(server.port())) {
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < 10_000; i += 100) {
                    StringBuilder lines = new StringBuilder();
                    IntStream.range(i, i + 100).forEach(n -> lines.append(line("d" + n)));
                    client.send(lines.toString());
                  }
                  client.end();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      client.head();
      for (int i = 0; i < 10_000; i++) {
        JsonObject result = client.result();
        assertThat(result.getInteger("line")).isEqualTo(i + 1);
        assertThat(result.getString("di")).isEqualTo("d" + i);
        assertThat(result.getInteger("status")).isEqualTo(201);
      }
      assertThat(client.result()).isNull();
      sent.join();
    }
    assertThat(most).as("groups at the same time").hasValue(1);
    assertThat(largest).as("lines in a group").hasValue(50);
  }

  @Test
  void request_isPausedWhileAGroupCommits() throws Exception {
    CompletableFuture<PutDevices> asked = new CompletableFuture<>();
    server.hosting.group =
        question -> {
          asked.complete(question);
          return Promise.<DeviceOutcomes>promise().future();
        };
    int port = deployIdle(Duration.ofSeconds(10));
    try (ImportClient client = new ImportClient(port)) {
      client.send(line("a1"));
      asked.join();
      // What is not read fills the sockets, and the server ends what has been idle for a second.
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  client.send("x".repeat(16_384) + "\n");
                }
              })
          .as("sending 32 MB while a group commits")
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void import_outlastsTheDeadlineOfARequest() throws Exception {
    try (ApiServer hasty = new ApiServer()) {
      hasty.deploy(ApiServer.config(), Duration.ofMillis(150), 1);
      hasty.serveDevices();
      try (ImportClient client = new ImportClient(hasty.port())) {
        client.send(line("a1"));
        client.head();
        assertThat(client.result().getInteger("status")).isEqualTo(201);
        CompletableFuture<Void> later = new CompletableFuture<>();
        hasty.vertx.setTimer(400, fired -> later.complete(null));
        later.join();
        client.send(line("a2"));
        client.end();
        assertThat(client.result().getInteger("status")).isEqualTo(201);
        assertThat(client.result()).isNull();
      }
    }
  }

  @Test
  void group_whoseOutcomeIsUnknownEndsTheImport() throws Exception {
    try (ApiServer hasty = new ApiServer()) {
      hasty.deploy(ApiServer.config(), Duration.ofMillis(150), 1);
      hasty.serveDevices();
      hasty.hosting.group = question -> Promise.<DeviceOutcomes>promise().future();
      try (ImportClient client = new ImportClient(hasty.port())) {
        client.send(line("a1") + "{\n");
        client.head();
        JsonObject unknown = client.result();
        assertThat(unknown.getInteger("line")).isEqualTo(1);
        assertThat(unknown.getInteger("status")).isEqualTo(504);
        assertThat(unknown.getString("type")).isEqualTo("urn:oic-bridge:problem:deadline");
        assertThat(client.result().getInteger("status")).isEqualTo(400);
        JsonObject last = client.result();
        assertThat(last.containsKey("line")).isFalse();
        assertThat(last.getInteger("status")).isEqualTo(504);
        assertThat(client.result()).isNull();
        assertThat(client.closed()).isTrue();
      }
    }
  }

  @Test
  void hosting_thatIsNotThereIs503() throws Exception {
    try (ApiServer alone = new ApiServer()) {
      alone.deploy(ApiServer.config(), Duration.ofSeconds(10), 1);
      try (ImportClient client = new ImportClient(alone.port())) {
        client.send(line("a1"));
        client.head();
        assertThat(client.result().getInteger("status")).isEqualTo(503);
        assertThat(client.result().getString("type")).isEqualTo("urn:oic-bridge:problem:stopping");
        assertThat(client.result()).isNull();
      }
    }
  }

  @Test
  void caller_whoLeavesDoesNotStopTheRunningGroup() throws Exception {
    Promise<DeviceOutcomes> commit = Promise.promise();
    CompletableFuture<PutDevices> asked = new CompletableFuture<>();
    server.hosting.group =
        question -> {
          asked.complete(question);
          return commit.future();
        };
    CompletableFuture<Void> closed = new CompletableFuture<>();
    int port = deployIdle(Duration.ofSeconds(10), closed);
    try (ImportClient client = new ImportClient(port)) {
      client.send(line("a1"));
      asked.join();
      client.send(line("a2"));
      client.end();
    }
    closed.join();
    commit.complete(server.hosting.put(asked.join()));
    assertThat(server.get(PATH + "/a1").status()).isEqualTo(200);
    assertThat(server.hosting.asked).as("groups").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n \n"})
  void import_ofNothingIsEmpty(String body) {
    RawHttp.Reply reply = server.send("POST", PATH, body, LINES);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(server.hosting.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Content-Type: application/json",
        "Content-Type: text/plain",
        "Content-Type: application/x-ndjson; charset=latin1",
        "Content-Type: application/x-ndjson\r\nContent-Encoding: gzip"
      })
  void type_thatIsNoneIs415(String header) {
    RawHttp.Reply reply = server.send("POST", PATH, line("a1"), header);
    assertThat(reply.status()).isEqualTo(415);
    assertThat(reply.problem()).isEqualTo("json-required");
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void accept_andQueryAreHonoured() {
    assertThat(server.send("POST", PATH, line("a"), LINES, "Accept: application/json").status())
        .isEqualTo(406);
    assertThat(server.send("POST", PATH + "?account=a@b", line("a"), LINES).status())
        .isEqualTo(400);
    assertThat(server.hosting.asked).isEmpty();
    assertThat(server.send("POST", PATH, line("a"), LINES, "Accept: application/x-ndjson").status())
        .isEqualTo(200);
  }

  @Test
  void guards_standBeforeTheImport() {
    try (ApiServer guarded =
        ApiServer.start(ApiServer.config(ApiServer.TOKEN, List.of(), null, null))) {
      assertThat(guarded.send("POST", PATH, line("a"), LINES).status()).isEqualTo(401);
      assertThat(guarded.send("POST", PATH, line("a"), LINES, "Host: evil.example").status())
          .isEqualTo(421);
      assertThat(guarded.hosting.asked).isEmpty();
    }
  }

  @Test
  void expectContinue_isAnswered() throws Exception {
    try (Socket socket = RawHttp.connect(server.port())) {
      String head =
          RawHttp.text(server.port(), "POST", PATH, "", LINES)
              .replace(
                  "\r\n\r\n",
                  "\r\nContent-Length: "
                      + line("a1").length()
                      + "\r\nExpect: 100-continue\r\n\r\n");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] interim = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue".length());
      assertThat(new String(interim, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100");
      socket.getOutputStream().write(line("a1").getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("HTTP/1.1 200 OK", "\"status\":201");
    }
  }

  private int deployIdle(Duration idle) {
    return deployIdle(idle, new CompletableFuture<>());
  }

  /** Deploys only the import, on a server that ends idle connections and tells of ended ones. */
  private int deployIdle(Duration idle, CompletableFuture<Void> closed) {
    Router router = Router.router(server.vertx);
    router.route().failureHandler(new Problems());
    DeviceImport imports = new DeviceImport(server.vertx.eventBus(), Duration.ofSeconds(10), idle);
    router.post(PATH).handler(imports::handle);
    HttpServer http =
        server
            .vertx
            .createHttpServer(new HttpServerOptions().setIdleTimeout(1))
            .connectionHandler(connection -> connection.closeHandler(end -> closed.complete(null)))
            .requestHandler(router);
    return ApiServer.await(http.listen(0, "127.0.0.1")).actualPort();
  }

  @Test
  void silence_endsTheImport() throws Exception {
    int port = deployIdle(Duration.ofMillis(200));
    try (ImportClient client = new ImportClient(port)) {
      client.send("{\"di\":");
      String head = client.head();
      assertThat(head).startsWith("HTTP/1.1 408 ").contains("application/problem+json");
    }
    try (ImportClient client = new ImportClient(port)) {
      client.send(line("a1"));
      assertThat(client.head()).startsWith("HTTP/1.1 200 ");
      assertThat(client.result().getInteger("status")).isEqualTo(201);
      JsonObject last = client.result();
      assertThat(last.getInteger("status")).isEqualTo(408);
      assertThat(last.getString("type")).isEqualTo("urn:oic-bridge:problem:body-too-slow");
      assertThat(last.containsKey("line")).isFalse();
      assertThat(client.result()).isNull();
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void caller_whoTakesNoAnswerIsReadFromNoMore() throws Exception {
    int port = deployIdle(Duration.ofSeconds(10));
    String lines = ("\"" + "x".repeat(20) + "\"\n").repeat(500);
    try (ImportClient client = new ImportClient(port)) {
      assertThatThrownBy(
              () -> {
                for (int sent = 0; sent < 64_000_000; sent += lines.length()) {
                  client.send(lines);
                }
              })
          .as("sending 64 MB without reading")
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void outcomes_thatDontFitTheLinesEndTheImport() throws Exception {
    server.hosting.group = question -> Future.succeededFuture(new DeviceOutcomes(List.of()));
    try (ImportClient client = new ImportClient(server.port())) {
      client.send(line("a1"));
      client.head();
      assertThat(client.result().getInteger("status")).isEqualTo(500);
      assertThat(client.result().getString("type")).isEqualTo("urn:oic-bridge:problem:internal");
      assertThat(client.result()).isNull();
    }
  }
}
