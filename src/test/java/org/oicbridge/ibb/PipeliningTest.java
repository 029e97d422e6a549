package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.LAMP;
import static org.oicbridge.ibb.Shard.await;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** Requests to a peer that echoes the token header: many at once on one stream. */
@Timeout(30)
class PipeliningTest {
  private Shard shard;
  private int seq;

  @BeforeEach
  void start() {
    shard = Shard.scripted(Shard.config(4, 3));
    shard.presence(CLIENT, LAMP, true, true);
  }

  @AfterEach
  void close() {
    shard.close();
  }

  private Future<CrudnResponse> ask(Duration wait) {
    return shard.ask(CLIENT, LAMP, Shard.request(Operation.RETRIEVE, "/a", null, wait));
  }

  private Ibb.Open opened() {
    Ibb.Open open = shard.expect(Ibb.Open.class);
    seq = 0;
    shard.accept(open);
    return open;
  }

  private static String token(Ibb.Data data) {
    return Shard.read(List.of(data)).headers().get("X-OIC-Token").orElseThrow();
  }

  private void answer(Ibb.Data request, String body) {
    answer(request, Headers.of("X-OIC-Token", token(request)), body);
  }

  private void answer(Ibb.Data request, Headers headers, String body) {
    String base64 = Base64.getEncoder().encodeToString(Shard.response(body, headers));
    shard.data(CLIENT, LAMP, request.sid(), seq++, base64, Carrier.MESSAGE);
  }

  @Test
  void requestsAtOnce_shareOneStreamUpToTheLimit() {
    List<Future<CrudnResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(shard.get("/" + i));
    }
    opened();
    List<Ibb.Data> sent = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      sent.add(shard.expect(Ibb.Data.class));
      tokens.add(token(sent.get(i)));
    }
    assertThat(tokens).hasSize(3);
    answers.add(shard.get("/3"));
    assertThat(shard.drain()).isEmpty();

    answer(sent.get(2), "2");
    assertThat(await(answers.get(2)).body()).isEqualTo("2");
    answer(shard.expect(Ibb.Data.class), "3");
    assertThat(await(answers.get(3)).body()).isEqualTo("3");
    answer(sent.get(0), "0");
    answer(sent.get(1), "1");
    assertThat(await(answers.get(0)).body()).isEqualTo("0");
    assertThat(await(answers.get(1)).body()).isEqualTo("1");
  }

  @Test
  void answerThatComesLate_isDroppedAndCounted() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try {
      final Future<CrudnResponse> first = ask(Duration.ofMillis(700));
      final Future<CrudnResponse> second = shard.get("/2");
      opened();
      final Ibb.Data one = shard.expect(Ibb.Data.class);
      final Ibb.Data two = shard.expect(Ibb.Data.class);
      assertThat(await(first).problem().type()).isEqualTo("device-silent");
      answer(one, "late");
      answer(two, "2");

      assertThat(await(second).body()).isEqualTo("2");
      assertThat(registry.get("oicgw.ibb.unmatched").tag("role", "requester").counter().count())
          .isEqualTo(1);
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  @Test
  void streamThatIsSilent_isReplacedOnceItsRequestsAreOver() {
    final Future<CrudnResponse> first = ask(Duration.ofMillis(500));
    final Future<CrudnResponse> second = ask(Duration.ofMillis(1500));
    Ibb.Open open = opened();
    shard.expect(Ibb.Data.class);
    shard.expect(Ibb.Data.class);
    assertThat(await(first).status()).isEqualTo(Status.TIMEOUT);
    // Nothing was heard since: the next request gets a stream of its own.
    shard.get("/3");
    assertThat(opened().sid()).isNotEqualTo(open.sid());
    shard.expect(Ibb.Data.class);

    assertThat(await(second).status()).isEqualTo(Status.TIMEOUT);
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(open.sid());
  }

  @Test
  void requestBehindTheAnswerThatEndsAStream_isNotCarriedOut() {
    final Future<CrudnResponse> first = ask(Duration.ofMillis(500));
    final Future<CrudnResponse> second = shard.get("/2");
    opened();
    shard.expect(Ibb.Data.class);
    Ibb.Data two = shard.expect(Ibb.Data.class);
    assertThat(await(first).status()).isEqualTo(Status.TIMEOUT);
    byte[] answer = Shard.response("2", Headers.of("X-OIC-Token", token(two)));
    byte[] block = Shard.join(answer, Shard.retrieve("/a", Headers.of("X-OIC-Token", "t")));
    String base64 = Base64.getEncoder().encodeToString(block);
    shard.data(CLIENT, LAMP, two.sid(), 0, base64, Carrier.MESSAGE);

    assertThat(await(second).body()).isEqualTo("2");
    shard.expect(Ibb.Close.class);
    assertThat(shard.drain()).isEmpty();
    assertThat(shard.asked).isEmpty();
  }

  @Test
  void streamThatWasHeard_staysAfterATimeout() {
    final Future<CrudnResponse> quick = ask(Duration.ofSeconds(8));
    final Future<CrudnResponse> silent = ask(Duration.ofMillis(700));
    Ibb.Open open = opened();
    answer(shard.expect(Ibb.Data.class), "1");
    assertThat(await(quick).body()).isEqualTo("1");
    shard.expect(Ibb.Data.class);
    assertThat(await(silent).status()).isEqualTo(Status.TIMEOUT);

    shard.get("/3");
    assertThat(shard.expect(Ibb.Data.class).sid()).isEqualTo(open.sid());
  }

  @Test
  void answerWithoutAToken_answersNobody() {
    final Future<CrudnResponse> first = shard.get("/1");
    opened();
    Ibb.Data one = shard.expect(Ibb.Data.class);
    answer(one, Headers.NONE, "whose?");
    answer(one, Headers.of("X-OIC-Token", "never sent"), "whose?");
    answer(one, "1");

    assertThat(await(first).body()).isEqualTo("1");
  }

  @Test
  void peerThatTurnsOutToEchoTokens_isPipelinedFromThenOn() {
    shard.close();
    shard = Shard.scripted(Shard.config(1, 3));
    Future<CrudnResponse> first = shard.get("/1");
    opened();
    Ibb.Data one = shard.expect(Ibb.Data.class);
    shard.presence(CLIENT, LAMP, true, true);
    shard.get("/2");
    shard.get("/3");
    assertThat(shard.drain()).isEmpty();
    answer(one, Headers.NONE, "1");
    assertThat(await(first).body()).isEqualTo("1");

    assertThat(token(shard.expect(Ibb.Data.class))).isNotEmpty();
    assertThat(token(shard.expect(Ibb.Data.class))).isNotEmpty();
  }
}
