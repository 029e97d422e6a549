package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.lamp;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LimitsTest {
  private static final String JSON = "Content-Type: application/json";
  private final ApiServer server = new ApiServer();

  @BeforeEach
  void start() {
    server.deploy(ApiServer.config(), Duration.ofSeconds(1), 1);
    server.serveDevices();
    server.serveCrudn();
    server.add(ApiServer.ALICE, ApiServer.LAMP);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void body_asLongAsAllowedIsTaken() throws Exception {
    String body = "\"" + "x".repeat(1022) + "\"";
    assertThat(server.send("POST", lamp("/a"), body, JSON).status()).isEqualTo(200);
    assertThat(server.received().body()).isEqualTo(body);
  }

  @Test
  void body_thatIsTooLongIs413() {
    RawHttp.Reply declared = server.send("PUT", lamp("/a"), "x".repeat(1025), JSON);
    assertThat(declared.status()).isEqualTo(413);
    assertThat(declared.problem()).isEqualTo("body-too-large");

    String chunks = ("400\r\n" + "x".repeat(1024) + "\r\n").repeat(2);
    String request =
        "POST "
            + lamp("/a")
            + " HTTP/1.1\r\nHost: localhost\r\n"
            + JSON
            + "\r\nTransfer-Encoding: chunked\r\n\r\n"
            + chunks;
    RawHttp.Reply chunked = RawHttp.send(server.port(), request);
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.problem()).isEqualTo("body-too-large");
    assertThat(server.requests).isEmpty();
  }

  @Test
  void body_inChunksIsTaken() throws Exception {
    String request =
        "POST "
            + lamp("/a")
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + JSON
            + "\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n2\r\n1]\r\n0\r\n\r\n";
    assertThat(RawHttp.send(server.port(), request).status()).isEqualTo(200);
    assertThat(server.received().body()).isEqualTo("[1]");
  }

  @Test
  void expectContinue_isAnswered() throws Exception {
    try (Socket socket = RawHttp.connect(server.port())) {
      String head =
          "POST "
              + lamp("/a")
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + JSON
              + "\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] interim = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue".length());
      assertThat(new String(interim, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100");
      socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("HTTP/1.1 200 OK");
    }
  }

  @Test
  void body_thatDoesNotArriveIs408() throws Exception {
    try (Socket socket = RawHttp.connect(server.port())) {
      String head =
          "POST "
              + lamp("/a")
              + " HTTP/1.1\r\nHost: localhost\r\n"
              + JSON
              + "\r\nContent-Length: 10\r\n\r\n{";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      RawHttp.Reply reply = RawHttp.read(socket);
      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.problem()).isEqualTo("body-too-slow");
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  void requestLine_thatIsTooLongIs414() {
    RawHttp.Reply reply = server.get("/" + "x".repeat(5000));
    assertThat(reply.status()).isEqualTo(414);
    assertThat(reply.problem()).isEqualTo("uri-too-long");
  }

  @Test
  void headers_thatAreTooLargeAre431() {
    RawHttp.Reply reply = server.get("/livez", "X: " + "x".repeat(9000));
    assertThat(reply.status()).isEqualTo(431);
    assertThat(reply.problem()).isEqualTo("headers-too-large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET /livez HTTP/1.1\r\nbad header: x\r\nHost: localhost\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"
      })
  void request_thatIsNoHttpIs400AndEndsTheConnection(String request) {
    RawHttp.Reply reply = RawHttp.send(server.port(), request);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-request");
    assertThat(reply.body()).doesNotContain("Exception");
  }

  @Test
  void body_ofAReadIsIgnoredAndTheConnectionGoesOn() throws Exception {
    String first =
        RawHttp.text(server.port(), "GET", lamp("/a"), "x".repeat(5000))
            .replace("Connection: close\r\n", "");
    String second = RawHttp.text(server.port(), "DELETE", lamp("/b"), "");
    String both = RawHttp.send(server.port(), first + second).body();
    assertThat(both).contains("HTTP/1.1 200 OK");
    assertThat(server.received().body()).isNull();
    assertThat(server.received().path()).hasToString("/b");
  }
}
