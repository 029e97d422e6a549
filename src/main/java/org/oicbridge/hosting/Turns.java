package org.oicbridge.hosting;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets changes happen one after the other, so that each is checked against what the one before it
 * has left on disk, and memory never runs ahead of the disk.
 */
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  /** Most changes that may wait; they come from outside. */
  static final int MAX_WAITING = 1000;

  private final Context context;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean taken;
  private boolean handingOut;

  /**
   * Makes an empty queue.
   *
   * @param context where all changes run
   */
  Turns(Context context) {
    this.context = context;
  }

  /** Makes a change that somebody asked for; fails with {@link Refused} when too many wait. */
  <T> Future<T> take(Supplier<Future<T>> change) {
    if (waiting.size() >= MAX_WAITING) {
      return Future.failedFuture(
          new Refused(
              Status.UNAVAILABLE, "hosting-busy", MAX_WAITING + " changes wait for the registry"));
    }
    return queue(change);
  }

  /**
   * Makes a change of our own, of which there are never many; nobody waits for what becomes of it.
   */
  Future<Void> takeAnyway(Supplier<Future<Void>> change) {
    return queue(change)
        .onFailure(
            error -> {
              if (!(error instanceof Refused)) {
                LOG.error("a change failed", error);
              }
            });
  }

  private <T> Future<T> queue(Supplier<Future<T>> change) {
    Promise<T> done = Promise.promise();
    waiting.add(
        () ->
            started(change)
                .onComplete(
                    result -> leave(() -> done.complete(result)),
                    error -> leave(() -> done.fail(error))));
    handOut();
    return done.future();
  }

  private static <T> Future<T> started(Supplier<Future<T>> change) {
    try {
      return change.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void leave(Runnable tell) {
    taken = false;
    try {
      tell.run();
    } finally {
      handOut();
    }
  }

  /** A loop and no recursion: many changes are refused at once. */
  private void handOut() {
    if (handingOut) {
      return;
    }
    handingOut = true;
    try {
      while (!taken && !waiting.isEmpty()) {
        taken = true;
        waiting.remove().run();
      }
    } finally {
      handingOut = false;
    }
  }

  /** A result of the registry on the thread of the changes, wherever it comes from. */
  <T> Future<T> here(Future<T> result) {
    Promise<T> here = Promise.promise();
    result.onComplete(
        value -> context.runOnContext(nothing -> here.complete(value)),
        error -> context.runOnContext(nothing -> here.fail(error)));
    return here.future();
  }

  /** The result of a write, of which the caller may know what it has changed if it failed. */
  <T> Future<T> written(Future<T> write) {
    return here(write)
        .recover(
            error -> {
              LOG.error("the registry took no change", error);
              return Future.failedFuture(
                  error instanceof StoreException lost && lost.isInDoubt()
                      ? new Refused(
                          Status.TIMEOUT,
                          "outcome-unknown",
                          "the connection to the database broke while the change was committed;"
                              + " whether it was kept is not known, ask for it again")
                      : new Refused(
                          Status.UNAVAILABLE,
                          "registry-failed",
                          "the change could not be written, so nothing has changed"));
            });
  }
}
