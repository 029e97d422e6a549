package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.http.ApiServer.await;
import static org.oicbridge.http.ApiServer.lamp;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.HttpConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

@Timeout(60)
class HttpVerticleTest {
  @Test
  void instances_shareOneFreePort() {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    try (ApiServer server = new ApiServer()) {
      server.deploy(ApiServer.config(), Duration.ofSeconds(10), 2);
      server.serveDevices();
      server.serveCrudn();
      server.add(ApiServer.ALICE, ApiServer.LAMP);
      server
          .vertx
          .eventBus()
          .addOutboundInterceptor(
              delivery -> {
                threads.add(Thread.currentThread().getName());
                delivery.next();
              });
      assertThat(server.port()).isPositive();
      for (int i = 0; i < 20; i++) {
        assertThat(server.get("/api/v1/devices").status()).isEqualTo(200);
      }
    }
    assertThat(threads).as("event loops that took requests").hasSizeGreaterThan(1);
  }

  @Test
  void port_thatIsTakenFailsTheDeployment() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ApiServer server = new ApiServer()) {
      HttpConfig config =
          new HttpConfig(
              "127.0.0.1",
              taken.getLocalPort(),
              null,
              null,
              false,
              null,
              List.of(),
              1024,
              64,
              100,
              Duration.ofMinutes(1));
      assertThatThrownBy(() -> server.deploy(config, Duration.ofSeconds(1), 1))
          .hasStackTraceContaining("BindException");
    }
  }

  @Test
  void stop_waitsForAnswersAndEndsIdleConnections() throws Exception {
    try (ApiServer server = ApiServer.start();
        Socket idle = RawHttp.connect(server.port());
        Socket busy = RawHttp.connect(server.port())) {
      Promise<CrudnResponse> answer = Promise.promise();
      server.answer = request -> answer.future();
      String probe =
          RawHttp.text(server.port(), "GET", "/livez", "").replace("Connection: close\r\n", "");
      idle.getOutputStream().write(probe.getBytes(StandardCharsets.US_ASCII));
      assertThat(idle.getInputStream().read()).isEqualTo('H');
      String request = RawHttp.text(server.port(), "GET", lamp("/a"), "");
      busy.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      server.received();

      Future<Void> stopped = server.undeploy();
      idle.getInputStream().readAllBytes();
      assertThat(stopped.isComplete()).isFalse();
      answer.complete(ApiServer.answered(Status.OK, "{\"last\":1}"));

      RawHttp.Reply reply = RawHttp.read(busy);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("{\"last\":1}");
      await(stopped);
      assertThatThrownBy(() -> RawHttp.connect(server.port())).hasStackTraceContaining("refused");
    }
  }

  @Test
  void tls_isSpokenWhenConfigured(@TempDir Path dir) throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .subject("CN=localhost")
            .setIsCertificateAuthority(true)
            .addSanDnsName("localhost")
            .buildSelfSigned();
    Path certificate = Files.writeString(dir.resolve("cert.pem"), bundle.getCertificatePathPEM());
    Path key = Files.writeString(dir.resolve("key.pem"), bundle.getPrivateKeyPEM());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, bundle.toTrustManagerFactory().getTrustManagers(), null);

    HttpConfig config = ApiServer.config(null, List.of(), certificate, key);
    try (ApiServer server = ApiServer.start(config)) {
      String request = RawHttp.text(server.port(), "GET", lamp("/a"), "");
      RawHttp.Reply reply =
          RawHttp.send(RawHttp.connect(context.getSocketFactory(), server.port()), request);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("{\"value\":true}");
      assertThatThrownBy(() -> RawHttp.send(server.port(), request))
          .as("plain HTTP on the same port")
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void http2Preface_isAnsweredInHttp1() {
    try (ApiServer server = ApiServer.start()) {
      RawHttp.Reply reply =
          RawHttp.send(server.port(), "PRI * HTTP/2.0\r\nConnection: close\r\n\r\nSM\r\n\r\n");
      assertThat(reply.status()).isEqualTo(501);
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void requests_areCountedByBoundedLabels() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (ApiServer server = ApiServer.start()) {
      server.get("/api/v1/devices/nobody");
      server.get("/api/v1/devices/" + ApiServer.LAMP);
      server.send("BREW", lamp("/a"), "");
      server.get("/nothing/" + ApiServer.LAMP);
      server.get("*");
      String template = "/api/v1/devices/{di}";
      assertThat(timer(registry, "GET", template, "4xx").count()).isEqualTo(1);
      assertThat(timer(registry, "GET", template, "2xx").count()).isEqualTo(1);
      assertThat(timer(registry, "other", template + "/resources/{href}", "4xx").count())
          .isEqualTo(1);
      assertThat(timer(registry, "GET", "none", "4xx").count()).isEqualTo(2);
      assertThat(timer(registry, "GET", template, "2xx").totalTime(TimeUnit.NANOSECONDS))
          .isPositive();
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  private static Timer timer(
      SimpleMeterRegistry registry, String method, String route, String status) {
    return registry
        .get("oicgw.http.requests")
        .tags("method", method, "route", route, "status", status)
        .timer();
  }
}
