package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProbePaceTest {
  private static final int PER_SECOND = 100;
  private static final int TASKS = 60;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void tasks_beginInTheirOrderAtALimitedRate() throws Exception {
    List<Integer> begun = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(TASKS);
    long began = System.nanoTime();
    vertx.runOnContext(
        nothing -> {
          ProbePace pace = new ProbePace(vertx, PER_SECOND);
          for (int i = 0; i < TASKS; i++) {
            int number = i;
            pace.next(
                () -> {
                  begun.add(number);
                  all.countDown();
                });
          }
        });
    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    long millis = (System.nanoTime() - began) / 1_000_000;
    assertThat(begun).isEqualTo(IntStream.range(0, TASKS).boxed().toList());
    // What it may catch up on is five tasks.
    assertThat(millis).isGreaterThanOrEqualTo((TASKS - 7) * 1000L / PER_SECOND);
  }
}
