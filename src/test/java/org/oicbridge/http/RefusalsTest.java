package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.lamp;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (ApiServer server = ApiServer.start()) {
      server.answer(CrudnResponse.failed(Status.TOO_MANY_REQUESTS, "queue-full", "wait"));
      long begun = System.nanoTime();
      RawHttp.Reply reply = server.get(lamp("/a"));
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertThat(reply.status()).isEqualTo(429);
      assertThat(millis).isGreaterThanOrEqualTo(Refusals.DELAY_MILLIS);
      // A slow machine takes that long for a first request anyway.
      assertThat(registry.get("oicgw.http.delayed").counter().count()).isEqualTo(1);
    } finally {
      Metrics.removeRegistry(registry);
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

  @Test
  void refusals_ofOneMomentAreAnsweredApart() throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    try {
      Queue<Long> times = new ConcurrentLinkedQueue<>();
      CountDownLatch answered = new CountDownLatch(Refusals.MOST);
      vertx.runOnContext(
          now -> {
            Refusals refusals = new Refusals(vertx);
            for (int i = 0; i < Refusals.MOST; i++) {
              refusals.later(
                  () -> {
                    times.add(System.nanoTime());
                    answered.countDown();
                  });
            }
          });
      assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
      long spread = Collections.max(times) - Collections.min(times);
      assertThat(spread).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(Refusals.DELAY_MILLIS / 2));
    } finally {
      vertx.close().await();
    }
  }
}
