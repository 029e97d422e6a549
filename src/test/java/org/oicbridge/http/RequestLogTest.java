package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.TOKEN;
import static org.oicbridge.http.ApiServer.lamp;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.CrudnResponse;
import org.slf4j.LoggerFactory;

@Timeout(60)
class RequestLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(RequestLog.class);
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };
  private ApiServer server;

  @BeforeEach
  void start() {
    server = ApiServer.start(ApiServer.config(TOKEN, List.of(), null, null));
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.DEBUG);
  }

  @AfterEach
  void stop() {
    logger.setLevel(null);
    logger.detachAppender(appender);
    server.close();
  }

  @Test
  void request_isOneLineWithoutSecretsAndControlCharacters() throws Exception {
    server.get("/a\u001b[31m?x=y", "Authorization: Bearer " + TOKEN);
    assertThat(lines.poll(10, TimeUnit.SECONDS))
        .contains("GET /a?[31m?x=y 400")
        .doesNotContain(TOKEN);
    server.send(
        "POST",
        lamp("/a"),
        "{\"pin\":\"1234\"}",
        "Content-Type: application/json",
        "Authorization: Bearer " + TOKEN);
    assertThat(lines.poll(10, TimeUnit.SECONDS))
        .contains("POST " + lamp("/a") + " 200")
        .doesNotContain(TOKEN)
        .doesNotContain("1234");
    assertThat(lines).isEmpty();
  }

  @Test
  void request_whoseClientGoesAwayIsAborted() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (Socket socket = RawHttp.connect(server.port())) {
      server.answer = request -> Promise.<CrudnResponse>promise().future();
      String request =
          RawHttp.text(server.port(), "GET", lamp("/a"), "", "Authorization: Bearer " + TOKEN);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      server.received();
      socket.close();
      assertThat(lines.poll(10, TimeUnit.SECONDS)).contains(lamp("/a") + " aborted");
      assertThat(registry.get("oicgw.http.requests").tag("status", "aborted").timer().count())
          .isEqualTo(1);
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\nzz\r\n",
        "Content-Length: 9\r\n\r\n[1"
      })
  void request_whoseBodyBreaksOffIsNoDefectOfTheGateway(String rest) throws Exception {
    Logger problems = (Logger) LoggerFactory.getLogger(Problems.class);
    problems.addAppender(appender);
    String type = "Content-Type: application/json\r\n";
    String head = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n";
    try (Socket socket = RawHttp.connect(server.port())) {
      String request = "POST " + lamp("/a") + head + type + rest;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(lines.poll(10, TimeUnit.SECONDS)).containsPattern("POST .* (400|aborted) in ");
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    } finally {
      problems.detachAppender(appender);
    }
    assertThat(lines).isEmpty();
    assertThat(server.requests).isEmpty();
  }

  @Test
  void paths_makeNoSeries() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try {
      for (int i = 0; i < 20; i++) {
        server.get("/made-up-" + i);
        // Counted before the line is written.
        assertThat(lines.poll(10, TimeUnit.SECONDS)).contains("/made-up-" + i);
      }
      assertThat(registry.find("oicgw.http.requests").timers())
          .extracting(timer -> timer.getId().getTag("route"))
          .contains("none")
          .noneMatch(route -> route.contains("made-up"));
    } finally {
      Metrics.removeRegistry(registry);
    }
  }
}
