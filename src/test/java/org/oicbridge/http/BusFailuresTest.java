package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.ALICE;
import static org.oicbridge.http.ApiServer.LAMP;
import static org.oicbridge.http.ApiServer.lamp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.DeviceOutcomes;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

@Timeout(60)
class BusFailuresTest {
  private static final List<String> TARGETS =
      List.of("/api/v1/devices", "/api/v1/devices/" + LAMP, lamp("/a"));
  private final ApiServer server = new ApiServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private void deploy(Duration deadline) {
    server.deploy(ApiServer.config(), deadline, 1);
    server.add(ALICE, LAMP);
  }

  @Test
  void nobodyServing_is503() {
    deploy(Duration.ofSeconds(10));
    for (String target : TARGETS) {
      RawHttp.Reply reply = server.get(target);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.problem()).isEqualTo("stopping");
      assertThat(reply.header("Retry-After")).isEqualTo("5");
    }
  }

  @Test
  void noRouter_is503NamingTheAccount() {
    deploy(Duration.ofSeconds(10));
    server.serveDevices();
    RawHttp.Reply reply = server.get(lamp("/a"));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("stopping");
    assertThat(reply.json().getString("device")).isEqualTo(LAMP);
    assertThat(reply.json().getString("account")).isEqualTo(ALICE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void oneSilentShard_is504(int silent) {
    deploy(Duration.ofMillis(200));
    server.hosting.serve(server.vertx.eventBus());
    for (int shard = 0; shard < ApiServer.SHARDS; shard++) {
      Future<DeviceList> answer =
          shard == silent
              ? Promise.<DeviceList>promise().future()
              : Future.succeededFuture(new DeviceList(List.of()));
      Contracts.DEVICES.serve(server.vertx.eventBus(), shard, query -> answer);
    }
    for (String target : TARGETS) {
      RawHttp.Reply reply = server.get(target);
      assertThat(reply.status()).isEqualTo(504);
      assertThat(reply.problem()).isEqualTo("deadline");
    }
  }

  @Test
  void silentHosting_is504() {
    deploy(Duration.ofMillis(200));
    server.serveDevices();
    Promise<DeviceOutcomes> never = Promise.promise();
    server.hosting.group = question -> never.future();
    String body = "{\"account\":\"" + ALICE + "\",\"endpoint\":\"coap://192.0.2.1\"}";
    RawHttp.Reply reply =
        server.send("PUT", "/api/v1/devices/new", body, "Content-Type: application/json");
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.problem()).isEqualTo("deadline");
    assertThat(reply.json().getString("device")).isEqualTo("new");
    assertThat(reply.json().getString("account")).isEqualTo(ALICE);
  }

  @Test
  void silentRouter_is504SlightlyBehindTheDeadline() {
    deploy(Duration.ofMillis(200));
    server.serveDevices();
    server.serveCrudn();
    server.answer = request -> Promise.<CrudnResponse>promise().future();
    long started = System.nanoTime();
    RawHttp.Reply reply = server.get(lamp("/a"));
    assertThat(Duration.ofNanos(System.nanoTime() - started))
        .isBetween(Duration.ofMillis(650), Duration.ofSeconds(10));
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.problem()).isEqualTo("deadline");
  }

  @Test
  void routersOwn504_wins() {
    deploy(Duration.ofMillis(200));
    server.serveDevices();
    server.serveCrudn();
    server.answer =
        request ->
            server
                .vertx
                .timer(request.deadline().remainingMillis())
                .map(id -> CrudnResponse.failed(Status.TIMEOUT, "device-silent", "no answer"));
    RawHttp.Reply reply = server.get(lamp("/a"));
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.problem()).isEqualTo("device-silent");
  }

  @Test
  void lateAnswer_isDropped() {
    deploy(Duration.ofMillis(100));
    server.serveDevices();
    server.serveCrudn();
    Promise<CrudnResponse> late = Promise.promise();
    server.answer = request -> late.future();
    assertThat(server.get(lamp("/a")).status()).isEqualTo(504);
    late.complete(ApiServer.answered(Status.OK, "1"));
    server.answer(ApiServer.answered(Status.OK, "2"));
    assertThat(server.get(lamp("/a")).body()).isEqualTo("2");
  }
}
