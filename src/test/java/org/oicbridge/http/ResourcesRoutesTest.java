package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.ALICE;
import static org.oicbridge.http.ApiServer.LAMP;
import static org.oicbridge.http.ApiServer.answered;
import static org.oicbridge.http.ApiServer.lamp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

@Timeout(60)
class ResourcesRoutesTest {
  private static final String JSON = "Content-Type: application/json";
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.start();
    server.add("twin1@example.org", "twin");
    server.add("twin2@example.org", "twin");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void reset() {
    server.requests.clear();
    server.answer(answered(Status.OK, "{\"value\":true}"));
  }

  @Test
  void device_thatNoShardHasYetIs503() {
    server.await(ALICE, "fan-1");
    RawHttp.Reply reply = server.get("/api/v1/devices/fan-1/resources/light");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("device-offline");
    assertThat(reply.detail()).contains("its account never logged in", "asked for its type");
    assertThat(reply.header("Retry-After")).isEqualTo("5");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void device_thatWasAskedLatelyIsNotLookedForAgain() {
    server.add("bob@example.org", "heater");
    String heater = "/api/v1/devices/heater/resources/a";
    server.get(heater);
    int questions = server.queries.size();
    assertThat(server.get(heater).status()).isEqualTo(200);
    assertThat(server.queries).hasSize(questions);

    DeviceView changed =
        server.devices.stream()
            .filter(device -> device.di().text().equals("heater"))
            .findFirst()
            .orElseThrow();
    Contracts.DEVICE_CHANGED.publish(server.vertx.eventBus(), Contracts.HOME, changed);
    assertThat(server.get(heater).status()).isEqualTo(200);
    assertThat(server.queries).hasSizeGreaterThan(questions);
  }

  @Test
  void device_thatHasMovedIsLookedForAgain() throws Exception {
    server.add("carol@example.org", "fan-2");
    String fan = "/api/v1/devices/fan-2/resources/a";
    server.get(fan);
    server.devices.removeIf(device -> device.di().text().equals("fan-2"));
    server.add("dave@example.org", "fan-2");
    server.answer =
        request ->
            Future.succeededFuture(
                request.account().equals(Jid.parse("dave@example.org"))
                    ? answered(Status.OK, "7")
                    : CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "it is not here"));
    server.requests.clear();
    RawHttp.Reply reply = server.send("POST", fan, "1", JSON);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(server.requests)
        .extracting(request -> request.account().toString())
        .containsExactly("carol@example.org", "dave@example.org");
  }

  @ParameterizedTest
  @CsvSource({"GET,RETRIEVE", "POST,UPDATE", "PUT,CREATE", "DELETE,DELETE"})
  void method_becomesOperation(String method, Operation operation) throws Exception {
    String body = method.startsWith("P") ? " {\"value\": false}" : "";
    String[] headers = body.isEmpty() ? new String[0] : new String[] {JSON};

    RawHttp.Reply reply = server.send(method, lamp("/a/light"), body, headers);

    CrudnRequest request = server.received();
    assertThat(request.operation()).isEqualTo(operation);
    assertThat(request.account()).isEqualTo(Jid.parse(ALICE));
    assertThat(request.requester()).isEqualTo(Jid.parse(ALICE));
    assertThat(request.target().text()).isEqualTo(LAMP);
    assertThat(request.path()).hasToString("/a/light");
    assertThat(request.via()).isEqualTo(Via.SHORTEST);
    assertThat(request.body()).isEqualTo(body.isEmpty() ? null : body);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"value\":true}");
    assertThat(reply.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("cache-control", "no-store")
        .doesNotContainKeys("Access-Control-Allow-Origin", "Location", "Server");
  }

