package org.oicbridge.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;
import org.oicbridge.doctor.Finding.Level;
import org.oicbridge.sandbox.EmbeddedXmppServer;
import org.oicbridge.sandbox.ServerCounters;

@Timeout(60)
class ServerCheckTest {
  private static final String DOMAIN = "example.test";
  private static final Jid ALICE = Jid.parse("alice@example.test");
  private static final String PASSWORD = "alice's secret";

  @TempDir Path dir;
  private final Vertx vertx = Vertx.vertx();
  private EmbeddedXmppServer server;
  private Path trust;
  private int port;

  @BeforeEach
  void start() throws Exception {
    EmbeddedXmppServer.Options options =
        new EmbeddedXmppServer.Options(DOMAIN, Map.of("alice", PASSWORD)).withIterations(4096);
    server = new EmbeddedXmppServer(vertx, options.withDirectTls(0));
    port = await(server.start());
    trust = dir.resolve("ca.pem");
    Files.writeString(trust, server.certificateAuthority().toString());
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private CheckOrder order(Jid account, String password, boolean probe) {
    return new CheckOrder("127.0.0.1", port, DOMAIN, Tls.STARTTLS, trust, account, password, probe);
  }

  private CheckOrder order(int at, String domain, Tls tls, Path authorities) {
    return new CheckOrder("127.0.0.1", at, domain, tls, authorities, ALICE, PASSWORD, false);
  }

  private Logins logins() throws EndOfCheck {
    Door door = new Door(vertx, order(ALICE, PASSWORD, true));
    return new Logins(door, new Sasl(vertx, ALICE, PASSWORD), ALICE);
  }

  private Report run(CheckOrder order) throws AccountBusyException {
    return ServerCheck.run(vertx, order);
  }

  private ServerCounters counters() throws Exception {
    return await(server.faults().counters());
  }

  private static Finding find(Report report, String name) {
    return report.find(name).orElseThrow(() -> new AssertionError(report.text()));
  }

  private static List<String> changes(Report report) {
    return report.findings().stream()
        .filter(finding -> finding.level() == Level.CHANGE)
        .map(Finding::name)
        .toList();
  }

  @Test
  void withoutAccount_tellsWhatIsToldBeforeTheLogin() throws Exception {
    Report report = run(order(null, null, false));
    assertThat(changes(report)).isEmpty();
    assertThat(find(report, "STARTTLS").value()).isEqualTo("required");
    assertThat(find(report, "certificate names").value()).isEqualTo(List.of(DOMAIN));
    assertThat(find(report, "SASL mechanisms").meaning()).endsWith("takes SCRAM-SHA-256");
    assertThat(report.find("login")).isEmpty();
    assertThat(counters().logins()).isEmpty();
  }

  @Test
  void account_isLoggedInOnceAndLeavesNothingBehind() throws Exception {
    Report report = run(order(ALICE, PASSWORD, false));
    assertThat(report.fit()).as(report.text()).isTrue();
    assertThat(find(report, "full JID").value()).isEqualTo("bound as asked for");
    assertThat(find(report, "stream management").value()).isEqualTo("offered");
    assertThat(report.find("rate")).isEmpty();
    ServerCounters after =
        await(server.faults().when(counters -> counters.streams() == 0 && counters.binds() == 1));
    assertThat(after.loginsTo(ALICE)).isEqualTo(new ServerCounters.Logins(1, 0));
    assertThat(after.detached()).isZero();
  }

  @Test
  void directTls_isAsGood() throws Exception {
    Report report = run(order(server.directTlsPort(), DOMAIN, Tls.DIRECT, trust));
    assertThat(report.fit()).as(report.text()).isTrue();
    assertThat(find(report, "TLS").value().toString()).startsWith("direct TLS, TLSv1.");
  }

  @Test
  void wrongPassword_isTriedOnce() throws Exception {
    Report report = run(order(ALICE, "battery staple", true));
    assertThat(changes(report)).containsExactly("login");
    assertThat(find(report, "login").value()).isEqualTo("failed: not-authorized");
    assertThat(counters().loginsTo(ALICE)).isEqualTo(new ServerCounters.Logins(1, 1));
    assertThat(report.text()).doesNotContain("battery");
  }

  @Test
  void untrustedCertificate_isDescribedAndNobodyLogsIn() throws Exception {
    Report report = run(order(port, DOMAIN, Tls.STARTTLS, null));
    assertThat(changes(report)).containsExactly("certificate trusted", "login");
    assertThat(find(report, "certificate trusted").meaning()).contains("--trust");
    assertThat(find(report, "login").value()).isEqualTo("not tried");
    assertThat(counters().logins()).isEmpty();
  }

  @Test
  void certificateOfAnotherDomain_isTold() throws Exception {
    Report report = run(order(server.directTlsPort(), "other.test", Tls.DIRECT, trust));
    assertThat(changes(report)).containsExactly("certificate for the domain", "stream");
    assertThat(find(report, "stream").value().toString()).contains("host-unknown");
    assertThat(find(report, "stream").meaning()).contains("--domain");
  }

  @Test
  void startTlsThatIsMissing_endsTheCheck() throws Exception {
    EmbeddedXmppServer plain =
        new EmbeddedXmppServer(
            vertx,
            new EmbeddedXmppServer.Options(DOMAIN, Map.of("alice", PASSWORD))
                .withIterations(4096)
                .withTls(EmbeddedXmppServer.Tls.NONE));
    int plainPort = await(plain.start());
    assertThat(changes(run(order(plainPort, DOMAIN, Tls.STARTTLS, trust))))
        .containsExactly("STARTTLS");
    assertThat(run(order(plainPort, DOMAIN, Tls.NONE, trust)).fit()).isTrue();
  }

  @Test
  void tlsThatIsLeftOut_isWhyNoLoginIsOffered() throws Exception {
    Report report = run(order(port, DOMAIN, Tls.NONE, trust));
    assertThat(find(report, "SASL mechanisms").meaning()).contains("--tls starttls");
    assertThat(counters().logins()).isEmpty();
  }

  @Test
  void serverThatClosesAtOnce_isToldOf() throws Exception {
    await(server.faults().refuseConnections());
    Report report = run(order(null, null, false));
    assertThat(changes(report)).containsExactly("stream");
    assertThat(find(report, "stream").meaning()).contains("--tls");
  }

  @Test
  void nobodyThere_isToldWithTheAddress() throws Exception {
    // Bound and not listening: nobody answers, and nobody else can take the port.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Report report = run(order(taken.getLocalPort(), DOMAIN, Tls.STARTTLS, trust));
      assertThat(changes(report)).as(report.text()).containsExactly("connection");
      assertThat(find(report, "connection").value().toString())
          .contains("127.0.0.1 port " + taken.getLocalPort() + ": ");
    }
  }

