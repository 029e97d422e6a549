package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.TOKEN;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GuardsTest {
  private static final String BEARER = "Authorization: Bearer " + TOKEN;
  private static ApiServer server;

  @BeforeAll
  static void start() {
    server = ApiServer.start(ApiServer.config(TOKEN, List.of("gw.example.org"), null, null));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/devices", "/metrics", "/openapi.yaml", "/nothing", "//livez", "/livez/"})
  void token_isNeeded(String path) {
    RawHttp.Reply reply = server.get(path);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.problem()).isEqualTo("token-required");
    assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"oic-bridge\"");
    assertThat(server.get(path, BEARER).status()).isIn(200, 404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/readyz"})
  void probes_needNoToken(String path) {
    assertThat(server.get(path).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer " + TOKEN + "x",
        "Bearer correct-horse-batter",
        "Basic " + TOKEN,
        TOKEN,
        "Bearer " + TOKEN + "\r\nAuthorization: Bearer " + TOKEN,
        "Bearer ääääääääääääääääääää"
      })
  void token_thatIsWrongIsRefused(String authorization) {
    RawHttp.Reply reply = server.get("/api/v1/devices", "Authorization: " + authorization);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.header("WWW-Authenticate")).endsWith("error=\"invalid_token\"");
    assertThat(reply.body()).doesNotContain(TOKEN);
  }

  @Test
  void scheme_hasNoCase() {
    assertThat(server.get("/api/v1/devices", "authorization: bEARER " + TOKEN).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1:1",
        "localhost.",
        "0.0.0.0",
        "[::ffff:192.0.2.1]",
        "xgw.example.org",
        "gw.example.org.evil.example",
        "",
        "2130706433"
      })
  void host_thatIsForeignIs421BeforeAnythingElse(String host) {
    for (String path : List.of("/api/v1/devices", "/livez", "/nothing")) {
      RawHttp.Reply reply = server.get(path, "Host: " + host);
      assertThat(reply.status()).isEqualTo(421);
      assertThat(reply.problem()).isEqualTo("foreign-host");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "localhost",
        "LocalHost",
        "[::1]",
        "gw.example.org",
        "GW.example.org:8443",
        "127.0.0.1:PORT",
        "localhost:PORT",
        "[::1]:PORT",
        "[0:0:0:0:0:0:0:1]:PORT"
      })
  void host_thatIsOursIsTaken(String host) {
    String value = host.replace("PORT", String.valueOf(server.port()));
    assertThat(server.get("/livez", "Host: " + value).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Host: localhost\r\nHost: evil.example",
        "Host: localhost\r\nHost: localhost",
        "Host: localhost@evil.example",
        "Host: local host",
        "Host: localhost:x"
      })
  void host_mustBeThereOnceAndSound(String headers) {
    RawHttp.Reply reply =
        RawHttp.send(
            server.port(), "GET /livez HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isIn("invalid-host", "invalid-request");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/livez",
        "*",
        "livez",
        "/liv\u0001ez",
        "/a#b",
        "/%",
        "/%g0",
        "/a/%2e%2e/livez",
        "/./livez",
        "/\\ä",
        "?x"
      })
  void target_thatIsNoPlainPathIs400(String target) {
    RawHttp.Reply reply = server.get(target, BEARER);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isIn("invalid-path", "invalid-request");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }
}