  @Test
  void head_isGetWithoutBody() throws Exception {
    RawHttp.Reply reply = server.send("HEAD", lamp("/a/light"), "");
    assertThat(server.received().operation()).isEqualTo(Operation.RETRIEVE);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();

    RawHttp.Reply missing = server.send("HEAD", "/api/v1/devices/nobody/resources/x", "");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/a/light /a/light",
        "/a%20b/c /a%20b/c",
        "/a%2Fb /a%2Fb",
        "/a%2fb /a%2Fb",
        "/a//b /a//b",
        "//a //a",
        "/a;b=c;d /a;b=c;d",
        "/a+b /a+b",
        "/%2541 /%2541",
        "/... /...",
        "/ /",
        "/a/ /a/",
        "/%61%C3%A4 /a%C3%A4",
        "/a?if=oic.if.a&x=%26 /a?if=oic.if.a&x=%26",
        "/a?via=xmpp&rt=r /a?rt=r",
        "/a?account=alice@example.org /a",
        "/a?b=/../c /a?b=/../c",
        "/http://evil.example/x /http://evil.example/x"
      })
  void path_reachesTheDeviceSegmentBySegment(String href, String expected) throws Exception {
    RawHttp.Reply reply = server.get(lamp(href));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(server.received().path()).hasToString(expected);
  }

  @Test
  void escapedSlash_staysInItsSegment() throws Exception {
    server.get(lamp("/a%2F..%2Fb/c"));
    assertThat(server.received().path().segments()).containsExactly("a/../b", "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../..",
        "/a/../b",
        "/.",
        "/a/./b",
        "/%2e%2e",
        "/%2E%2e/x",
        "/.%2e/x",
        "/a/%2e/b",
        "/%zz",
        "/%",
        "/a%2",
        "/%ff",
        "/%c0%af",
        "/a#b",
        "/ä"
      })
  void path_thatCanLeaveItsPlaceIsRefused(String href) {
    RawHttp.Reply reply = server.get(lamp(href));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-path");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void path_withTooLongSegmentIsRefused() {
    RawHttp.Reply reply = server.get(lamp("/" + "x".repeat(256)));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.detail()).contains("256 bytes").contains("255");
  }

  @Test
  void via_xmppIsPassedOn() throws Exception {
    server.get(lamp("/a?via=xmpp"));
    assertThat(server.received().via()).isEqualTo(Via.XMPP);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "via=coap parameter_via_is_\"coap\"",
        "via= parameter_via_is_\"\"",
        "via=xmpp&via=xmpp parameter_via_is_there_twice",
        "account=a@b/c parameter_account_is_\"a@b/c\"",
        "account=@ parameter_account_is_\"@\""
      })
  void parameter_withBadValueIsNamed(String query, String detail) {
    RawHttp.Reply reply = server.get(lamp("/a?" + query));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-parameter");
    assertThat(reply.detail()).startsWith(detail.replace('_', ' '));
  }

  @Test
  void device_thatIsUnknownIs404() {
    RawHttp.Reply reply = server.get("/api/v1/devices/nobody/resources/a");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.problem()).isEqualTo("device-unknown");
    assertThat(reply.json().getString("device")).isEqualTo("nobody");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void device_ofTwoAccountsNeedsTheAccount() throws Exception {
    RawHttp.Reply reply = server.get("/api/v1/devices/twin/resources/a");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.problem()).isEqualTo("device-ambiguous");
    assertThat(reply.detail()).contains("twin1@example.org").contains("twin2@example.org");
    assertThat(server.requests).isEmpty();

    server.get("/api/v1/devices/twin/resources/a?account=twin2%40example.org");
    assertThat(server.received().account()).hasToString("twin2@example.org");
  }

  @Test
  void headers_onlyTheListedOnesPass() throws Exception {
    server.get(
        lamp("/a"),
        "Accept: application/json",
        "Accept: */*;q=0.1",
        "If-None-Match: \"0a1b\"",
        "If-Match: \"0c\"",
        "OCF-Accept-Content-Format-Version: 2048",
        "OCF-Content-Format-Version: 2048",
        "Cookie: secret",
        "X-Forwarded-For: 10.0.0.1",
        "Authorization: Bearer secret",
        "Observe: 0");
    assertThat(server.received().headers())
        .isEqualTo(
            Headers.of("Accept", "application/json, */*;q=0.1")
                .with("If-Match", "\"0c\"")
                .with("If-None-Match", "\"0a1b\"")
                .with("OCF-Accept-Content-Format-Version", "2048")
                .with("OCF-Content-Format-Version", "2048"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/cbor",
        "text/html, application/json;q=0",
        "text/event-stream;q=0",
        "text/*, application/cbor"
      })
  void accept_thatExcludesJsonIs406(String accept) {
    RawHttp.Reply reply = server.get(lamp("/a"), "Accept: " + accept);
    assertThat(reply.status()).isEqualTo(406);
    assertThat(reply.problem()).isEqualTo("not-producible");
    assertThat(server.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW"})
  void method_thatIsNotThereIs405(String method) {
    RawHttp.Reply reply = server.send(method, lamp("/a"), "");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.problem()).isEqualTo("method-not-supported");
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, POST, PUT, DELETE");
    assertThat(server.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: text/plain; application/json",
        "Content-Type: application/jsonp",
        "Content-Type: application/json; charset=utf-16",
        "Content-Type: application/json\r\nContent-Type: text/plain",
        "Content-Type: application/json\r\nContent-Encoding: gzip",
        "X-None: x"
      })
  void write_withoutJsonTypeIs415(String header) {
    for (String method : new String[] {"POST", "PUT"}) {
      for (String body : new String[] {"{}", ""}) {
        RawHttp.Reply reply = server.send(method, lamp("/a"), body, header);
        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.problem()).isEqualTo("json-required");
      }
    }
    assertThat(server.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Application/JSON",
        "application/json; charset=UTF-8",
        "application/json;charset=\"utf-8\"",
        "application/vnd.ocf+json"
      })
  void write_withJsonTypeIsTaken(String type) throws Exception {
    server.send("POST", lamp("/a"), "{\"ä\":1}", "Content-Type: " + type);
    assertThat(server.received().body()).isEqualTo("{\"ä\":1}");
  }

  @Test
  void write_withoutBodyHasNone() throws Exception {
    assertThat(server.send("POST", lamp("/a"), "", JSON).status()).isEqualTo(200);
    assertThat(server.received().body()).isNull();
    assertThat(server.send("PUT", lamp("/a"), "", JSON, "Content-Length: 0").status())
        .isEqualTo(200);
    assertThat(server.received().body()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"POST", "PUT"})
  void write_withBrokenJsonSaysWhere(String method) {
    RawHttp.Reply reply = server.send(method, lamp("/a"), "{\n  \"a\": tru }", JSON);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-json");
    assertThat(reply.detail()).contains("line 2, column");
    assertThat(reply.json().getString("device")).isEqualTo(LAMP);
    assertThat(server.requests).isEmpty();
  }

  @Test
  void prefer_setsTheDeadline() throws Exception {
    RawHttp.Reply reply = server.get(lamp("/a"), "Prefer: respond-async, wait=120");
    assertThat(reply.header("Preference-Applied")).isEqualTo("wait=120");
    assertThat(server.received().deadline().remainingMillis()).isBetween(90_000L, 120_000L);

    RawHttp.Reply plain = server.get(lamp("/a"));
    assertThat(plain.headers()).doesNotContainKey("Preference-Applied");
    assertThat(server.received().deadline().remainingMillis()).isBetween(1_000L, 10_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "301", "-1", "1.5", "abc", "", "99999999999"})
  void prefer_outOfRangeIs400(String wait) {
    RawHttp.Reply reply = server.get(lamp("/a"), "Prefer: wait=" + wait);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-preference");
    assertThat(reply.detail()).contains("Prefer").contains("1 to 300");
  }

  @Test
  void client_thatGoesAwayHarmsNobody() throws Exception {
    Promise<CrudnResponse> late = Promise.promise();
    server.answer = request -> late.future();
    try (Socket socket = RawHttp.connect(server.port())) {
      String text = RawHttp.text(server.port(), "GET", lamp("/a"), "");
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      server.received();
    }
    late.complete(answered(Status.OK, "{}"));
    server.answer(answered(Status.OK, "{}"));
    assertThat(server.get(lamp("/a")).status()).isEqualTo(200);
  }

  @Test
  void requests_onOneConnectionAreAnsweredInOrder() throws Exception {
    server.answer =
        request ->
            request.path().toString().equals("/slow")
                ? server.vertx.timer(50).map(id -> answered(Status.OK, "\"slow\""))
                : Future.succeededFuture(answered(Status.OK, "\"fast\""));
    String first =
        RawHttp.text(server.port(), "GET", lamp("/slow"), "").replace("Connection: close\r\n", "");
    String second = RawHttp.text(server.port(), "GET", lamp("/fast"), "");
    RawHttp.Reply reply = RawHttp.send(server.port(), first + second);
    assertThat(reply.body()).startsWith("\"slow\"").endsWith("\"fast\"");
  }
}
