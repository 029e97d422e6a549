package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthRoutesTest {
  private ApiServer server;

  @BeforeEach
  void start() {
    server = ApiServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void livez_isAlways200() {
    server.ready = false;
    assertThat(server.get("/livez").status()).isEqualTo(200);
    assertThat(server.get("/livez").json().getString("status")).isEqualTo("live");
  }

  @Test
  void readyz_follows() {
    assertThat(server.get("/readyz").status()).isEqualTo(200);
    server.ready = false;
    RawHttp.Reply reply = server.get("/readyz");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("not-ready");
    assertThat(reply.header("Retry-After")).isEqualTo("1");
    server.ready = true;
    assertThat(server.get("/readyz").status()).isEqualTo(200);
  }

  @Test
  void metrics_areTheSuppliersText() {
    RawHttp.Reply reply = server.get("/metrics");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(reply.body()).isEqualTo("up 1\n");
  }

  @Test
  void metrics_areWrittenOutAnewForWhoeverComesLater() {
    AtomicInteger written = new AtomicInteger();
    server.metrics = () -> "written " + written.incrementAndGet();
    for (int time = 1; time <= 1000; time++) {
      assertThat(server.get("/metrics").body()).isEqualTo("written " + time);
    }
  }

  @Test
  void method_thatIsNotThereIs405() {
    for (String path : List.of("/livez", "/readyz", "/metrics", "/openapi.yaml")) {
      assertThat(server.send("POST", path, "").header("Allow")).isEqualTo("GET, HEAD");
      assertThat(server.send(HttpMethod.HEAD.name(), path, "").status()).isEqualTo(200);
    }
  }
}
