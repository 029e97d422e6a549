package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.GatewayFixture.Answer;
import org.oicbridge.peers.NetworkNamespace;
import org.oicbridge.peers.ProsodyPeer;

/**
 * Links to a real Prosody on which packets get lost and nobody says so: the server is in a network
 * of its own, whose cable lets nothing through any more. They are found within twice the time that
 * is configured.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HalfOpenIT {
  private static final int DEVICES = 5;
  private static final int SESSIONS = DEVICES + 1;
  private static final List<String> IDS =
      IntStream.range(0, DEVICES).mapToObj(i -> "00000000-0000-4000-8000-00000000000" + i).toList();

  @TempDir Path data;

  private NetworkNamespace network;
  private ProsodyPeer server;
  private CountingDevices devices;
  private GatewayFixture gateway;

  @BeforeEach
  void start() {
    network = NetworkNamespace.create();
    server = ProsodyPeer.start(ProsodyPeer.Options.tuned(), network);
    server.addUser("home", "secret");
    devices = new CountingDevices(IDS);
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    devices.close();
    server.close();
    network.close();
  }

  private void gateway(String xmpp) {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        xmpp: {trust: "%s", connectTimeout: 1, reconnectBase: 1, %s}
        accounts:
          - jid: home@%s
            password: secret
            address: %s
            port: %d
            tls: starttls
            devices:
        """
            .formatted(server.caFile(), xmpp, server.domain(), network.address(), server.port()));
    for (String id : IDS) {
      yaml.append(
          "      - {di: %s, rt: oic.d.sensor, endpoint: \"%s\"}%n"
              .formatted(id, devices.endpoint(id)));
    }
    gateway = GatewayFixture.start(data, yaml.toString());
    gateway.awaitOnline(IDS.toArray(String[]::new)).awaitAccounts("home@" + server.domain());
    IDS.forEach(id -> gateway.awaitAnswer(path(id)));
  }

  private static String path(String id) {
    return "/api/v1/devices/" + id + "/resources/value?via=xmpp";
  }

  private void await(String metric, double expected) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    double value = Scrape.sum(gateway.get("/metrics").text(), metric);
    while (value != expected) {
      assertThat(System.nanoTime()).as("%s is %s", metric, value).isLessThan(end);
      value = Scrape.sum(gateway.get("/metrics").text(), metric);
    }
  }

  /** Waits until all links are found, prints how long that took, and gives it. */
  private static Duration found(String what, long since, Duration configured, Runnable wait) {
    wait.run();
    Duration time = Duration.ofNanos(System.nanoTime() - since);
    System.out.printf(
        "half-open, %s: %d links found after %.1f s, configured %.1f s%n",
        what, SESSIONS, time.toMillis() / 1e3, configured.toMillis() / 1e3);
    return time;
  }

  @Test
  void links_withoutTrafficAreFoundByAskingForTheCount() {
    gateway("pingInterval: 2, pingTimeout: 1");
    Duration configured = Duration.ofSeconds(3);
    long before = System.nanoTime();
    network.drop();
    Duration time = found("idle", before, configured, () -> await("oicgw_xmpp_detached", SESSIONS));
    assertThat(time).isLessThan(configured.multipliedBy(2));
    network.pass();
    await("oicgw_xmpp_resumptions_total\\{outcome=\"resumed\"}", SESSIONS);
    assertThat(gateway.ended()).isEmpty();
  }

  @Test
  void links_inUseAreFoundByWhatIsSentAndRequestsAreAnsweredOnceAcrossTheGap() throws Exception {
    gateway("pingInterval: 3600, pingTimeout: 2");
    devices.hold();
    List<Future<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < DEVICES; i++) {
      answers.add(post(i));
    }
    assertThat(devices.awaitHeld(DEVICES, 30)).isTrue();
    // An acknowledgement is asked for a quarter of a second after what was sent.
    Duration configured = Duration.ofMillis(2250);
    long before = System.nanoTime();
    network.drop();
    devices.release();
    for (int i = 0; i < DEVICES; i++) {
      answers.add(post(DEVICES + i));
    }
    Duration time =
        found("in use", before, configured, () -> await("oicgw_xmpp_detached", SESSIONS));
    assertThat(time).isLessThan(configured.multipliedBy(2));
    network.pass();
    for (int i = 0; i < answers.size(); i++) {
      Answer told = GatewayFixture.await(answers.get(i));
      assertThat(told.status()).as(told.text()).isBetween(200, 204);
      assertThat(devices.executions("r" + i)).isEqualTo(1);
    }
    assertThat(gateway.ended()).isEmpty();
  }

  private Future<Answer> post(int number) {
    return gateway.send(
        HttpMethod.POST,
        path(IDS.get(number % DEVICES)),
        "\"r" + number + "\"",
        "Prefer",
        "wait=60");
  }

  @Test
  void links_thatAreNotManagedAreFoundByPings() {
    gateway("pingInterval: 2, pingTimeout: 1, streamManagement: false");
    Duration configured = Duration.ofSeconds(3);
    long before = System.nanoTime();
    network.drop();
    String offline = "oicgw_xmpp_sessions\\{[^}]*state=\"offline\"[^}]*}";
    Duration time = found("not managed", before, configured, () -> await(offline, SESSIONS));
    assertThat(time).isLessThan(configured.multipliedBy(2));
    assertThat(gateway.ended())
        .hasSize(SESSIONS)
        .allSatisfy(event -> assertThat(event.reason()).contains("does not answer a ping"));
    network.pass();
    await("oicgw_xmpp_sessions\\{[^}]*state=\"online\"[^}]*}", SESSIONS);
    IDS.forEach(id -> assertThat(gateway.awaitAnswer(path(id)).text()).isEqualTo("1"));
  }
}
