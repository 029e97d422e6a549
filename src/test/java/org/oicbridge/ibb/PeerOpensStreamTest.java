package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;

import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.Jid;

/** XEP-0047 section 2.1 from the side that is asked. */
@Timeout(30)
class PeerOpensStreamTest {
  private Shard shard = Shard.scripted(CONFIG);

  @AfterEach
  void close() {
    shard.close();
  }

  private void restart(IbbConfig config) {
    shard.close();
    shard = Shard.scripted(config);
  }

  private void offer(Jid peer, String sid, int blockSize) {
    shard.arrive(new Ibb.Open(LAMP, peer, "open-" + sid, sid, blockSize, Carrier.MESSAGE));
  }

  @Test
  void admittedPeer_isAccepted() {
    shard.admission = query -> query.session().equals(LAMP) && query.peer().equals(CLIENT);
    offer(CLIENT, "s1", 65_535);

    assertThat(shard.expect(Ibb.Accepted.class))
        .isEqualTo(new Ibb.Accepted(LAMP, CLIENT, "open-s1"));
  }

  @Test
  void stranger_isRefusedAndReachesNothing() {
    shard.admission = query -> false;
    offer(FRIEND, "s1", 4096);

    assertThat(shard.expectRefused(Condition.NOT_ACCEPTABLE))
        .isEqualTo(
            new Ibb.Refused(LAMP, FRIEND, "open-s1", "s1", Condition.NOT_ACCEPTABLE, Carrier.IQ));
    shard.data(FRIEND, "s1", 0, Shard.retrieve("/a/light"));
    shard.expectRefused(Condition.ITEM_NOT_FOUND);
    assertThat(shard.asked).isEmpty();
  }

  @Test
  void routerThatFails_letsNobodyIn() {
    shard.admission =
        query -> {
          throw new IllegalStateException("defect");
        };
    offer(FRIEND, "s1", 4096);

    shard.expectRefused(Condition.NOT_ACCEPTABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "8193, RESOURCE_CONSTRAINT",
    "65535, RESOURCE_CONSTRAINT",
    "255, NOT_ACCEPTABLE",
    "1, NOT_ACCEPTABLE",
    "0, BAD_REQUEST",
    "-1, BAD_REQUEST"
  })
  void blockSizeOutOfBounds_isRefused(int blockSize, Condition condition) {
    restart(
        new IbbConfig(
            4096, 8192, 4, 3, 64, 64, Duration.ofSeconds(60), 1 << 20, Duration.ofSeconds(30)));
    offer(FRIEND, "s1", blockSize);
    shard.expectRefused(condition);

    offer(FRIEND, "s2", 8192);
    shard.expect(Ibb.Accepted.class);
  }

  @Test
  void sidOfAnOpenStream_isRefusedToItsPeerOnly() {
    shard.open(FRIEND, "s1", Carrier.MESSAGE);
    offer(FRIEND, "s1", 4096);
    shard.expectRefused(Condition.NOT_ACCEPTABLE);

    shard.open(CLIENT, "s1", Carrier.MESSAGE);
  }

  static List<String> sidsThatAreNone() {
    return List.of("", "x".repeat(StreamAcceptor.MAX_SID + 1), "a b", "a\nforged line", "\u2028");
  }

  @ParameterizedTest
  @MethodSource("sidsThatAreNone")
  void sidThatIsNone_isRefused(String sid) {
    offer(FRIEND, sid, 4096);
    shard.expectRefused(Condition.BAD_REQUEST);
  }

  @Test
  void oneStreamTooMany_isRefusedToThatPeerOnly() {
    for (int i = 0; i < CONFIG.maxStreamsPerPeer(); i++) {
      shard.open(FRIEND, "s" + i, Carrier.MESSAGE);
    }
    offer(FRIEND, "more", 4096);
    shard.expectRefused(Condition.RESOURCE_CONSTRAINT);

    shard.open(CLIENT, "s0", Carrier.MESSAGE);
  }

