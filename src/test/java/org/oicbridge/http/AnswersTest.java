package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.ALICE;
import static org.oicbridge.http.ApiServer.LAMP;
import static org.oicbridge.http.ApiServer.lamp;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;

@Timeout(60)
class AnswersTest {
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawHttp.Reply reply(Status status, Headers headers, String body) {
    server.answer(CrudnResponse.answered(status, headers, body));
    return server.get(lamp("/a"));
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void status_goesThroughExceptUnauthorized(Status status) {
    RawHttp.Reply reply = reply(status, Headers.NONE, null);
    assertThat(reply.status()).isEqualTo(status == Status.UNAUTHORIZED ? 403 : status.code());
    assertThat(reply.headers()).doesNotContainKey("WWW-Authenticate");
    if (status.success()) {
      assertThat(reply.body()).isEmpty();
      assertThat(reply.headers()).doesNotContainKey("Content-Type");
    } else {
      assertThat(reply.json().fieldNames())
          .contains("type", "title", "status", "detail", "device", "account");
      boolean onTheWay = status.code() >= 502 && status.code() <= 504;
      assertThat(reply.json().getString("outcome")).isEqualTo(onTheWay ? "unknown" : null);
      assertThat(reply.json().getInteger("status")).isEqualTo(reply.status());
      assertThat(reply.json().getString("device")).isEqualTo(LAMP);
      assertThat(reply.json().getString("account")).isEqualTo(ALICE);
    }
  }

  @ParameterizedTest
  @CsvSource({"not-sent, not-sent", "unknown, unknown", "done, unknown"})
  void outcome_thatAGatewayAtTheDeviceKnowsIsToldOn(String told, String outcome) {
    RawHttp.Reply reply =
        reply(
            Status.UNAVAILABLE, Headers.NONE, "{\"error\":\"busy\",\"outcome\":\"" + told + "\"}");
    assertThat(reply.json().getString("outcome")).isEqualTo(outcome);
    assertThat(reply.json().getString("detail")).isEqualTo("busy");
  }

  @ParameterizedTest
  @CsvSource({
    "TIMEOUT, outcome-unknown, unknown",
    "UNAVAILABLE, not-sent, not-sent",
    "BAD_GATEWAY, bad-answer, unknown",
    "TOO_MANY_REQUESTS, queue-full, not-sent"
  })
  void outcome_ofTheGatewaysOwnProblemIsInIt(Status status, String type, String outcome) {
    server.answer(CrudnResponse.failed(status, type, "why"));
    assertThat(server.get(lamp("/a")).json().getString("outcome")).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"NO_CONTENT", "NOT_MODIFIED"})
  void body_isDroppedWhereHttpHasNone(Status status) {
    RawHttp.Reply reply = reply(status, Headers.of("ETag", "\"0a\""), "{}");
    assertThat(reply.body()).isEmpty();
    assertThat(reply.header("ETag")).isEqualTo("\"0a\"");
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_REQUEST,bad-request",
    "UNAUTHORIZED,unauthorized",
    "FORBIDDEN,forbidden",
    "NOT_FOUND,not-found",
    "METHOD_NOT_ALLOWED,method-not-allowed",
    "NOT_ACCEPTABLE,not-acceptable",
    "CONFLICT,conflict",
    "PRECONDITION_FAILED,precondition-failed",
    "CONTENT_TOO_LARGE,content-too-large",
    "UNSUPPORTED_MEDIA_TYPE,unsupported-media-type",
    "UNPROCESSABLE,unprocessable",
    "TOO_MANY_REQUESTS,too-many-requests",
    "INTERNAL_ERROR,device-error",
    "NOT_IMPLEMENTED,not-implemented",
    "BAD_GATEWAY,bad-gateway",
    "UNAVAILABLE,unavailable",
    "TIMEOUT,timeout",
    "LOOP_DETECTED,loop-detected"
  })
  void deviceError_becomesAProblemWithTheDevicesText(Status status, String type) {
    RawHttp.Reply reply = reply(status, Headers.NONE, "{\"error\":\"no such \\\"thing\\\"\"}");
    assertThat(reply.problem()).isEqualTo(type);
    assertThat(reply.detail()).isEqualTo("no such \"thing\"");
  }

  @Test
  void deviceError_keepsARepresentation() {
    RawHttp.Reply reply = reply(Status.CONFLICT, Headers.NONE, "{\"held\":[1]}");
    assertThat(reply.detail()).isEqualTo("the device answered 409 Conflict");
    assertThat(reply.json().getJsonObject("answer")).isEqualTo(new JsonObject("{\"held\":[1]}"));
    assertThat(reply(Status.CONFLICT, Headers.NONE, "{broken").json().fieldNames())
        .doesNotContain("answer");
  }

  @Test
  void gatewaysProblem_keepsItsTypeAndRetryAfter() {
    server.answer(
        CrudnResponse.failed(Status.UNAVAILABLE, "device-offline", "it is not there")
            .with("Retry-After", "7"));
    RawHttp.Reply reply = server.get(lamp("/a"));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("device-offline");
    assertThat(reply.detail()).isEqualTo("it is not there");
    assertThat(reply.header("Retry-After")).isEqualTo("7");
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void headers_onlyTheListedOnesPass() {
    RawHttp.Reply reply =
        reply(
            Status.OK,
            Headers.of("ETag", "\"0a1b\"")
                .with("Cache-Control", "max-age=60")
                .with("Set-Cookie", "a=b")
                .with("Content-Type", "text/html")
                .with("X-Content-Type-Options", "no")
                .with("Access-Control-Allow-Origin", "*"),
            "1");
    assertThat(reply.headers())
        .containsEntry("ETag", "\"0a1b\"")
        .containsEntry("Cache-Control", "max-age=60")
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Content-Type-Options", "nosniff")
        .doesNotContainKeys("Set-Cookie", "Access-Control-Allow-Origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\r\nSet-Cookie: x=y\"", "\"\u0000\"", "\"ä\""})
  void header_thatIsNoFieldValueIsDropped(String etag) {
    RawHttp.Reply reply = reply(Status.OK, Headers.of("ETag", etag), "1");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers()).doesNotContainKeys("ETag", "Set-Cookie");
  }

  @ParameterizedTest
  @CsvSource({
    "/a/light/1,/a/light/1",
    "a/1,/a/1",
    "coap://dc70373c/a/1?x=y,/a/1?x=y",
    "coap://evil.example:5683,/",
    "https://evil.example/a%2Fb,/a%2Fb"
  })
  void location_isRewrittenToThisApi(String location, String expected) {
    RawHttp.Reply reply = reply(Status.CREATED, Headers.of("Location", location), null);
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.header("Location")).isEqualTo(lamp(expected));
  }

  @Test
  void location_keepsTheAccountThatWasAskedFor() {
    server.answer(CrudnResponse.answered(Status.CREATED, Headers.of("Location", "/a/1?x=y"), null));
    String target = lamp("/a?account=" + ALICE);
    String location = server.get(target).header("Location");
    assertThat(location).isEqualTo(lamp("/a/1?x=y&account=alice%40example.org"));
    assertThat(server.get(location).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/../b", "/%zz", "/a\r\nX: y"})
  void location_thatIsNoneIsDropped(String location) {
    RawHttp.Reply reply = reply(Status.CREATED, Headers.of("Location", location), null);
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.headers()).doesNotContainKey("X");
    assertThat(reply.headers().getOrDefault("Location", "%0D%0A")).contains("%0D%0A");
  }

  @Test
  void methodNotAllowed_alwaysSaysWhatIs() {
    assertThat(reply(Status.METHOD_NOT_ALLOWED, Headers.NONE, null).header("Allow"))
        .isEqualTo("POST, PUT, DELETE");
    assertThat(
            reply(Status.METHOD_NOT_ALLOWED, Headers.of("Allow", "GET, POST"), null)
                .header("Allow"))
        .isEqualTo("GET, POST");
  }

  @Test
  void defect_isToldWithoutAnythingInternal() {
    server.answer =
        request -> {
          throw new IllegalStateException("secret internals");
        };
    RawHttp.Reply reply = server.get(lamp("/a"));
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.problem()).isEqualTo("internal");
    assertThat(reply.body()).doesNotContain("secret").doesNotContain("Exception");

    // An answer that breaks the writer itself.
    server.answer = request -> Future.succeededFuture(null);
    RawHttp.Reply broken = server.get(lamp("/a"));
    assertThat(broken.status()).isEqualTo(500);
    assertThat(broken.problem()).isEqualTo("internal");
    assertThat(broken.body()).doesNotContain("NullPointer");
  }
}
