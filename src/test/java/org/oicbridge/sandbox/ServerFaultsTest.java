package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.sandbox.RawXmppClient.DOMAIN;
import static org.oicbridge.sandbox.RawXmppClient.HEADER;
import static org.oicbridge.sandbox.StartedServer.await;
import static org.oicbridge.sandbox.StartedServer.enable;
import static org.oicbridge.sandbox.StartedServer.message;
import static org.oicbridge.sandbox.StartedServer.ping;
import static org.oicbridge.sandbox.StartedServer.settle;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.SocketException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.Jid;
import org.oicbridge.sandbox.EmbeddedXmppServer.Options;

/** What a client sees of the faults that a test asks for. */
@Timeout(60)
class ServerFaultsTest {
  private static final Jid ALICE = Jid.parse("alice@sandbox.example");
  private static final Jid BOB = Jid.parse("bob@sandbox.example");

  private StartedServer server;
  private ServerFaults faults;

  @BeforeEach
  void start() throws Exception {
    server = new StartedServer();
    faults = server.faults();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void faults_areForTestsOnly() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage("org.oicbridge.sandbox")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ServerFaults.class)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.oicbridge"));
  }

  @Test
  void faults_areThereOnceTheServerHasStarted() throws Exception {
    Vertx vertx = Vertx.vertx();
    Options options = new Options(DOMAIN, Map.of("alice", "x"));
    assertThatThrownBy(() -> new EmbeddedXmppServer(vertx, options).faults())
        .isInstanceOf(IllegalStateException.class);
    await(vertx.close());
    assertThat(faults).isNotNull();
  }

  private static boolean ofAlice(Jid jid) {
    return jid.bare().equals(ALICE);
  }

  // Links.

  @Test
  void cut_resetsTheConnectionsOfSome() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a");
        RawXmppClient bob = server.bound("bob", "b")) {
      assertThat(await(faults.cut(ServerFaultsTest::ofAlice))).isEqualTo(1);
      assertThatThrownBy(alice::untilClosed).isInstanceOf(SocketException.class);
      bob.send(message("alice@sandbox.example/a", "x"));
      assertThat(bob.until("</message>")).contains("<service-unavailable");
    }
  }

  @Test
  void cut_resetsAllConnectionsAndDetachesWhatCanBeResumed() throws Exception {
    try (RawXmppClient stranger = server.connect();
        RawXmppClient alice = server.bound("alice", "a");
        RawXmppClient bob = server.bound("bob", "b")) {
      enable(alice);
      server.when(counters -> counters.streams() == 3);
      assertThat(await(faults.cut())).isEqualTo(3);
      assertThatThrownBy(stranger::untilClosed).isInstanceOf(SocketException.class);
      assertThatThrownBy(bob::untilClosed).isInstanceOf(SocketException.class);
      ServerCounters after = server.when(counters -> counters.streams() == 0);
      assertThat(after.detached()).isEqualTo(1);
      assertThat(after.sessions()).isZero();
    }
  }

  @Test
  void freeze_leavesTheConnectionOpenAndMute() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a");
        RawXmppClient bob = server.bound("bob", "b")) {
      assertThat(await(faults.freeze(ServerFaultsTest::ofAlice))).isEqualTo(1);
      alice.send(message("bob@sandbox.example/b", "never read"));
      bob.send(message("alice@sandbox.example/a", "never written"));
      assertThat(settle(bob)).doesNotContain("<message");
      alice.expectNothing();
      // As alive as before to the server, whatever the client does.
      alice.close();
      assertThat(settle(bob)).doesNotContain("<message");
      assertThat(server.counters().sessions()).isEqualTo(2);
    }
  }

  @Test
  void freeze_endsForTheServerWithTheSession() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a")) {
      assertThat(await(faults.freeze())).isEqualTo(1);
      try (RawXmppClient again = server.bound("alice", "a")) {
        assertThat(server.counters().sessions()).isEqualTo(1);
        alice.expectNothing();
        settle(again);
      }
    }
  }

  @Test
  void freeze_letsTheSocketGoOnceBothSidesHaveGivenUp() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a")) {
      await(faults.freeze());
      await(faults.endStreams(jid -> true, "reset"));
      // More than is taken from the network ahead of a reader.
      for (int i = 0; i < 30; i++) {
        alice.send(" ".repeat(100_000));
      }
      assertThat(alice.halfClose()).isEmpty();
    }
  }

  @Test
  void cut_alsoEndsAFrozenLink() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a")) {
      await(faults.freeze());
      await(faults.cut());
      assertThatThrownBy(alice::untilClosed).isInstanceOf(SocketException.class);
      server.when(counters -> counters.streams() == 0);
    }
  }

  @Test
  void pause_holdsEverythingUntilItGoesOn() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a");
        RawXmppClient early = server.connect()) {
      server.when(counters -> counters.streams() == 2);
      await(faults.pause());
      alice.send(ping("held"));
      early.send(HEADER);
      try (RawXmppClient late = server.connect()) {
        late.send(HEADER);
        server.when(counters -> counters.streams() == 3);
        late.expectNothing();
        early.expectNothing();
        alice.expectNothing();
        await(faults.goOn());
        assertThat(alice.until("/>")).contains("id='held'", "type='result'");
        assertThat(early.until("</stream:features>")).contains("SCRAM");
        assertThat(late.until("</stream:features>")).contains("SCRAM");
      }
      try (RawXmppClient after = server.bound("bob", "b")) {
        settle(after);
      }
    }
  }

  @Test
  void pause_holdsWhatTheServerSaysItself() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a")) {
      await(faults.pause());
      assertThat(await(faults.endStreams(ServerFaultsTest::ofAlice, "system-shutdown")))
          .isEqualTo(1);
      alice.expectNothing();
      assertThat(server.counters().sessions()).isZero();
    }
  }

  @Test
  void delay_sendsLaterAndInOrder() throws Exception {
    Duration by = Duration.ofMillis(200);
    try (RawXmppClient before = server.bound("alice", "before")) {
      await(faults.delay(ServerFaultsTest::ofAlice, by));
      long start = System.nanoTime();
      before.send(ping("1") + ping("2"));
      assertThat(before.until("id='2'")).contains("id='1'");
      assertThat(System.nanoTime() - start).isGreaterThan(by.minusMillis(20).toNanos());
      // Nothing overtakes what is still on its way.
      before.send(ping("3"));
      await(faults.delay(jid -> true, Duration.ZERO));
      before.send(ping("4"));
      assertThat(before.until("id='4'")).contains("id='3'");
    }
  }

  @Test
  void delay_isAlsoForSessionsThatCome() throws Exception {
    Duration by = Duration.ofMillis(200);
    await(faults.delay(ServerFaultsTest::ofAlice, by));
    try (RawXmppClient bob = server.bound("bob", "b");
        RawXmppClient alice = server.bound("alice", "a")) {
      long start = System.nanoTime();
      settle(alice);
      // Timers may fire a little early.
      assertThat(System.nanoTime() - start).isGreaterThan(by.minusMillis(20).toNanos());
      settle(bob);
      assertThatThrownBy(() -> faults.delay(ServerFaultsTest::ofAlice, by.negated()))
          .hasMessageContaining("by");
    }
  }

  @Test
  void refuseConnections_closesNewOnesUntilAllowed() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a")) {
      await(faults.refuseConnections());
      try (RawXmppClient refused = server.connect()) {
        assertThat(refused.untilClosed()).isEmpty();
      }
      settle(alice);
      await(faults.allowConnections());
      server.bound("bob", "b").close();
    }
  }

  // Logins.

  @Test
  void refuseLogins_ofEverybodyUntilAllowed() throws Exception {
    await(faults.refuseLogins("temporary-auth-failure"));
    for (String user : new String[] {"alice", "bob"}) {
      assertRefused(user, "temporary-auth-failure");
    }
    await(faults.allowLogins());
    server.bound("alice", "a").close();
    assertThat(server.counters().loginsTo(ALICE)).isEqualTo(new ServerCounters.Logins(2, 1));
    assertThat(server.counters().loginsTo(BOB)).isEqualTo(new ServerCounters.Logins(1, 1));
  }

  @Test
  void refuseLogins_ofAnAccountUntilAllowed() throws Exception {
    await(faults.refuseLogins(ALICE, "account-disabled"));
    assertRefused("alice", "account-disabled");
    server.bound("bob", "b").close();
    assertRefused("alice", "account-disabled");
  }

  @Test
  void refuseLogins_aNumberOfTimes() throws Exception {
    await(faults.refuseLogins(ALICE, "not-authorized", 2));
    await(faults.refuseLogins("credentials-expired", 1));
    assertRefused("alice", "not-authorized");
    assertRefused("bob", "credentials-expired");
    assertRefused("alice", "not-authorized");
    server.bound("alice", "a").close();
    assertThat(server.counters().loginsTo(ALICE)).isEqualTo(new ServerCounters.Logins(3, 2));
  }

  private void assertRefused(String user, String condition) throws Exception {
    try (RawXmppClient client = server.connect()) {
      client.send(HEADER).until("</stream:features>");
      client.send(
          RawXmppClient.sasl("auth", " mechanism='SCRAM-SHA-1'", "n,,n=" + user + ",r=abc"));
      assertThat(client.until("</failure>")).contains("<" + condition + "/>");
    }
  }

  @Test
  void logins_withoutAProofCountAsFailed() throws Exception {
    try (RawXmppClient client = server.connect()) {
      client.send(HEADER).until("</stream:features>");
      client.send(RawXmppClient.sasl("auth", " mechanism='SCRAM-SHA-1'", "n,,n=nobody,r=abc"));
      client.until("</failure>");
      client.send(RawXmppClient.sasl("auth", " mechanism='SCRAM-SHA-1'", "n,,n=alice,r=abc"));
      client.until("</challenge>");
      client.send(RawXmppClient.sasl("response", "", "no proof")).until("</failure>");
    }
    assertThat(server.counters().logins())
        .containsExactly(Map.entry(ALICE, new ServerCounters.Logins(1, 1)));
  }

  // Streams.

  @Test
  void endStreams_sendsTheErrorAndEndsTheSession() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a");
        RawXmppClient bob = server.bound("bob", "b")) {
      String id = enable(alice);
      assertThat(await(faults.endStreams(ServerFaultsTest::ofAlice, "policy-violation")))
          .isEqualTo(1);
      assertThat(alice.untilClosed())
          .isEqualTo(
              "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                  + "</stream:error></stream:stream>");
      settle(bob);
      try (RawXmppClient again = server.loggedIn("alice")) {
        assertThat(again.send(StartedServer.resume(id, "0")).until("</failed>"))
            .contains("<item-not-found");
      }
    }
  }

  @Test
  void endStreams_namesAnotherHost() throws Exception {
    try (RawXmppClient alice = server.bound("alice", "a")) {
      await(faults.endStreams(jid -> true, "see-other-host", "[::1]:5222"));
      assertThat(alice.untilClosed())
          .contains(
              "<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>[::1]:5222"
                  + "</see-other-host>");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Not A Name", "a/><b", "-a"})
  void conditions_areNames(String condition) {
    assertThatThrownBy(() -> faults.endStreams(jid -> true, condition))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + condition + "\"");
    assertThatThrownBy(() -> faults.refuseLogins(condition))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> faults.refuseLogins("not-authorized", 0)).hasMessageContaining("0");
  }

  // Counters.

  @Test
  void counters_tellWhatIsThere() throws Exception {
    try (RawXmppClient stranger = server.connect();
        RawXmppClient alice = server.bound("alice", "a")) {
      ServerCounters now = server.when(counters -> counters.streams() == 2);
      assertThat(now)
          .isEqualTo(
              new ServerCounters(Map.of(ALICE, new ServerCounters.Logins(1, 0)), 2, 1, 0, 2, 1, 0));
      assertThat(stranger).isNotNull();
      assertThat(alice).isNotNull();
    }
    server.when(counters -> counters.streams() == 0 && counters.sessions() == 0);
  }

  @Test
  void when_failsWithItsPredicate() {
    Future<ServerCounters> never =
        faults.when(
            counters -> {
              throw new IllegalStateException("no");
            });
    assertThatThrownBy(() -> await(never)).hasRootCauseMessage("no");
  }

  @Test
  void predicates_thatFailAreReported() {
    try (RawXmppClient alice = server.bound("alice", "a")) {
      assertThatThrownBy(
              () ->
                  await(
                      faults.cut(
                          jid -> {
                            throw new IllegalStateException("no");
                          })))
          .hasRootCauseMessage("no");
      settle(alice);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
