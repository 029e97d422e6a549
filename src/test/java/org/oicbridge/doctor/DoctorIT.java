package org.oicbridge.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;
import org.oicbridge.doctor.Finding.Level;
import org.oicbridge.peers.EjabberdPeer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.TlsMode;
import org.oicbridge.peers.XmppServer;

/** Real servers, each as shipped and as tuned: four different answers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DoctorIT {
  private static final String CLIENT = "OIC/1.0/Client/e61c3e6b-9c54-4b81-8ce5-f9039c1d04d9";

  private static final Vertx vertx = Vertx.vertx();
  private static final List<XmppServer> servers = new ArrayList<>();
  private static final Map<String, Report> reports = new HashMap<>();

  @BeforeAll
  @Timeout(value = 150, unit = TimeUnit.SECONDS)
  static void examineAll() throws Exception {
    Map<String, XmppServer> all = new HashMap<>();
    start(all, "prosody as shipped", () -> ProsodyPeer.start(ProsodyPeer.Options.asShipped()));
    start(all, "prosody tuned", () -> ProsodyPeer.start(ProsodyPeer.Options.tuned()));
    start(all, "ejabberd as shipped", () -> EjabberdPeer.start(EjabberdPeer.Options.asShipped()));
    start(all, "ejabberd tuned", () -> EjabberdPeer.start(EjabberdPeer.Options.tuned()));
    // At the same time, since most of it is waiting for servers that slow down.
    ExecutorService each = Executors.newFixedThreadPool(all.size());
    Map<String, Future<Report>> running = new HashMap<>();
    all.forEach(
        (name, server) -> {
          server.addUser("doctor", "correct horse");
          Callable<Report> examine =
              () -> ServerCheck.run(vertx, order(server, server.port(), Tls.STARTTLS, true));
          running.put(name, each.submit(examine));
        });
    for (Map.Entry<String, Future<Report>> one : running.entrySet()) {
      reports.put(one.getKey(), one.getValue().get());
    }
    each.shutdown();
  }

  private static void start(Map<String, XmppServer> all, String name, Supplier<XmppServer> how) {
    XmppServer server = how.get();
    servers.add(server);
    all.put(name, server);
  }

  @AfterAll
  static void stop() {
    servers.forEach(XmppServer::close);
    vertx.close();
  }

  private static CheckOrder order(XmppServer server, int port, Tls tls, boolean probe) {
    return new CheckOrder(
        "127.0.0.1",
        port,
        server.domain(),
        tls,
        server.caFile(),
        Jid.parse("doctor@" + server.domain()),
        "correct horse",
        probe);
  }

  private static Finding find(String server, String name) {
    return reports.get(server).find(name).orElseThrow();
  }

  private static long number(String server, String name) {
    return (Long) find(server, name).value();
  }

  @Test
  void prosodyAsShipped_isTooSlow() {
    assertThat(changes("prosody as shipped")).containsExactly("rate");
    Finding rate = find("prosody as shipped", "rate");
    assertThat((Long) rate.value()).isBetween(8_000L, 12_500L);
    assertThat(rate.meaning()).contains("limits.c2s.rate").contains("unlimited_jids");
    assertThat(number("prosody as shipped", "sessions per account")).isEqualTo(15);
  }

  private static List<String> changes(String server) {
    return reports.get(server).findings().stream()
        .filter(finding -> finding.level() == Level.CHANGE)
        .map(Finding::name)
        .toList();
  }

  @Test
  void prosodyTuned_isFit() {
    assertThat(reports.get("prosody tuned").fit()).isTrue();
    assertThat(find("prosody tuned", "rate").meaning()).isEqualTo("no limit noticed");
    // It counts what it has read, so a little more than its limit passes.
    assertThat(number("prosody tuned", "largest stanza")).isBetween(256_000L, 275_000L);
    assertThat(find("prosody tuned", "server software").line()).contains("Prosody");
  }

  @Test
  void ejabberdAsShipped_isTooSlowAndAllowsTenSessions() {
    Finding rate = find("ejabberd as shipped", "rate");
    assertThat((Long) rate.value()).isBetween(2_000L, 4_500L);
    assertThat(rate.meaning()).contains("shaper_rules.c2s_shaper");
    Finding sessions = find("ejabberd as shipped", "sessions per account");
    assertThat(sessions.value()).isEqualTo(10L);
    assertThat(sessions.meaning()).contains("max_user_sessions").contains("conflict");
    assertThat(changes("ejabberd as shipped")).containsExactly("rate", "sessions per account");
  }

  @Test
  void ejabberdTuned_isFit() {
    assertThat(reports.get("ejabberd tuned").fit()).isTrue();
    assertThat(find("ejabberd tuned", "rate").meaning()).isEqualTo("no limit noticed");
    assertThat(number("ejabberd tuned", "largest stanza")).isBetween(256_000L, 262_144L);
    assertThat(number("ejabberd tuned", "sessions per account")).isEqualTo(15);
    assertThat(find("ejabberd tuned", "server software").line()).contains("ejabberd");
  }

  @Test
  void withoutAccount_softwareIsGuessedAndNobodyLogsIn() throws Exception {
    for (XmppServer server : servers) {
      Report report =
          ServerCheck.run(
              vertx,
              new CheckOrder(
                  "127.0.0.1",
                  server.directTlsPort(),
                  server.domain(),
                  Tls.DIRECT,
                  server.caFile(),
                  null,
                  null,
                  false));
      assertThat(report.fit()).as(report.text()).isTrue();
      Object software = report.find("server software").orElseThrow().value();
      assertThat(server.domain()).startsWith(String.valueOf(software).toLowerCase(Locale.ROOT));
      assertThat(report.find("login")).isEmpty();
    }
  }

  @Test
  void probe_leavesAnAccountAloneThatSomebodyUses() {
    for (XmppServer server : servers) {
      server.addUser("busy", "secret");
      CheckOrder order =
          new CheckOrder(
              "127.0.0.1",
              server.port(),
              server.domain(),
              Tls.STARTTLS,
              server.caFile(),
              Jid.parse("busy@" + server.domain()),
              "secret",
              true);
      try (SmackPeer other =
          SmackPeer.login(SmackLogin.at(server, TlsMode.STARTTLS, "busy", "secret", CLIENT))) {
        assertThatThrownBy(() -> ServerCheck.run(vertx, order))
            .isInstanceOf(AccountBusyException.class)
            .hasMessageContaining(other.jid());
      }
    }
  }
}
