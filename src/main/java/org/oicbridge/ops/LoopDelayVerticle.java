package org.oicbridge.ops;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late the event loop of a shard is: so long does everything wait that happens there,
 * whichever device or account it is for.
 */
public final class LoopDelayVerticle extends VerticleBase {
  private static final long PAUSE_MILLIS = 250;

  private final int shard;
  private Timer delay;
  private long timer;

  /**
   * Prepares the verticle of one shard.
   *
   * @param shard from 0
   */
  public LoopDelayVerticle(int shard) {
    this.shard = shard;
  }

  @Override
  public Future<?> start() {
    delay = Metrics.timer("oicgw.loop.delay", "shard", String.valueOf(shard));
    next();
    return Future.succeededFuture();
  }

  private void next() {
    long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
    timer =
        vertx.setTimer(
            PAUSE_MILLIS,
            id -> {
              delay.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
              next();
            });
  }

  @Override
  public Future<?> stop() {
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }
}
