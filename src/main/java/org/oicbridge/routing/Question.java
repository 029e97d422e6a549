package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Status;

/** What is asked upstream once at a time, however many wait for the answer. */
final class Question {
  /** The edge that holds the device ends a request at its deadline and knows why. */
  private static final long GRACE_MILLIS = 200;

  private final Vertx vertx;
  private Future<CrudnResponse> answer;

  Question(Vertx vertx) {
    this.vertx = vertx;
  }

  boolean underWay() {
    return answer != null;
  }

  /**
   * Is asked from now on, and no more when the answer is there.
   *
   * @param asked the answer, which never fails
   * @param taken what is done with it before those who wait have it
   * @param after what is done when they have it
   */
  Future<CrudnResponse> ask(
      Future<CrudnResponse> asked, Consumer<CrudnResponse> taken, Runnable after) {
    Promise<CrudnResponse> told = Promise.promise();
    answer = told.future();
    asked.onSuccess(
        response -> {
          answer = null;
          taken.accept(response);
          told.complete(response);
          after.run();
        });
    return told.future();
  }

  /** The answer that is under way. */
  Future<CrudnResponse> answer() {
    return answer;
  }

  /** An answer, or that there is none in time. */
  Future<CrudnResponse> within(Future<CrudnResponse> awaited, Deadline deadline) {
    Promise<CrudnResponse> first = Promise.promise();
    // A future's own timeout would fire on a thread that is not this shard's.
    OnceTimer late = new OnceTimer(vertx);
    late.start(
        Duration.ofMillis(deadline.remainingMillis() + GRACE_MILLIS),
        () ->
            first.complete(
                CrudnResponse.failed(
                    Status.TIMEOUT, "deadline", "the device did not answer in time")));
    awaited.onSuccess(
        response -> {
          late.stop();
          first.tryComplete(response);
        });
    return first.future();
  }
}
