package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Status;

/**
 * Lets at most NSTART tasks of a device run at once (RFC 7252 section 4.7); others wait in order,
 * each until its deadline. A task whose deadline passes while it waits is never started.
 */
final class DeviceQueue {
  private final Vertx vertx;
  private final int nstart;
  private final int limit;
  // Ordered, and a task whose deadline passes leaves from the middle.
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private final AtomicInteger queued;
  private int running;
  private boolean draining;

  /**
   * Makes an empty queue.
   *
   * @param queued counts what waits in all queues of a shard; read by other threads
   */
  DeviceQueue(Vertx vertx, int nstart, int limit, AtomicInteger queued) {
    this.vertx = vertx;
    this.nstart = nstart;
    this.limit = limit;
    this.queued = queued;
  }

  private static final class Waiting {
    private final Promise<Void> turn = Promise.promise();
    private long timer;
  }

  /**
   * Runs a task now or later.
   *
   * @return what the task returns, or a {@link RequestFailed}: 429 {@code queue-full}, 503 {@code
   *     not-sent}
   */
  <T> Future<T> run(Deadline deadline, Supplier<Future<T>> task) {
    if (running < nstart) {
      running++;
      return start(task);
    }
    if (waiting.size() >= limit) {
      return Future.failedFuture(
          new RequestFailed(
              CrudnResponse.failed(
                      Status.TOO_MANY_REQUESTS,
                      "queue-full",
                      limit + " requests wait for this device already")
                  .with("Retry-After", "1")));
    }
    Waiting entry = new Waiting();
    waiting.add(entry);
    queued.incrementAndGet();
    entry.timer = vertx.setTimer(deadline.remainingMillis(), id -> expire(entry));
    return entry.turn.future().compose(turn -> start(task));
  }

  private void expire(Waiting entry) {
    waiting.remove(entry);
    queued.decrementAndGet();
    entry.turn.fail(
        new RequestFailed(
            CrudnResponse.failed(
                    Status.UNAVAILABLE,
                    "not-sent",
                    "the device was busy with other requests until the deadline")
                .with("Retry-After", "1")));
  }

  private <T> Future<T> start(Supplier<Future<T>> task) {
    Future<T> result;
    try {
      result = task.get();
    } catch (RuntimeException e) {
      result = Future.failedFuture(e);
    }
    return result.onComplete(
        ended -> {
          running--;
          next();
        });
  }

  private void next() {
    // Tasks that end while they are started come back here; the loop takes them, not the stack.
    if (draining) {
      return;
    }
    draining = true;
    while (running < nstart && !waiting.isEmpty()) {
      Waiting entry = waiting.iterator().next();
      waiting.remove(entry);
      queued.decrementAndGet();
      vertx.cancelTimer(entry.timer);
      running++;
      entry.turn.complete();
    }
    draining = false;
  }

  /** True when a task would run at once. */
  boolean free() {
    return running < nstart;
  }

  /** True when nothing runs or waits. */
  boolean idle() {
    return running == 0 && waiting.isEmpty();
  }
}