  @Test
  void probe_findsTheLargestStanzaAndNoOtherLimit() throws Exception {
    Report report = run(order(ALICE, PASSWORD, true));
    assertThat(report.fit()).as(report.text()).isTrue();
    assertThat(find(report, "rate").meaning()).isEqualTo("no limit noticed");
    // ServerStream.MAX_STANZA of the embedded server, within what narrowing is exact to
    assertThat((Long) find(report, "largest stanza").value()).isBetween(258_048L, 262_144L);
    assertThat(find(report, "largest stanza").meaning()).contains("policy-violation");
    assertThat(find(report, "sessions per account").value()).isEqualTo(15L);
    assertThat(counters().loginsTo(ALICE).tried()).isLessThanOrEqualTo(25);
    assertThat(counters().loginsTo(ALICE).failed()).isZero();
  }

  @Test
  void sessions_thatGetNoAnswerAreNotTakenForALimit() throws Exception {
    Future<Integer> frozen =
        server
            .faults()
            .when(counters -> counters.streams() >= 3)
            .compose(reached -> server.faults().freeze(jid -> true));
    Findings findings = new Findings();
    SessionProbe.run(findings, logins(), ServerKind.OTHER);
    await(frozen);
    assertThat(findings.list())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.level()).isEqualTo(Level.NOTE);
              assertThat(finding.value()).isEqualTo("not measured");
            });
  }

  @Test
  void rate_ofALongWayIsNotTakenForALimit() throws Exception {
    await(server.faults().delay(jid -> true, Duration.ofMillis(250)));
    try (ClientSession session = logins().open()) {
      assertThat(RateProbe.measure(session)).isGreaterThan(50_000);
    }
  }

  @Test
  void probe_leavesAnAccountAloneThatSomebodyUses() throws Exception {
    CheckOrder order = order(ALICE, PASSWORD, true);
    try (ClientSession other = logins().open()) {
      other.lookForOthers(Duration.ofMillis(1));
      assertThatThrownBy(() -> run(order))
          .isInstanceOf(AccountBusyException.class)
          .hasMessageContaining("alice@example.test/OIC/1.0/Client/");
      // Nothing but the look: one login each, and the other is still there.
      assertThat(counters().loginsTo(ALICE).tried()).isEqualTo(2);
      assertThat(counters().sessions()).isPositive();
    }
  }

  @Test
  void line_obeysNoControlCharacters() {
    Finding finding = new Finding("server software", "\u001b[2Jx\u009b\n", "", Level.OK, "");
    assertThat(finding.line()).isEqualTo("server software: ?[2Jx??");
  }
}
