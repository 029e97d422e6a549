package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.sandbox.StartedServer.TUNING;
import static org.oicbridge.sandbox.StartedServer.await;
import static org.oicbridge.sandbox.StartedServer.enable;
import static org.oicbridge.sandbox.StartedServer.message;
import static org.oicbridge.sandbox.StartedServer.resume;
import static org.oicbridge.sandbox.StartedServer.resumed;
import static org.oicbridge.sandbox.StartedServer.settle;
import static org.oicbridge.sandbox.StartedServer.sm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.Jid;

/** What a client sees of sessions that outlive their streams (XEP-0198 sections 5 to 7). */
@Timeout(60)
class ResumptionTest {
  private static final String ME = "alice@sandbox.example/me";
  private static final Pattern BODY = Pattern.compile("<body>([^<]*)</body>");

  private StartedServer server;
  private String id;

  @BeforeEach
  void start() throws Exception {
    server = new StartedServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  /** An available resource that can be resumed; it has been sent one stanza, its own presence. */
  private RawXmppClient alice() throws Exception {
    RawXmppClient client = server.bound("alice", "me");
    id = enable(client);
    client.send("<presence/>").until("to='alice@sandbox.example'/>");
    return client;
  }

  /** A session whose client has acknowledged its presence and then closed its connection. */
  private void detached() throws Exception {
    try (RawXmppClient client = alice()) {
      client.send(sm("a", "h='1'"));
      settle(client);
      client.send(sm("a", "h='2'"));
    }
    server.when(counters -> counters.detached() == 1);
  }

  private RawXmppClient resumes(String h) throws Exception {
    RawXmppClient client = server.loggedIn("alice");
    client.send(resume(id, h));
    return client;
  }

  private static String bodies(String xml) {
    Matcher matcher = BODY.matcher(xml);
    return matcher.results().map(found -> found.group(1)).collect(Collectors.joining(" "));
  }

  @Test
  void resume_carriesTheCountsOn() throws Exception {
    detached();
    try (RawXmppClient client = resumes("2")) {
      // The presence and the ping.
      assertThat(client.until("/>")).isEqualTo(resumed(id, "2"));
      settle(client);
      assertThat(client.send(sm("r", "")).until("h='3'/>")).contains("<a xmlns");
      client.send(sm("a", "h='3'"));
      assertThat(settle(client)).doesNotContain("error");
      // It waits no longer, so its time can't be up any more.
      assertThat(server.counters().detached()).isZero();
      assertThat(await(server.faults().expire(jid -> true))).isZero();
    }
    assertThat(server.counters().resumptions()).isEqualTo(1);
    assertThat(server.counters().binds()).isEqualTo(1);
  }

  @Test
  void resume_bringsWhatCameMeanwhileOnceAndInOrder() throws Exception {
    detached();
    try (RawXmppClient bob = server.bound("bob", "b")) {
      for (int i = 0; i < 50; i++) {
        bob.send(message(ME, "" + i));
      }
      assertThat(settle(bob)).doesNotContain("error");
      String all;
      try (RawXmppClient client = resumes("2")) {
        all = bodies(client.until("<body>49</body>"));
        assertThat(all).startsWith("0 1 2 ").endsWith(" 48 49").hasSize(10 * 2 + 40 * 3 - 1);
        assertThat(settle(client)).doesNotContain("<body>");
        // 50 messages and the answer to the ping, of which the client says to have seen 20.
        client.send(sm("a", "h='22'"));
        settle(client);
      }
      server.when(counters -> counters.detached() == 1);
      bob.send(message(ME, "more"));
      settle(bob);
      try (RawXmppClient client = resumes("32")) {
        String rest = bodies(client.until("<body>more</body>"));
        assertThat(rest).isEqualTo(all.substring(all.indexOf("30 ")) + " more");
      }
    }
  }

  @Test
  void resume_resendsEveryKindOfStanza() throws Exception {
    detached();
    try (RawXmppClient bob = server.bound("bob", "b");
        RawXmppClient other = server.bound("alice", "other")) {
      bob.send("<iq type='get' id='q' to='" + ME + "'><x xmlns='urn:x'/></iq>");
      bob.send("<presence to='" + ME + "'/>");
      settle(bob);
      other.send("<presence/>");
      settle(other);
      try (RawXmppClient client = resumes("2")) {
        assertThat(client.until("to='alice@sandbox.example'/>"))
            .contains("<iq type='get' id='q'", "<presence ", "from='bob@sandbox.example/b'")
            .contains("from='alice@sandbox.example/other'");
        client.send("<iq type='result' id='q' to='bob@sandbox.example/b'/>");
        assertThat(bob.until("id='q'")).contains("type='result'");
      }
    }
  }

  @Test
  void resume_asksForAnAcknowledgementAtOnce() throws Exception {
    detached();
    try (RawXmppClient client = resumes("2")) {
      assertThat(client.until(sm("r", ""))).isEqualTo(resumed(id, "2") + sm("r", ""));
    }
  }

  @Test
  void detached_isStillThereToTheOthers() throws Exception {
    try (RawXmppClient other = server.bound("alice", "other")) {
      other.send("<presence/>").until("/other' to='alice@sandbox.example'/>");
      detached();
      assertThat(other.until("/me' to='alice@sandbox.example'/>")).doesNotContain("unavailable");
      try (RawXmppClient client = resumes("2")) {
        client.until("/>");
        // A message to the account finds it without a new presence.
        other.send(message("alice@sandbox.example", "both"));
        assertThat(client.until("</message>")).contains("both");
      }
      assertThat(settle(other)).doesNotContain("unavailable");
    }
  }

  @Test
  void resume_takesALivingSessionOver() throws Exception {
    try (RawXmppClient other = server.bound("alice", "other");
        RawXmppClient old = alice()) {
      other.send("<presence/>").until("/other'");
      other.send(message(ME, "unread"));
      settle(other);
      try (RawXmppClient client = resumes("2")) {
        assertThat(old.untilClosed()).contains("<conflict").endsWith("</stream:stream>");
        assertThat(client.until("</message>")).contains("unread");
        other.send(message(ME, "new"));
        assertThat(client.until("</message>")).contains("new");
        assertThat(settle(other)).doesNotContain("unavailable");
        assertThat(server.counters().detached()).isZero();
      }
    }
  }

  @Test
  void resume_takesOverFromADeadLink() throws Exception {
    try (RawXmppClient bob = server.bound("bob", "b");
        RawXmppClient old = alice()) {
      assertThat(await(server.faults().freeze(jid -> jid.equals(Jid.parse(ME))))).isEqualTo(1);
      bob.send(message(ME, "lost"));
      settle(bob);
      try (RawXmppClient client = resumes("1")) {
        assertThat(client.until("</message>")).contains("lost");
        assertThat(server.counters().detached()).isZero();
        assertThat(old).isNotNull();
      }
    }
  }

  @Test
  void resume_canBeRepeated() throws Exception {
    detached();
    for (int i = 0; i < 3; i++) {
      try (RawXmppClient client = resumes("2")) {
        assertThat(client.until("/>")).isEqualTo(resumed(id, "2"));
      }
      server.when(counters -> counters.detached() == 1);
    }
    assertThat(server.counters().resumptions()).isEqualTo(3);
  }

  @Test
  void resume_ofAnotherAccountIsNotFoundAndTakesNothing() throws Exception {
    detached();
    try (RawXmppClient bob = server.loggedIn("bob")) {
      assertThat(bob.send(resume(id, "2")).until("</failed>"))
          .isEqualTo(
              "<failed xmlns='urn:xmpp:sm:3'>"
                  + "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    }
    try (RawXmppClient client = resumes("2")) {
      assertThat(client.until("/>")).startsWith("<resumed");
    }
  }

  @Test
  void resume_ofAnUnknownIdLetsTheClientBind() throws Exception {
    id = "unknown";
    try (RawXmppClient client = resumes("0")) {
      assertThat(client.until("</failed>")).contains("<item-not-found").doesNotContain("h=");
      assertThat(client.bind("me")).contains(ME);
      assertThat(enable(client)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h='0'", "previd='x'", "previd='x' h='many'"})
  void resume_withoutIdOrCountFails(String attributes) throws Exception {
    try (RawXmppClient client = server.loggedIn("alice")) {
      assertThat(client.send(sm("resume", attributes)).until("</failed>")).contains("<bad-request");
      assertThat(client.bind("me")).contains(ME);
    }
  }

  @Test
  void resume_onceBoundFails() throws Exception {
    detached();
    try (RawXmppClient client = server.bound("alice", "other")) {
      assertThat(client.send(resume(id, "2")).until("</failed>")).contains("<unexpected-request");
      settle(client);
    }
  }

  @Test
  void resume_withACountTooHighEndsTheNewStreamOnly() throws Exception {
    detached();
    try (RawXmppClient client = resumes("3")) {
      assertThat(client.untilClosed())
          .contains(sm("handled-count-too-high", "h='3' send-count='2'"));
    }
    try (RawXmppClient client = resumes("2")) {
      assertThat(client.until("/>")).startsWith("<resumed");
    }
  }

  @Test
  void expiry_tellsTheOthersAndTheSenders() throws Exception {
    try (RawXmppClient bob = server.bound("bob", "b");
        RawXmppClient other = server.bound("alice", "other")) {
      other.send("<presence/>").until("/other'");
      detached();
      other.until("/me'");
      bob.send("<message id='1' to='" + ME + "'/>");
      bob.send("<message id='2' to='" + ME + "' type='error'/>");
      bob.send("<iq id='3' to='" + ME + "' type='get'><x xmlns='urn:x'/></iq>");
      bob.send("<iq id='4' to='" + ME + "' type='result'/>");
      bob.send("<presence id='5' to='" + ME + "'/>");
      bob.send("<message id='6' to='alice@sandbox.example'/>");
      assertThat(settle(bob)).doesNotContain("error");
      assertThat(await(server.faults().expire(jid -> true))).isEqualTo(1);
      assertThat(other.until("type='unavailable' to='alice@sandbox.example'/>"))
          .contains("from='" + ME + "'");
      assertThat(settle(bob))
          .containsOnlyOnce("id='1'")
          .containsOnlyOnce("id='3'")
          .doesNotContain("id='2'", "id='4'", "id='5'")
          // The other resource has got this one.
          .doesNotContain("id='6'")
          .contains("from='" + ME + "'", "<service-unavailable");
      try (RawXmppClient client = resumes("2")) {
        assertThat(client.until("</failed>"))
            .startsWith("<failed xmlns='urn:xmpp:sm:3' h='2'><item-not-found");
        assertThat(client.bind("me")).contains(ME);
      }
    }
  }

  @Test
  void expiry_returnsWhatNobodyElseOfTheAccountHasGot() throws Exception {
    try (RawXmppClient bob = server.bound("bob", "b")) {
      detached();
      bob.send("<message id='1' to='alice@sandbox.example'/>");
      bob.send("<message id='2' to='alice@sandbox.example' type='headline'/>");
      settle(bob);
      await(server.faults().expire(jid -> true));
      assertThat(settle(bob)).containsOnlyOnce("id='1'").doesNotContain("id='2'");
    }
  }

  @Test
  void expiry_comesWithTheTime() throws Exception {
    try (StartedServer quick = new StartedServer(1, TUNING);
        RawXmppClient bob = quick.bound("bob", "b")) {
      long lost;
      try (RawXmppClient client = quick.bound("alice", "me")) {
        id = enable(client);
        lost = System.nanoTime();
      }
      quick.when(counters -> counters.detached() == 1);
      bob.send(message(ME, "late"));
      assertThat(bob.until("</message>")).contains("<service-unavailable");
      assertThat(System.nanoTime() - lost).isGreaterThan(1_000_000_000L);
      assertThat(quick.counters().detached()).isZero();
    }
  }

  @Test
  void expiry_remembersTheCountsOfTheLatestOnly() throws Exception {
    ResumableSessions sessions = new ResumableSessions();
    Jid account = Jid.parse("alice@sandbox.example");
    for (int i = 0; i <= ResumableSessions.MAX_REMEMBERED; i++) {
      Session session = new Session(account.withResource("r" + i), null);
      session.manage(new Session.Managed(null, new Acknowledgements(i), "id" + i, 1));
      sessions.add(session);
      sessions.remove(session);
    }
    assertThat(sessions.handledCount("id0", account)).isEmpty();
    assertThat(sessions.handledCount("id1", account)).hasValue(1);
    assertThat(sessions.handledCount("id1", Jid.parse("bob@sandbox.example"))).isEmpty();
  }

  @Test
  void bind_ofADetachedResourceReplacesIt() throws Exception {
    try (RawXmppClient bob = server.bound("bob", "b")) {
      detached();
      bob.send(message(ME, "for the old one"));
      settle(bob);
      try (RawXmppClient client = server.bound("alice", "me")) {
        assertThat(bob.until("</message>")).contains("<service-unavailable");
        assertThat(settle(client)).doesNotContain("<message");
        try (RawXmppClient late = resumes("2")) {
          assertThat(late.until("</failed>")).contains("<item-not-found");
        }
        bob.send(message(ME, "for the new one"));
        assertThat(client.until("</message>")).contains("for the new one");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"</stream:stream>", "<nonsense/>", "<<"})
  void close_endsTheSession(String last) throws Exception {
    try (RawXmppClient client = alice()) {
      client.send(last).untilClosed();
    }
    try (RawXmppClient client = resumes("1")) {
      assertThat(client.until("</failed>")).contains("<item-not-found");
    }
  }

  @Test
  void detached_thatKeepsTooMuchIsOverAndAllComesBack() throws Exception {
    detached();
    try (RawXmppClient bob = server.bound("bob", "b")) {
      String body = "x".repeat(200_000);
      int enough = Acknowledgements.MAX_BYTES / body.length() + 1;
      for (int i = 0; i < enough; i++) {
        bob.send("<message id='m%d' to='%s'><body>%s</body></message>".formatted(i, ME, body));
      }
      String back = settle(bob);
      for (int i = 0; i < enough; i++) {
        assertThat(back).containsOnlyOnce("id='m" + i + "'");
      }
      assertThat(server.counters().detached()).isZero();
    }
  }

  @Test
  void client_thatAcknowledgesNothingIsCutOffAndAllComesBack() throws Exception {
    try (RawXmppClient bob = server.bound("bob", "b");
        RawXmppClient stuck = alice()) {
      String body = "x".repeat(200_000);
      int enough = Acknowledgements.MAX_BYTES / body.length() + 1;
      for (int i = 0; i < enough; i++) {
        bob.send("<message id='m%d' to='%s'><body>%s</body></message>".formatted(i, ME, body));
        stuck.until("</message>");
        if (i == enough - 2) {
          break;
        }
      }
      bob.send("<message id='last' to='%s'><body>%s</body></message>".formatted(ME, body));
      assertThat(stuck.untilClosed()).contains("<resource-constraint");
      assertThat(settle(bob)).contains("id='m0'", "id='m" + (enough - 2) + "'", "id='last'");
    }
  }
}
