package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;

/** The small parts that need no event bus. */
class PartsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=1|1",
        "wait=300|300",
        "Wait = 20|20",
        "respond-async, wait=7|7",
        "wait=\"9\"|9",
        "respond-async; wait=8; x|8"
      })
  void preferWait_isRead(String value, long seconds) {
    assertThat(PreferWait.read(Headers.of("prefer", value))).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wait=0",
        "wait=301",
        "wait=-1",
        "wait=x",
        "wait",
        "await=5",
        "wait=99999999999",
        ""
      })
  void preferWaitOutOfRange_isIgnored(String value) {
    assertThat(PreferWait.read(Headers.of("Prefer", value))).isEmpty();
  }

  @Test
  void preferWait_isWrittenInWholeSeconds() {
    assertThat(PreferWait.write(Deadline.in(Duration.ofMillis(7900)))).isEqualTo("wait=7");
    assertThat(PreferWait.write(Deadline.in(Duration.ofMillis(10)))).isEqualTo("wait=1");
  }

  @Test
  void date_isImfFixdateAndMovesOn() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2015-08-04T08:49:37.9Z"));
    HttpDate date = new HttpDate(now::get);
    assertThat(date.now()).isEqualTo("Tue, 04 Aug 2015 08:49:37 GMT");
    now.set(now.get().plusSeconds(1));
    assertThat(date.now()).isEqualTo("Tue, 04 Aug 2015 08:49:38 GMT");
  }

  @Test
  void rateLimit_permitsSoManyASecond() {
    AtomicLong clock = new AtomicLong();
    RateLimit limit = new RateLimit(2, clock::get);
    assertThat(List.of(limit.permits(), limit.permits(), limit.permits()))
        .containsExactly(true, true, false);
    clock.addAndGet(999_999_999);
    assertThat(limit.permits()).isFalse();
    clock.addAndGet(1);
    assertThat(limit.permits()).isTrue();
  }

  @Test
  void blockSizes_areHalvedDownTo4096() {
    BlockSizes sizes = new BlockSizes(12_000);
    assertThat(sizes.of(Shard.LAMP)).isEqualTo(12_000);
    assertThat(sizes.refused(Shard.LAMP, 12_000)).isTrue();
    assertThat(sizes.of(Shard.LAMP)).isEqualTo(6000);
    assertThat(sizes.refused(Shard.LAMP, 6000)).isTrue();
    assertThat(sizes.of(Shard.LAMP)).isEqualTo(4096);
    assertThat(sizes.refused(Shard.LAMP, 4096)).isFalse();
    assertThat(sizes.of(Shard.FRIEND)).isEqualTo(12_000);
  }

  @Test
  void blockSizes_areRememberedOfABoundedNumberOfPeers() {
    BlockSizes sizes = new BlockSizes(32_768);
    for (int i = 0; i <= BlockSizes.REMEMBERED; i++) {
      sizes.refused(Shard.FRIEND.withResource("r" + i), 32_768);
    }
    assertThat(sizes.of(Shard.FRIEND.withResource("r0"))).isEqualTo(32_768);
    assertThat(sizes.of(Shard.FRIEND.withResource("r1"))).isEqualTo(16_384);
  }

  private static PeerPresence presence(Jid peer, boolean available, boolean echoes) {
    return new PeerPresence(Shard.CLIENT, peer, available, echoes);
  }

  @Test
  void sessions_rememberWhoEchoesTokens() {
    Sessions sessions = new Sessions();
    sessions.presence(presence(Shard.LAMP, true, true));
    assertThat(sessions.echoesTokens(Shard.CLIENT, Shard.LAMP)).isFalse();

    sessions.up(Shard.CLIENT);
    sessions.presence(presence(Shard.LAMP, true, true));
    assertThat(sessions.echoesTokens(Shard.CLIENT, Shard.LAMP)).isTrue();
    assertThat(sessions.echoesTokens(Shard.FRIEND, Shard.LAMP)).isFalse();

    sessions.presence(presence(Shard.LAMP, false, true));
    assertThat(sessions.echoesTokens(Shard.CLIENT, Shard.LAMP)).isFalse();
    sessions.presence(presence(Shard.LAMP, true, true));
    sessions.presence(presence(Shard.LAMP, true, false));
    assertThat(sessions.echoesTokens(Shard.CLIENT, Shard.LAMP)).isFalse();
  }

  @Test
  void sessions_rememberABoundedNumberOfPeers() {
    Sessions sessions = new Sessions();
    sessions.up(Shard.CLIENT);
    for (int i = 0; i <= Sessions.ECHOING_PEERS; i++) {
      sessions.presence(presence(Shard.FRIEND.withResource("r" + i), true, true));
    }
    Jid first = Shard.FRIEND.withResource("r0");
    Jid last = Shard.FRIEND.withResource("r" + Sessions.ECHOING_PEERS);
    assertThat(sessions.echoesTokens(Shard.CLIENT, first)).isTrue();
    assertThat(sessions.echoesTokens(Shard.CLIENT, last)).isFalse();
  }

  @Test
  void wire_findsTheStreamOfItsOwnIdsOnly() {
    Wire wire = new Wire(null, 0, null);
    assertThat(wire.streamOf(wire.id(12_345))).hasValue(12_345);
    assertThat(wire.id(1)).isNotEqualTo(wire.id(1));
    assertThat(wire.sid(1)).isNotEqualTo(wire.sid(2));
    Wire afterRestart = new Wire(null, 0, null);
    assertThat(afterRestart.streamOf(wire.id(1))).isEmpty();
    for (String foreign : List.of("", "ibb", "ibb-1-1", "x", wire.sid(1), wire.sid(1) + "!-1")) {
      assertThat(wire.streamOf(foreign)).as(foreign).isEmpty();
    }
    assertThat(wire.streamOf(null)).isEmpty();
  }

  @Test
  void outboxOfIqs_sendsTheNextBlockOnceTheLastIsAcknowledged() {
    List<Chunker.Block> sent = new ArrayList<>();
    Outbox outbox =
        new Outbox(
            2,
            Carrier.IQ,
            block -> {
              sent.add(block);
              return "id" + block.seq();
            });
    final Future<Void> first = outbox.send("abc".getBytes(StandardCharsets.UTF_8));
    final Future<Void> second = outbox.send("d".getBytes(StandardCharsets.UTF_8));
    assertThat(sent).hasSize(1);
    assertThat(outbox.acknowledged("id7")).isFalse();
    assertThat(outbox.acknowledged("id0")).isTrue();
    assertThat(first.isComplete()).isFalse();
    assertThat(outbox.acknowledged("id1")).isTrue();
    assertThat(first.succeeded()).isTrue();
    assertThat(second.isComplete()).isFalse();
    assertThat(outbox.waiting()).isTrue();
    assertThat(outbox.acknowledged("id2")).isTrue();
    assertThat(second.succeeded()).isTrue();
    assertThat(outbox.waiting()).isFalse();
    assertThat(outbox.acknowledged("id2")).isFalse();
    assertThat(sent).hasSize(3);
  }

  @Test
  void outboxOfMessages_sendsAllAtOnce() {
    List<Chunker.Block> sent = new ArrayList<>();
    Outbox outbox =
        new Outbox(
            2,
            Carrier.MESSAGE,
            block -> {
              sent.add(block);
              return "id";
            });
    assertThat(outbox.send("abc".getBytes(StandardCharsets.UTF_8)).succeeded()).isTrue();
    assertThat(sent).hasSize(2);
    assertThat(outbox.waiting()).isFalse();
  }
}
