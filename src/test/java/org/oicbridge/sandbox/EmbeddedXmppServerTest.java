package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.sandbox.RawXmppClient.DOMAIN;
import static org.oicbridge.sandbox.RawXmppClient.HEADER;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.Jid;
import org.oicbridge.sandbox.EmbeddedXmppServer.Options;
import org.oicbridge.sandbox.EmbeddedXmppServer.Tls;
import org.oicbridge.xmpp.Element;

/** What a client sees of the server, said byte for byte. */
@Timeout(60)
class EmbeddedXmppServerTest {
  private static final String PASSWORD = "alice's secret";
  private static final Map<String, String> ACCOUNTS = Map.of("alice", PASSWORD, "bob", "bob's");

  private static Vertx vertx;
  private static EmbeddedXmppServer plain;
  private static EmbeddedXmppServer secure;
  private static int plainPort;
  private static int securePort;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    Options options = new Options(DOMAIN, ACCOUNTS).withIterations(16);
    plain = new EmbeddedXmppServer(vertx, options.withTls(Tls.NONE));
    secure = new EmbeddedXmppServer(vertx, options.withDirectTls(0));
    plainPort = plain.start().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    securePort = secure.start().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static RawXmppClient alice(String resource) throws Exception {
    return RawXmppClient.bound(plainPort, "alice", PASSWORD, resource);
  }

  private static RawXmppClient bob(String resource) throws Exception {
    return RawXmppClient.bound(plainPort, "bob", "bob's", resource);
  }

