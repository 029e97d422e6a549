package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.Headers;

/** XEP-0047 section 2.2: what a block may not be, and that it harms its own stream only. */
@Timeout(30)
class BlockRulesTest {
  private Shard shard;

  @BeforeEach
  void start() {
    start(CONFIG);
  }

  private void start(IbbConfig config) {
    close();
    shard = Shard.scripted(config);
    shard.open(FRIEND, "bad", Carrier.MESSAGE);
    shard.open(FRIEND, "good", Carrier.MESSAGE);
  }

  @AfterEach
  void close() {
    if (shard != null) {
      shard.close();
      shard = null;
    }
  }

  private void assertClosedAlone() {
    Ibb.Close close = shard.expect(Ibb.Close.class);
    assertThat(close.sid()).isEqualTo("bad");
    assertThat(close.peer()).isEqualTo(FRIEND);
    shard.data(FRIEND, "bad", 0, Shard.retrieve("/a/light"));
    assertThat(shard.expectRefused(Condition.ITEM_NOT_FOUND).sid()).isEqualTo("bad");
    assertGoodServes();
  }

  private void assertGoodServes() {
    shard.data(FRIEND, "good", 0, Shard.retrieve("/a/light"));
    assertThat(shard.expectAnswer().body()).contains("/a/light");
  }

  @Test
  void wrongSeq_closesTheStream() {
    shard.data(FRIEND, "bad", 1, Shard.retrieve("/a/light"));
    shard.expectRefused(Condition.UNEXPECTED_REQUEST);
    assertClosedAlone();
    assertThat(shard.asked).hasSize(1);
  }

  @Test
  void repeatedSeq_closesTheStream() {
    shard.data(FRIEND, "bad", 0, Shard.retrieve("/a/light"));
    shard.expectAnswer();
    shard.data(FRIEND, "bad", 0, Shard.retrieve("/a/light"));
    shard.expectRefused(Condition.UNEXPECTED_REQUEST);
    assertClosedAlone();
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void badBase64_closesTheStream(Carrier carrier) {
    shard.data(LAMP, FRIEND, "bad", 0, "PHJlc3Q-", carrier);
    assertThat(shard.expectRefused(Condition.BAD_REQUEST).carrier()).isEqualTo(carrier);
    assertClosedAlone();
  }

  @Test
  void blockLargerThanAgreed_closesTheStream() {
    byte[] large = Arrays.copyOf(Shard.retrieve("/a/light"), 4097);
    Arrays.fill(large, Shard.retrieve("/a/light").length, 4097, (byte) ' ');
    shard.data(FRIEND, "bad", 0, large);
    shard.expectRefused(Condition.BAD_REQUEST);
    assertClosedAlone();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "<rest><url></rest>",
        "<!DOCTYPE rest [<!ENTITY a 'b'>]><rest><url method=\"GET\">/&a;</url></rest>"
      })
  void whatIsNoXml_closesTheStream(String text) {
    shard.data(FRIEND, "bad", 0, text.getBytes(StandardCharsets.UTF_8));
    shard.expectRefused(Condition.BAD_REQUEST);
    assertClosedAlone();
    assertThat(shard.asked).hasSize(1);
  }

  @Test
  void messageThatIsNotCompleted_closesTheStream() {
    start(Shard.times(CONFIG, Duration.ofSeconds(60), Duration.ofMillis(100)));
    shard.data(FRIEND, "bad", 0, "<rest><url method=".getBytes(StandardCharsets.UTF_8));
    assertClosedAlone();
  }

  @Test
  void messageThatTrickles_isNotWaitedForForever() {
    start(Shard.times(CONFIG, Duration.ofSeconds(60), Duration.ofMillis(200)));
    AtomicInteger seq = new AtomicInteger();
    shard.data(FRIEND, "bad", seq.getAndIncrement(), "<rest>".getBytes(StandardCharsets.UTF_8));
    // Each byte comes well before the pause is over, so only the whole time can end the stream.
    long trickle =
        shard
            .vertx()
            .setPeriodic(
                20, id -> shard.data(FRIEND, "bad", seq.getAndIncrement(), new byte[] {' '}));
    Ibb.Close close = shard.expect(Ibb.Close.class);
    shard.vertx().cancelTimer(trickle);
    assertThat(close.sid()).isEqualTo("bad");
    assertThat(seq.get()).isGreaterThan(20);
  }

