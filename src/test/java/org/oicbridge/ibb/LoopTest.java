package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.LAMP;
import static org.oicbridge.ibb.Shard.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** Both roles back to back: the gateway's own session asks the session of a device. */
@Timeout(60)
class LoopTest {
  private Shard shard;

  @AfterEach
  void close() {
    shard.close();
  }

  private Future<CrudnResponse> update(String body) {
    return shard.ask(
        CLIENT, LAMP, Shard.request(Operation.UPDATE, "/a", body, Duration.ofSeconds(8)));
  }

  private void assertServed(int requests) {
    List<Future<CrudnResponse>> answers = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      answers.add(shard.get("/" + i));
    }
    for (int i = 0; i < requests; i++) {
      CrudnResponse response = await(answers.get(i));
      assertThat(response.problem()).isNull();
      assertThat(response.body()).isEqualTo("{\"at\":\"/" + i + "\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyRequestsAtOnce_getTheirOwnAnswers(boolean tokens) {
    shard = Shard.looped(CONFIG, UnaryOperator.identity());
    shard.presence(CLIENT, LAMP, true, tokens);

    assertServed(60);
    assertServed(60);
  }

  @Test
  void longMessages_passInBothDirectionsToAPeerOfSmallBlocks() {
    IbbConfig small =
        new IbbConfig(
            32_768, 4096, 4, 8, 64, 64, Duration.ofSeconds(60), 1 << 20, Duration.ofSeconds(30));
    AtomicInteger largest = new AtomicInteger();
    shard =
        Shard.looped(
            small,
            stanza -> {
              if (stanza instanceof Ibb.Data data) {
                largest.accumulateAndGet(data.base64().length(), Math::max);
              }
              return stanza;
            });
    shard.device = request -> Future.succeededFuture(Shard.ok(request.body()));
    String body = "\"" + "\u00e9<&>".repeat(50_000) + "\"";

    assertThat(await(update(body)).body()).isEqualTo(body);
    assertThat(largest.get()).isEqualTo((4096 + 2) / 3 * 4);
  }

  @Test
  void lostBlock_costsItsOwnStreamOnly() {
    AtomicBoolean lose = new AtomicBoolean();
    shard =
        Shard.looped(
            CONFIG,
            stanza ->
                stanza instanceof Ibb.Data data
                        && data.seq() == 1
                        && lose.compareAndSet(true, false)
                    ? null
                    : stanza);
    shard.device = request -> Future.succeededFuture(Shard.ok(request.body()));
    assertThat(await(update("1")).body()).isEqualTo("1");
    lose.set(true);
    Future<CrudnResponse> torn = update("\"" + "x".repeat(100_000) + "\"");

    assertThat(await(torn).problem().type()).isEqualTo("outcome-unknown");
    assertThat(await(update("2")).body()).isEqualTo("2");
  }

  @Test
  void refusalOfTheRouter_comesBackAsItsStatus() {
    shard = Shard.looped(CONFIG, UnaryOperator.identity());
    shard.device =
        request ->
            Future.succeededFuture(CrudnResponse.failed(Status.FORBIDDEN, "denied", "not you"));
    CrudnResponse response = await(shard.get("/a"));

    assertThat(response.status()).isEqualTo(Status.FORBIDDEN);
    assertThat(response.problem()).isNull();
    assertThat(response.body()).isEqualTo("{\"error\":\"not you\"}");
  }

  @Test
  void stranger_getsNoStream() {
    shard = Shard.looped(CONFIG, UnaryOperator.identity());
    shard.admission = query -> false;

    assertThat(await(shard.get("/a")).problem().type()).isEqualTo("device-refused");
    assertThat(shard.asked).isEmpty();
  }
}
