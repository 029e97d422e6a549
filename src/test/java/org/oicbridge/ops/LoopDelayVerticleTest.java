package org.oicbridge.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopDelayVerticleTest {
  private static final long BUSY = TimeUnit.MILLISECONDS.toNanos(700);

  @Test
  void loopThatIsBusy_isLate() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      vertx.deployVerticle(new LoopDelayVerticle(7)).await();
      Promise<Void> measured = Promise.promise();
      vertx.runOnContext(
          now -> {
            long until = System.nanoTime() + BUSY;
            while (System.nanoTime() < until) {
              Thread.onSpinWait();
            }
            // Behind the timer that was due meanwhile.
            vertx.setTimer(1, id -> measured.complete());
          });
      measured.future().await(20, TimeUnit.SECONDS);
      Timer delay = registry.get("oicgw.loop.delay").tag("shard", "7").timer();
      assertThat(delay.max(TimeUnit.MILLISECONDS)).isGreaterThan(300);
    } finally {
      vertx.close().await();
      Metrics.removeRegistry(registry);
    }
  }
}
