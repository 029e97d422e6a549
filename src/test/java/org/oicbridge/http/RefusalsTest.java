package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.lamp;

import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

@Timeout(60)
class RefusalsTest {
  @Test
  void refusal_comesLate() {
    try (ApiServer server = ApiServer.start()) {
      server.answer(CrudnResponse.failed(Status.TOO_MANY_REQUESTS, "queue-full", "wait"));
      long begun = System.nanoTime();
      RawHttp.Reply reply = server.get(lamp("/a"));
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertThat(reply.status()).isEqualTo(429);
      assertThat(millis).isGreaterThanOrEqualTo(Refusals.DELAY_MILLIS);
    }
  }

  @Test
  void refusals_areKeptBackUpToANumber() throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    try {
      AtomicInteger atOnce = new AtomicInteger();
      CountDownLatch answered = new CountDownLatch(2 * Refusals.MOST);
      vertx.runOnContext(
          now -> {
            Refusals refusals = new Refusals(vertx);
            AtomicInteger turn = new AtomicInteger(1);
            for (int i = 0; i < 2 * Refusals.MOST; i++) {
              refusals.later(
                  () -> {
                    atOnce.addAndGet(turn.get());
                    answered.countDown();
                  });
            }
            turn.set(0);
          });
      assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(atOnce).hasValue(Refusals.MOST);
    } finally {
      vertx.close().await();
    }
  }
}