  // Where it listens.

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "no such host"})
  void bind_otherThanLoopbackIsRefused(String host) {
    Options options = new Options(DOMAIN, ACCOUNTS).listeningOn(host, 0);
    assertThatThrownBy(() -> new EmbeddedXmppServer(vertx, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(host);
  }

  @Test
  void options_outOfRangeAreRefused() {
    Options options = new Options(DOMAIN, ACCOUNTS);
    assertThatThrownBy(() -> options.listeningOn("127.0.0.1", 65_536))
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> options.withDirectTls(-2)).hasMessageContaining("-2");
    assertThatThrownBy(() -> options.withIterations(0)).hasMessageContaining("iterations");
    assertThatThrownBy(() -> new EmbeddedXmppServer(vertx, new Options("a@b", ACCOUNTS)))
        .hasMessageContaining("a@b");
    assertThatThrownBy(() -> new EmbeddedXmppServer(vertx, new Options(DOMAIN, Map.of("a b", "x"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(options.toString()).doesNotContain(PASSWORD);
  }

  @Test
  void start_onATakenPortFailsAndLeavesNothingToStop() throws Exception {
    EmbeddedXmppServer server =
        new EmbeddedXmppServer(
            vertx,
            new Options(DOMAIN, ACCOUNTS).withIterations(16).listeningOn("127.0.0.1", plainPort));
    assertThatThrownBy(
            () ->
                server.start().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IOException.class);
    server.stop().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void certificateAuthority_isKnownOnceStarted() {
    EmbeddedXmppServer server = new EmbeddedXmppServer(vertx, new Options(DOMAIN, ACCOUNTS));
    assertThatThrownBy(server::certificateAuthority).isInstanceOf(IllegalStateException.class);
    assertThat(secure.certificateAuthority().toString()).startsWith("-----BEGIN CERTIFICATE-----");
    assertThat(plain.directTlsPort()).isEqualTo(-1);
  }

  @Test
  void stop_endsStreamsAndFreesThePort() throws Exception {
    Options options = new Options(DOMAIN, ACCOUNTS).withTls(Tls.NONE).withIterations(16);
    EmbeddedXmppServer server = new EmbeddedXmppServer(vertx, options);
    int port = server.start().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    try (RawXmppClient client = RawXmppClient.bound(port, "alice", PASSWORD, "r")) {
      server.stop().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThat(client.untilClosed()).contains("<system-shutdown");
      assertThat(refusedWithin(Duration.ofSeconds(10), port)).isTrue();
    }
  }

  /** The JDK lets go of a listening socket only when its selector comes round to it. */
  private static boolean refusedWithin(Duration time, int port) {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - deadline < 0) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        // Connecting to a free port can meet itself (RFC 9293 section 3.5), which is a refusal,
        // too.
        if (socket.getLocalPort() == port) {
          return true;
        }
      } catch (IOException refused) {
        return true;
      }
    }
    return false;
  }

  // TLS.

  @Test
  void startTls_isRequiredAndThenHidesItself() throws Exception {
    try (RawXmppClient client = new RawXmppClient(securePort)) {
      assertThat(client.send(HEADER).until("</stream:features>"))
          .contains("<required/>")
          .doesNotContain("SCRAM");
      client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").until("/>");
      client.secure(secure.certificateAuthority().getBytes());
      assertThat(client.send(HEADER).until("</stream:features>"))
          .contains("SCRAM-SHA-256", "SCRAM-SHA-1")
          .doesNotContain("starttls");
      client.authenticate("SCRAM-SHA-256", "alice", PASSWORD);
      client.send(HEADER).until("</stream:features>");
      assertThat(client.bind("r")).contains("alice@sandbox.example/r");
    }
  }

  @Test
  void startTls_withMoreInTheClearBehindItIsCutOff() throws Exception {
    try (RawXmppClient client = new RawXmppClient(securePort)) {
      client.send(HEADER).until("</stream:features>");
      client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + HEADER);
      assertThat(client.untilClosed()).contains("<policy-violation").doesNotContain("proceed");
    }
  }

  @Test
  void startTls_thatIsOptionalMayBeLeftOutOrTaken() throws Exception {
    Options options = new Options(DOMAIN, ACCOUNTS).withTls(Tls.OPTIONAL).withIterations(16);
    EmbeddedXmppServer server = new EmbeddedXmppServer(vertx, options);
    int port = server.start().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    try (RawXmppClient client = new RawXmppClient(port)) {
      assertThat(client.send(HEADER).until("</stream:features>"))
          .contains("starttls", "SCRAM-SHA-256")
          .doesNotContain("required");
      client.authenticate("SCRAM-SHA-1", "alice", PASSWORD);
    }
    server.stop().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void authentication_beforeRequiredTlsIsRefused() throws Exception {
    try (RawXmppClient client = new RawXmppClient(securePort)) {
      client.send(HEADER).until("</stream:features>");
      client.send(RawXmppClient.sasl("auth", " mechanism='SCRAM-SHA-256'", "n,,n=alice,r=abc"));
      assertThat(client.until("</failure>")).contains("<encryption-required/>");
    }
  }

  @Test
  void directTls_needsNoStartTls() throws Exception {
    try (RawXmppClient client = new RawXmppClient(secure.directTlsPort())) {
      client.secure(secure.certificateAuthority().getBytes());
      assertThat(client.send(HEADER).until("</stream:features>"))
          .contains("SCRAM-SHA-256")
          .doesNotContain("starttls");
    }
  }

  // SASL.

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-1"})
  void sasl_authenticatesAnIndependentScramClient(String mechanism) throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.login(mechanism, "alice", PASSWORD);
      assertThat(client.bind("r")).contains("<jid>alice@sandbox.example/r</jid>");
    }
  }

  @Test
  void sasl_refusesAWrongPasswordAndTakesTheRightOneAfterwards() throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.send(HEADER).until("</stream:features>");
      assertThatThrownBy(() -> wrongPassword(client)).hasMessageContaining("not-authorized");
      client.authenticate("SCRAM-SHA-256", "alice", PASSWORD);
    }
  }

  @Test
  void sasl_endsTheStreamAfterThreeFailures() throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.send(HEADER).until("</stream:features>");
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> wrongPassword(client)).hasMessageContaining("not-authorized");
      }
      assertThat(client.untilClosed()).contains("<policy-violation");
    }
  }

  private static void wrongPassword(RawXmppClient client) throws Exception {
    client.send(RawXmppClient.sasl("auth", " mechanism='SCRAM-SHA-1'", "n,,n=alice,r=abc"));
    String challenge = client.until("</challenge>");
    String encoded = challenge.substring(0, challenge.lastIndexOf('<'));
    String first =
        new String(
            Base64.getDecoder().decode(encoded.substring(encoded.lastIndexOf('>') + 1)),
            StandardCharsets.UTF_8);
    String nonce = first.substring(0, first.indexOf(','));
    client.send(
        RawXmppClient.sasl("response", "", "c=biws," + nonce + ",p=AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    throw new IllegalStateException(client.until("</failure>"));
  }

  @ParameterizedTest
  @CsvSource({
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AA==</auth>,invalid-mechanism",
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>,invalid-mechanism",
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>*</auth>,"
        + "incorrect-encoding",
    "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AA==</response>,malformed-request",
    "<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>,aborted",
    "<nonsense xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>,malformed-request",
  })
  void sasl_answersNonsenseWithItsCondition(String xml, String condition) throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.send(HEADER).until("</stream:features>");
      assertThat(client.send(xml).until("</failure>")).contains("<" + condition + "/>");
    }
  }

  @Test
  void sasl_withoutAnInitialResponseIsAskedForIt() throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.send(HEADER).until("</stream:features>");
      client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'/>");
      client.until("<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
      client.send(RawXmppClient.sasl("response", "", "n,,n=alice,r=abc"));
      assertThat(client.until("</challenge>")).isNotEmpty();
    }
  }

  @Test
  void sasl_takesAStreamHeaderThatIsSentAlongWithTheProof() throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.send(HEADER).until("</stream:features>");
      client.authenticate("SCRAM-SHA-256", "alice", PASSWORD, HEADER);
      assertThat(client.until("</stream:features>")).contains("xmpp-bind");
    }
  }

  @Test
  void sasl_thatIsNotFinishedInTimeEndsTheStream() throws Exception {
    Options options = new Options(DOMAIN, ACCOUNTS).withTls(Tls.NONE).withIterations(16);
    EmbeddedXmppServer server = new EmbeddedXmppServer(vertx, options, Duration.ofMillis(50));
    int port = server.start().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    try (RawXmppClient client = new RawXmppClient(port)) {
      assertThat(client.untilClosed()).contains("<connection-timeout");
    }
    server.stop().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  // Streams.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "to='sandbox.example' | to='elsewhere.example' | host-unknown",
        "to='sandbox.example' | '' | host-unknown",
        "jabber:client' version='1.0' | jabber:client' | unsupported-version",
        "jabber:client | jabber:server | invalid-namespace",
        "<?xml version='1.0'?> | <!DOCTYPE a> | restricted-xml",
      })
  void header_thatIsWrongIsAStreamError(String right, String wrong, String condition)
      throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.send(HEADER.replace(right, wrong));
      assertThat(client.untilClosed())
          .startsWith("<?xml version='1.0'?><stream:stream ")
          .contains("<" + condition)
          .endsWith("</stream:stream>");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<a></b><c/> | not-well-formed",
        "<message>&secret;</message> | restricted-xml",
        "<!-- x --> | restricted-xml",
        "<?x y?> | restricted-xml",
        "<message/> | not-authorized",
        "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/> | not-authorized",
      })
  void stream_thatIsBadBeforeLoginIsAStreamError(String xml, String condition) throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.send(HEADER).until("</stream:features>");
      assertThat(client.send(xml).untilClosed())
          .contains("<" + condition)
          .endsWith("</stream:stream>");
    }
  }

  @Test
  void stanza_overTheLimitIsAPolicyViolation() throws Exception {
    try (RawXmppClient client = alice("big")) {
      String body = "x".repeat(ServerStream.MAX_STANZA - 200);
      client.send(message("alice@sandbox.example/big", "", "<body>" + body + "</body>"));
      assertThat(client.until("</message>")).contains(body);
      // No more than a little over it, or the server would close while this is still written.
      client.send("<message><body>" + body + "x".repeat(300));
      assertThat(client.untilClosed()).contains("<policy-violation");
    }
  }

  @Test
  void stream_thatIsClosedIsClosedBack() throws Exception {
    try (RawXmppClient client = alice("polite")) {
      assertThat(client.send("</stream:stream>").untilClosed()).isEqualTo("</stream:stream>");
    }
  }

  // Binding.

  @ParameterizedTest
  @ValueSource(strings = {"OIC/1.0/oic.d.light/0A6F1c9e-5c3b-4b7d-9a55-2f6d1b0e4a01", "a b@c"})
  void bind_keepsTheResourceExactly(String resource) throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.login("SCRAM-SHA-1", "alice", PASSWORD);
      assertThat(client.bind(resource))
          .contains("<jid>alice@sandbox.example/" + resource + "</jid>");
    }
  }

  @Test
  void bind_withoutAResourceGetsOne() throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.login("SCRAM-SHA-1", "alice", PASSWORD);
      assertThat(client.bind("")).containsPattern("<jid>alice@sandbox.example/.{20,}</jid>");
    }
  }

  @Test
  void bind_refusesAResourceThatIsNone() throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.login("SCRAM-SHA-1", "alice", PASSWORD);
      assertThat(client.bind("x".repeat(1024))).contains("<bad-request");
      assertThat(client.bind("x")).contains("<jid>alice@sandbox.example/x</jid>");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<message to='alice@sandbox.example'/>",
        "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
      })
  void stanza_beforeBindingIsAStreamError(String stanza) throws Exception {
    try (RawXmppClient client = new RawXmppClient(plainPort)) {
      client.login("SCRAM-SHA-1", "alice", PASSWORD);
      assertThat(client.send(stanza).untilClosed()).contains("<not-authorized");
    }
  }

  @Test
  void bind_ofABoundResourceReplacesTheOldSession() throws Exception {
    try (RawXmppClient watcher = alice("watcher");
        RawXmppClient old = alice("same")) {
      watcher.send("<presence/>").until("/watcher'");
      old.send("<presence/>").until("/watcher'");
      watcher.until("/same'");
      try (RawXmppClient replacement = alice("same")) {
        assertThat(old.untilClosed()).contains("<conflict");
        assertThat(watcher.until("/same' type='unavailable' to='alice@sandbox.example'/>"))
            .isNotEmpty();
        replacement.send(message("alice@sandbox.example/same", "", "<body>me</body>"));
        assertThat(replacement.until("</message>")).contains("<body>me</body>");
      }
    }
  }

  // Presence.

  @Test
  void presence_isSeenByTheOtherResourcesAndEndsWithTheConnection() throws Exception {
    try (RawXmppClient first = alice("p1")) {
      first.send("<presence><show>dnd</show></presence>");
      assertThat(first.until("</presence>")).contains("from='alice@sandbox.example/p1'");
      try (RawXmppClient second = alice("p2")) {
        second.send("<presence><priority>5</priority></presence>");
        // its own, and that of the resource that was there before
        assertThat(second.until("<show>dnd</show></presence>"))
            .contains("from='alice@sandbox.example/p2'", "from='alice@sandbox.example/p1'");
        assertThat(first.until("</presence>"))
            .contains("from='alice@sandbox.example/p2'", "<priority>5</priority>");
      }
      assertThat(first.until("/>"))
          .contains("from='alice@sandbox.example/p2'", "type='unavailable'");
    }
  }

  @Test
  void presence_unavailableGoesToTheOthersAndStopsTheirs() throws Exception {
    try (RawXmppClient first = alice("u1");
        RawXmppClient second = alice("u2")) {
      first.send("<presence/>").until("/u1'");
      second.send("<presence/>").until("/u1'");
      first.until("/u2'");
      second.send("<presence type='unavailable'><status>bye</status></presence>");
      assertThat(first.until("</presence>")).contains("unavailable", "<status>bye</status>");
      first.send("<presence><status>unseen</status></presence>").until("unseen");
      assertThat(second.send(ping("done")).until("id='done'")).doesNotContain("unseen");
    }
  }

  @Test
  void presence_directedReachesAnotherAccountAndIsTakenBackAtTheEnd() throws Exception {
    try (RawXmppClient bob = bob("d")) {
      try (RawXmppClient alice = alice("d")) {
        alice.send("<presence to='bob@sandbox.example/d'/>");
        assertThat(bob.until("/>")).contains("from='alice@sandbox.example/d'");
      }
      assertThat(bob.until("/>")).contains("from='alice@sandbox.example/d'", "unavailable");
    }
  }

  @Test
  void presence_directedToAnAccountReachesItsAvailableResourcesUntilTakenBack() throws Exception {
    try (RawXmppClient shown = bob("shown");
        RawXmppClient alice = alice("shows")) {
      shown.send("<presence/>").until("/shown'");
      alice.send("<presence to='bob@sandbox.example'/>");
      assertThat(shown.until("/shows'")).doesNotContain("unavailable");
      alice.send("<presence to='bob@sandbox.example' type='unavailable'/>");
      assertThat(shown.until("/shows'")).contains("type='unavailable'");
      alice.send("</stream:stream>").untilClosed();
      // It was taken back already, so the end of the connection says nothing more.
      assertThat(shown.send(ping("done")).until("id='done'")).doesNotContain("alice");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<presence type='subscribe' to='bob@sandbox.example/quiet'/>",
        "<presence type='probe' to='bob@sandbox.example/quiet'/>",
        "<presence type='subscribe'/>",
        "<presence type='unavailable'/>",
        "<presence to='nobody@sandbox.example'/>",
      })
  void presence_thatHasNobodyToTellIsSilent(String presence) throws Exception {
    try (RawXmppClient bob = bob("quiet");
        RawXmppClient alice = alice("asks")) {
      assertThat(alice.send(presence).send(ping("done")).until("id='done'"))
          .doesNotContain("presence");
      assertThat(bob.send(ping("done")).until("id='done'")).doesNotContain("presence");
    }
  }

  // Routing.

  @Test
  void message_toAFullJidIsStampedWithItsTrueSender() throws Exception {
    try (RawXmppClient alice = alice("m");
        RawXmppClient bob = bob("m")) {
      alice.send(
          message("bob@sandbox.example/m", "from='alice@sandbox.example'", "<body>x</body>"));
      assertThat(bob.until("</message>")).contains("from='alice@sandbox.example/m'");
    }
  }

  @Test
  void message_toAnAccountGoesToItsResourcesWithoutNegativePriority() throws Exception {
    try (RawXmppClient alice = alice("a");
        RawXmppClient one = bob("one");
        RawXmppClient two = bob("two")) {
      one.send("<presence/>").until("/one'");
      two.send("<presence><priority>-1</priority></presence>").until("/one'");
      alice.send(message("bob@sandbox.example", "", "<body>x</body>"));
      assertThat(one.until("</message>")).contains("<body>x</body>");
      assertThat(two.send(ping("done")).until("id='done'")).doesNotContain("<body>");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bob@sandbox.example/nowhere, service-unavailable",
    "bob@sandbox.example, service-unavailable",
    "nobody@sandbox.example, service-unavailable",
    "sandbox.example, service-unavailable",
    "bob@elsewhere.example, remote-server-not-found",
    "@@, jid-malformed",
  })
  void message_thatCannotBeDeliveredComesBack(String to, String condition) throws Exception {
    try (RawXmppClient alice = alice("back")) {
      alice.send(message(to, "id='7'", "<body>x</body>"));
      assertThat(alice.until("</message>"))
          .contains("type='error'", "id='7'", "<" + condition)
          .contains("to='alice@sandbox.example/back'");
    }
  }

  @Test
  void message_ofAGroupToAnAccountComesBack() throws Exception {
    try (RawXmppClient bob = bob("group");
        RawXmppClient alice = alice("group")) {
      bob.send("<presence/>").until("/group'");
      alice.send(message("bob@sandbox.example", "type='groupchat'", "<body>x</body>"));
      assertThat(alice.until("</message>")).contains("<service-unavailable");
    }
  }

  @Test
  void error_thatCannotBeDeliveredIsDropped() throws Exception {
    try (RawXmppClient alice = alice("drop")) {
      alice.send(message("bob@sandbox.example/nowhere", "type='error'", ""));
      alice.send(message("bob@sandbox.example", "type='error'", ""));
      alice.send(message("bob@sandbox.example", "type='headline'", ""));
      alice.send("<iq type='result' id='1' to='bob@sandbox.example/nowhere'/>");
      alice.send("<presence to='bob@sandbox.example/nowhere'/>");
      assertThat(alice.send(ping("done")).until("id='done'")).doesNotContain("type='error'");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<iq type='get' id='1'><x xmlns='urn:unknown'/></iq> | service-unavailable",
        "<iq type='get' id='1' to='bob@sandbox.example/nowhere'><x xmlns='y'/></iq>"
            + " | service-unavailable",
        "<iq type='get' id='1' to='bob@sandbox.example'><x xmlns='y'/></iq> | service-unavailable",
        "<iq type='get' id='1'/> | bad-request",
        "<iq type='fetch' id='1'><x xmlns='y'/></iq> | bad-request",
        "<iq id='1'><x xmlns='y'/></iq> | bad-request",
        "<iq type='get'><x xmlns='y'/></iq> | bad-request",
        "<iq type='set' id='1'><query xmlns='jabber:iq:roster'/></iq> | not-allowed",
        "<iq type='set' id='1'><ping xmlns='urn:xmpp:ping'/></iq> | not-allowed",
        "<iq type='get' id='1' to='sandbox.example'><query xmlns='jabber:iq:roster'/></iq>"
            + " | service-unavailable",
      })
  void iq_thatCannotBeAnsweredIsAnError(String iq, String condition) throws Exception {
    try (RawXmppClient alice = alice("iq")) {
      assertThat(alice.send(iq).until("</iq>"))
          .contains("type='error'")
          .contains("<" + condition)
          .contains("to='alice@sandbox.example/iq'");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<ping xmlns='urn:xmpp:ping'/> | get | sandbox.example | type='result'",
        "<ping xmlns='urn:xmpp:ping'/> | get | alice@sandbox.example | type='result'",
        "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/> | set | sandbox.example"
            + " | type='result'",
        "<query xmlns='jabber:iq:roster'/> | get | alice@sandbox.example"
            + " | <query xmlns='jabber:iq:roster'/>",
        "<query xmlns='http://jabber.org/protocol/disco#info'/> | get | sandbox.example"
            + " | category='server'",
        "<query xmlns='http://jabber.org/protocol/disco#info'/> | get | alice@sandbox.example"
            + " | category='account'",
        "<query xmlns='http://jabber.org/protocol/disco#items'/> | get | sandbox.example"
            + " | type='result'",
      })
  void iq_toTheServerIsAnswered(String request, String type, String to, String answer)
      throws Exception {
    try (RawXmppClient alice = alice("server")) {
      alice.send("<iq type='%s' id='42' to='%s'>%s</iq>".formatted(type, to, request));
      assertThat(alice.until(answer)).contains("<iq");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<message from='bob@sandbox.example/x' to='bob@sandbox.example'/> | invalid-from",
        "<nonsense/> | unsupported-stanza-type",
        "<message xmlns='urn:x'/> | unsupported-stanza-type",
      })
  void stanza_thatIsForgedOrNoneEndsTheStream(String stanza, String condition) throws Exception {
    try (RawXmppClient alice = alice("bad")) {
      assertThat(alice.send(stanza).untilClosed()).contains("<" + condition);
    }
  }

  @Test
  void client_thatReadsNothingIsCutOffAndTheSenderIsTold() throws Exception {
    try (RawXmppClient sender = alice("sender");
        RawXmppClient stuck = bob("stuck")) {
      String body = "<body>" + "x".repeat(200_000) + "</body>";
      for (int i = 0; i < 200; i++) {
        sender.send(message("bob@sandbox.example/stuck", "", body));
      }
      assertThat(sender.until("</message>")).contains("<service-unavailable");
      assertThat(stuck).isNotNull();
    }
  }

  @Test
  void resources_ofAnAccountAreLimited() {
    Resources resources = new Resources();
    Jid account = Jid.parse("alice@sandbox.example");
    for (int i = 0; i < Resources.MAX_PER_ACCOUNT; i++) {
      assertThat(resources.full(account)).isFalse();
      resources.add(new Session(account.withResource("r" + i), null));
    }
    assertThat(resources.full(account)).isTrue();
    resources.remove(resources.find(account.withResource("r0")));
    assertThat(resources.full(account)).isFalse();
  }

  @Test
  void session_remembersABoundedNumberOfPeers() {
    Session session = new Session(Jid.parse("alice@sandbox.example/r"), null);
    for (int i = 0; i < 2000; i++) {
      session.showTo(Jid.parse("bob@sandbox.example/" + i));
    }
    assertThat(session.directed()).hasSize(1000);
  }

  @ParameterizedTest
  @CsvSource({"5, 5", "-1, -1", "' 3 ', 3", "high, 0", "'', 0"})
  void session_readsThePriorityOfItsPresence(String text, int priority) {
    Session session = new Session(Jid.parse("alice@sandbox.example/r"), null);
    session.setPresence(
        Element.named("presence", Element.CLIENT)
            .child(Element.named("priority", Element.CLIENT).text(text).build())
            .build());
    assertThat(session.priority()).isEqualTo(priority);
  }

  @Test
  void sessions_costNoThreads() throws Exception {
    List<RawXmppClient> clients = new ArrayList<>();
    clients.add(alice("first"));
    int before = Thread.activeCount();
    for (int i = 0; i < 200; i++) {
      clients.add(alice("many" + i));
    }
    assertThat(Thread.activeCount()).isLessThan(before + 10);
    clients.get(200).send(message("alice@sandbox.example/many0", "", "<body>x</body>"));
    assertThat(clients.get(1).until("</message>")).contains("many199");
    for (RawXmppClient client : clients) {
      client.close();
    }
  }

  private static String message(String to, String attributes, String content) {
    return "<message to='%s' %s>%s</message>".formatted(to, attributes, content);
  }

  private static String ping(String id) {
    return "<iq type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>".formatted(id);
  }
}
