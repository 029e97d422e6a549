package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.sandbox.RawXmppClient.HEADER;
import static org.oicbridge.sandbox.StartedServer.TUNING;
import static org.oicbridge.sandbox.StartedServer.enable;
import static org.oicbridge.sandbox.StartedServer.message;
import static org.oicbridge.sandbox.StartedServer.ping;
import static org.oicbridge.sandbox.StartedServer.settle;
import static org.oicbridge.sandbox.StartedServer.sm;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client sees of stream management up to its acknowledgements (XEP-0198 sections 2 to 4).
 */
@Timeout(60)
class StreamManagementTest {
  private static final String ME = "alice@sandbox.example/me";
  private static final String REQUEST = sm("r", "");

  private StartedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new StartedServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private RawXmppClient alice() throws Exception {
    return server.bound("alice", "me");
  }

  // Section 2, the feature, and section 3, enabling it.

  @Test
  void feature_isOfferedOnceAuthenticated() throws Exception {
    try (RawXmppClient client = server.connect()) {
      assertThat(client.send(HEADER).until("</stream:features>")).doesNotContain("urn:xmpp:sm");
      client.authenticate("SCRAM-SHA-256", "alice", "alice's");
      assertThat(client.send(HEADER).until("</stream:features>")).contains(sm("sm", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"enable", "resume"})
  void enable_beforeAuthenticationEndsTheStream(String name) throws Exception {
    try (RawXmppClient client = server.connect()) {
      client.send(HEADER).until("</stream:features>");
      assertThat(client.send(sm(name, "previd='x' h='0'")).untilClosed())
          .contains("<not-authorized");
    }
  }

  @Test
  void enable_beforeBindingFailsAndLeavesTheStream() throws Exception {
    try (RawXmppClient client = server.loggedIn("alice")) {
      assertThat(client.send(sm("enable", "")).until("</failed>"))
          .contains("<failed xmlns='urn:xmpp:sm:3'><unexpected-request");
      assertThat(client.bind("me")).contains(ME);
      assertThat(enable(client)).isNotEmpty();
    }
  }

  @Test
  void enable_twiceFailsAndEndsTheStream() throws Exception {
    try (RawXmppClient client = alice()) {
      enable(client);
      assertThat(client.send(sm("enable", "")).untilClosed())
          .contains("<failed xmlns='urn:xmpp:sm:3'><unexpected-request")
          .contains("<stream:error><policy-violation")
          .endsWith("</stream:stream>");
    }
  }

  @Test
  void enable_withoutResumptionGetsNone() throws Exception {
    try (RawXmppClient client = alice()) {
      assertThat(client.send(sm("enable", "")).until("/>")).isEqualTo(sm("enabled", ""));
    }
    assertThat(server.when(counters -> counters.streams() == 0).detached()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "resume='true', 300",
    "resume='1', 300",
    "resume='true' max='60', 60",
    "resume='true' max='9999', 300",
    "resume='true' max='0', 300",
    "resume='true' max='soon', 300",
  })
  void enable_withResumptionGetsAnIdAndATime(String attributes, int max) throws Exception {
    try (RawXmppClient client = alice()) {
      assertThat(client.send(sm("enable", attributes)).until("/>"))
          .matches(
              "<enabled xmlns='urn:xmpp:sm:3' id='[^']{20,}' resume='true' max='" + max + "'/>");
    }
  }

  @Test
  void enable_givesEverySessionAnotherId() throws Exception {
    try (RawXmppClient one = alice();
        RawXmppClient two = server.bound("alice", "two")) {
      assertThat(enable(one)).isNotEqualTo(enable(two));
    }
  }

  @Test
  void resumption_canBeLeftOutOfAServer() throws Exception {
    try (StartedServer other = new StartedServer(0, TUNING);
        RawXmppClient client = other.loggedIn("alice")) {
      assertThat(client.send(StartedServer.resume("x", "0")).until("</failed>"))
          .contains("<feature-not-implemented");
      client.bind("me");
      assertThat(client.send(sm("enable", "resume='true'")).until("/>"))
          .isEqualTo(sm("enabled", ""));
      assertThat(client.send(REQUEST).until("/>")).isEqualTo(sm("a", "h='0'"));
    }
  }

  @Test
  void streamManagement_canBeLeftOutOfAServer() throws Exception {
    try (StartedServer other = new StartedServer(-1, TUNING);
        RawXmppClient client = other.connect()) {
      client.send(HEADER).until("</stream:features>");
      client.authenticate("SCRAM-SHA-256", "alice", "alice's");
      assertThat(client.send(HEADER).until("</stream:features>")).doesNotContain("urn:xmpp:sm");
      client.bind("me");
      assertThat(client.send(sm("enable", "")).untilClosed()).contains("<unsupported-stanza-type");
    }
  }

  // Section 4, acknowledgements.

  @Test
  void request_isAnsweredWithTheNumberOfStanzas() throws Exception {
    try (RawXmppClient client = alice()) {
      // Not counted: it came before.
      settle(client);
      client.send(sm("enable", "") + REQUEST).until("/>");
      assertThat(client.until("/>")).isEqualTo(sm("a", "h='0'"));
      client.send(
          "<presence to='bob@sandbox.example'/>"
              + message("bob@sandbox.example", "x")
              + ping("1")
              + REQUEST
              + REQUEST
              + sm("a", "h='0'")
              + REQUEST);
      client.until(sm("a", "h='3'"));
      client.until(sm("a", "h='3'"));
      assertThat(client.until(sm("a", "h='3'"))).doesNotContain("h='4'");
    }
  }

  @Test
  void count_ofTheClientsStanzasGoesOnWithZero() throws Exception {
    try (StartedServer other = new StartedServer(300, TUNING.withFirstCount(-2));
        RawXmppClient client = other.bound("alice", "me")) {
      enable(client);
      for (String h : new String[] {"4294967294", "4294967295", "0", "1"}) {
        assertThat(client.send(REQUEST).until("/>")).isEqualTo(sm("a", "h='" + h + "'"));
        client.send("<presence to='bob@sandbox.example'/>");
      }
    }
  }

  @Test
  void count_ofTheServersStanzasGoesOnWithZero() throws Exception {
    try (StartedServer other = new StartedServer(300, TUNING.withFirstCount(-2));
        RawXmppClient client = other.bound("alice", "me")) {
      String id = enable(client);
      for (String h : new String[] {"4294967294", "4294967295", "0"}) {
        client.send(sm("a", "h='" + h + "'") + message(ME, "after " + h)).until("</message>");
      }
      client.close();
      other.when(counters -> counters.detached() == 1);
      try (RawXmppClient again = other.loggedIn("alice")) {
        // Three were sent, of which the first and the second are acknowledged by this.
        again.send(StartedServer.resume(id, "0"));
        assertThat(again.until("</message>")).contains("h='1'/>").contains("after 0");
        assertThat(settle(again)).doesNotContain("<message");
      }
    }
  }

  @Test
  void server_asksAfterTenStanzas() throws Exception {
    Tuning patient = new Tuning(TUNING.patience(), 0, 10, Duration.ofHours(1));
    try (StartedServer other = new StartedServer(300, patient);
        RawXmppClient client = other.bound("alice", "me")) {
      enable(client);
      for (int i = 0; i < 9; i++) {
        client.send(ping("" + i)).until("id='" + i + "'");
      }
      assertThat(client.send(REQUEST).until("h='9'/>")).doesNotContain(REQUEST);
      client.send(ping("last"));
      assertThat(client.until(REQUEST)).contains("id='last'");
      client.send(sm("a", "h='10'"));
      assertThat(client.send(REQUEST).until("h='10'/>")).doesNotContain(REQUEST);
    }
  }

  @Test
  void server_asksForLessAfterAWhile() throws Exception {
    try (RawXmppClient client = alice()) {
      enable(client);
      assertThat(client.send(ping("1")).until(REQUEST)).contains("id='1'");
      assertThat(client.send(ping("2")).until(REQUEST)).contains("id='2'");
    }
  }

  @Test
  void acknowledgement_ofMoreThanWasSentEndsTheSession() throws Exception {
    try (RawXmppClient client = alice()) {
      String id = enable(client);
      settle(client);
      client.send(sm("a", "h='10'"));
      assertThat(client.untilClosed())
          .contains(
              "<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>")
          .contains(sm("handled-count-too-high", "h='10' send-count='1'"))
          .endsWith("</stream:error></stream:stream>");
      try (RawXmppClient again = server.loggedIn("alice")) {
        assertThat(again.send(StartedServer.resume(id, "1")).until("</failed>"))
            .contains("<item-not-found");
      }
    }
  }

  @Test
  void acknowledgement_ofLessThanBeforeEndsTheStream() throws Exception {
    try (RawXmppClient client = alice()) {
      enable(client);
      settle(client);
      client.send(sm("a", "h='1'") + sm("a", "h='1'") + sm("a", "h='0'"));
      assertThat(client.untilClosed())
          .contains(sm("handled-count-too-high", "h='0' send-count='1'"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h=''", "h='one'", "h='-1'", "h='4294967296'"})
  void acknowledgement_withoutACountEndsTheStream(String attributes) throws Exception {
    try (RawXmppClient client = alice()) {
      enable(client);
      assertThat(client.send(sm("a", attributes)).untilClosed()).contains("<bad-format");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"r", "a", "nonsense"})
  void element_thatHasNoMeaningThereEndsTheStream(String name) throws Exception {
    try (RawXmppClient client = alice()) {
      assertThat(client.send(sm(name, "h='0'")).untilClosed()).contains("<unsupported-stanza-type");
    }
  }

  @Test
  void close_returnsWhatWasNotAcknowledged() throws Exception {
    try (RawXmppClient bob = server.bound("bob", "b");
        RawXmppClient alice = alice()) {
      enable(alice);
      bob.send(message(ME, "1") + message(ME, "2") + message(ME, "3"));
      alice.until("<body>3</body>");
      alice.send(sm("a", "h='2'") + "</stream:stream>").untilClosed();
      assertThat(bob.until("</message>"))
          .contains("type='error'", "from='" + ME + "'", "<service-unavailable");
      assertThat(settle(bob)).doesNotContain("<message");
    }
  }
}