  @Test
  void messageWithoutEnd_isNotKept() {
    start(
        new IbbConfig(
            4096, 4096, 4, 3, 64, 64, Duration.ofSeconds(60), 8192, Duration.ofSeconds(30)));
    byte[] start =
        "<rest><url method='POST'>/a</url><body><json>\"".getBytes(StandardCharsets.UTF_8);
    shard.data(FRIEND, "bad", 0, start);
    byte[] more = new byte[4096];
    Arrays.fill(more, (byte) 'x');
    for (int seq = 1; seq <= 32; seq++) {
      shard.data(FRIEND, "bad", seq, more);
    }
    assertThat(shard.skipTo(Ibb.Close.class).sid()).isEqualTo("bad");
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void unknownSid_isRefusedInKind(Carrier carrier) {
    shard.data(LAMP, FRIEND, "nowhere", 0, "", carrier);

    assertThat(shard.expect(Ibb.Refused.class))
        .isEqualTo(
            new Ibb.Refused(
                LAMP, FRIEND, "data-nowhere-0", "nowhere", Condition.ITEM_NOT_FOUND, carrier));
  }

  @Test
  void messagesToUnknownSids_areAnsweredAtABoundedRate() {
    for (int i = 0; i < 1000; i++) {
      shard.data(FRIEND, "nowhere", i, new byte[0]);
    }
    // At most two of the limit's seconds can have passed by now, on any machine that is fast enough
    // for the other tests.
    assertThat(shard.drain()).hasSizeBetween(20, 200);
  }

  @Test
  void forgedSender_reachesNothingAndHarmsNothing() {
    shard.data(CLIENT, "good", 0, Shard.retrieve("/forged"));
    shard.expectRefused(Condition.ITEM_NOT_FOUND);
    assertGoodServes();
    assertThat(shard.asked).hasSize(1);
  }

  @Test
  void blockThatComesBack_endsTheStreamSilently() {
    shard.data(FRIEND, "bad", 0, Shard.retrieve("/a/light"));
    Ibb.Data answer = shard.expect(Ibb.Data.class);
    shard.arrive(
        new Ibb.Refused(
            LAMP, FRIEND, answer.id(), null, Condition.SERVICE_UNAVAILABLE, Carrier.MESSAGE));
    shard.data(FRIEND, "bad", 1, Shard.retrieve("/a/light"));

    shard.expectRefused(Condition.ITEM_NOT_FOUND);
    assertGoodServes();
  }

  @Test
  void errorThatNamesTheSid_endsTheStream() {
    shard.arrive(
        new Ibb.Refused(
            LAMP, FRIEND, "their-id", "bad", Condition.ITEM_NOT_FOUND, Carrier.MESSAGE));
    shard.data(FRIEND, "bad", 0, Shard.retrieve("/a/light"));

    shard.expectRefused(Condition.ITEM_NOT_FOUND);
    assertGoodServes();
  }

  @Test
  void errorFromSomebodyElse_isNoneOfTheStreamsBusiness() {
    shard.data(FRIEND, "good", 0, Shard.retrieve("/a/light"));
    Ibb.Data answer = shard.expect(Ibb.Data.class);
    shard.arrive(
        new Ibb.Refused(
            LAMP, CLIENT, answer.id(), "good", Condition.ITEM_NOT_FOUND, Carrier.MESSAGE));
    shard.data(FRIEND, "good", 1, Shard.retrieve("/a/light"));

    assertThat(shard.expectAnswer().body()).contains("/a/light");
  }

  @Test
  void responseOnAPeersStream_isDropped() {
    shard.data(FRIEND, "good", 0, Shard.response("{}", Headers.NONE));
    shard.data(FRIEND, "good", 1, Shard.retrieve("/a/light"));

    assertThat(shard.expectAnswer().body()).contains("/a/light");
  }

  @Test
  void sessionThatGoesDown_takesItsStreamsWithIt() {
    shard.state(LAMP, SessionEvent.State.OFFLINE);
    shard.data(FRIEND, "good", 0, Shard.retrieve("/a/light"));

    shard.expectRefused(Condition.ITEM_NOT_FOUND);
  }

  @Test
  void peerThatBecomesUnavailable_takesItsStreamsWithIt() {
    shard.open(CLIENT, "other", Carrier.MESSAGE);
    shard.presence(LAMP, FRIEND, false, false);
    shard.data(FRIEND, "good", 0, Shard.retrieve("/a/light"));
    shard.expectRefused(Condition.ITEM_NOT_FOUND);

    shard.data(CLIENT, "other", 0, Shard.retrieve("/a/light"));
    assertThat(shard.expectAnswer().body()).contains("/a/light");
  }

  @Test
  void base64OnSeveralLines_isTaken() {
    String lines = Base64.getMimeEncoder().encodeToString(Shard.retrieve("/a/light"));
    shard.data(LAMP, FRIEND, "good", 0, "\n" + lines + "\n", Carrier.MESSAGE);

    assertThat(shard.expectAnswer().body()).contains("/a/light");
  }
}