  @Test
  void closedStream_makesRoom() {
    for (int i = 0; i < CONFIG.maxStreamsPerPeer(); i++) {
      shard.open(FRIEND, "s" + i, Carrier.MESSAGE);
    }
    shard.arrive(new Ibb.Close(LAMP, FRIEND, "c", "s1"));
    assertThat(shard.expect(Ibb.Accepted.class).id()).isEqualTo("c");

    shard.open(FRIEND, "s1", Carrier.MESSAGE);
  }

  @Test
  void streamThatLiesIdle_givesItsPlaceToANewOne() {
    restart(Shard.times(CONFIG, Duration.ofNanos(1), Duration.ofSeconds(30)));
    for (int i = 0; i < CONFIG.maxStreamsPerPeer(); i++) {
      shard.open(FRIEND, "s" + i, Carrier.MESSAGE);
    }
    offer(FRIEND, "more", 4096);

    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo("s0");
    assertThat(shard.expect(Ibb.Accepted.class).id()).isEqualTo("open-more");
  }

  @Test
  void streamsOfAllPeersTogether_areBounded() {
    for (int i = 0; i < StreamAcceptor.STREAMS_PER_SESSION; i++) {
      shard.open(FRIEND.withResource("r" + i / 3), "s" + i, Carrier.MESSAGE);
    }
    offer(FRIEND, "more", 4096);
    shard.expectRefused(Condition.RESOURCE_CONSTRAINT);

    shard.arrive(new Ibb.Open(CLIENT, FRIEND, "other", "s", 4096, Carrier.MESSAGE));
    assertThat(shard.expect(Ibb.Accepted.class).session()).isEqualTo(CLIENT);
  }

  @Test
  void closeOfAnUnknownStream_isRefused() {
    shard.open(FRIEND, "s1", Carrier.MESSAGE);
    shard.arrive(new Ibb.Close(LAMP, CLIENT, "c", "s1"));

    assertThat(shard.expectRefused(Condition.ITEM_NOT_FOUND).id()).isEqualTo("c");
    shard.data(FRIEND, "s1", 0, Shard.retrieve("/a/light"));
    assertThat(shard.expectAnswer().body()).contains("/a/light");
  }

  @Test
  void opensThatAreNotDecidedYet_countAsStreams() {
    Promise<Void> gate = Promise.promise();
    shard.admissionGate = gate.future();
    for (int i = 0; i < CONFIG.maxStreamsPerPeer(); i++) {
      offer(FRIEND, "s" + i, 4096);
    }
    offer(FRIEND, "s0", 4096);
    shard.expectRefused(Condition.NOT_ACCEPTABLE);
    offer(FRIEND, "more", 4096);
    shard.expectRefused(Condition.RESOURCE_CONSTRAINT);
    shard.data(FRIEND, "s0", 0, Shard.retrieve("/a/light"));
    shard.expectRefused(Condition.ITEM_NOT_FOUND);

    gate.complete();
    for (int i = 0; i < CONFIG.maxStreamsPerPeer(); i++) {
      assertThat(shard.expect(Ibb.Accepted.class).id()).isEqualTo("open-s" + i);
    }
    assertThat(shard.asked).isEmpty();
  }

  @Test
  void openThatIsOvertakenByALoss_isRefused() {
    Promise<Void> gate = Promise.promise();
    shard.admissionGate = gate.future();
    offer(FRIEND, "s", 4096);
    assertThat(shard.drain()).isEmpty();
    shard.state(LAMP, SessionEvent.State.OFFLINE);
    assertThat(shard.drain()).isEmpty();
    gate.complete();

    shard.expectRefused(Condition.NOT_ACCEPTABLE);
    shard.data(FRIEND, "s", 0, Shard.retrieve("/a/light"));
    shard.expectRefused(Condition.ITEM_NOT_FOUND);
  }
}
