package org.oicbridge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command that serves has in common: it starts, and a signal stops it cleanly. */
final class RunningProcess {
  /** What such a command returns while its process goes on. */
  static final int SERVING = -1;

  private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private RunningProcess() {}

  /**
   * Waits until it has started and arranges for SIGTERM and SIGINT to stop it. A process that
   * stopped cleanly ends with 0, though a signal ended it.
   *
   * @return {@link #SERVING}, or 1 when it could not start
   */
  static int serve(Vertx vertx, Future<?> started, Supplier<Future<Void>> stop) {
    AtomicBoolean failed = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!failed.get()) {
                    LOG.info("stopping");
                    boolean clean = await(stop.get().compose(done -> vertx.close()));
                    LOG.info("stopped{}", clean ? "" : ", but not cleanly");
                    Runtime.getRuntime().halt(clean ? 0 : 1);
                  }
                },
                "stop"));
    try {
      started.await();
      return SERVING;
    } catch (Exception e) {
      // await throws whatever the future failed with, checked ones too.
      failed.set(true);
      System.err.println("oic-bridge: could not start: " + e.getMessage());
      await(stop.get().eventually(vertx::close));
      return 1;
    }
  }

  private static boolean await(Future<?> future) {
    CountDownLatch done = new CountDownLatch(1);
    future.onComplete(result -> done.countDown());
    try {
      return done.await(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS) && future.succeeded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
