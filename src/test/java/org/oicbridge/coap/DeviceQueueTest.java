package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.crudn.Deadline;

@Timeout(10)
class DeviceQueueTest {
  private final AtomicInteger queued = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx();
  private final Deadline later = Deadline.in(Duration.ofSeconds(10));

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @Test
  void tasks_startInOrderAsPlacesGetFree() {
    DeviceQueue queue = new DeviceQueue(vertx, 2, 10, queued);
    List<Promise<String>> promises = new ArrayList<>();
    List<Future<String>> results = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Promise<String> promise = Promise.promise();
      results.add(
          queue.run(
              later,
              () -> {
                promises.add(promise);
                return promise.future();
              }));
    }
    assertThat(promises).hasSize(2);
    assertThat(queued).hasValue(2);
    assertThat(queue.idle()).isFalse();

    promises.get(1).fail("no");
    assertThat(promises).hasSize(3);
    promises.get(0).complete("a");
    promises.get(2).complete("c");
    promises.get(3).complete("d");
    assertThat(results).extracting(Future::result).containsExactly("a", null, "c", "d");
    assertThat(queue.idle()).isTrue();
  }

  @Test
  void taskThatThrows_givesItsPlaceBack() {
    DeviceQueue queue = new DeviceQueue(vertx, 1, 0, queued);
    Future<String> broken =
        queue.run(
            later,
            () -> {
              throw new IllegalStateException("broken");
            });

    assertThat(broken.cause()).hasMessage("broken");
    assertThat(queue.run(later, () -> Future.succeededFuture("next")).result()).isEqualTo("next");
  }

  @Test
  void thousandTasksThatEndAtOnce_doNotOverflowTheStack() {
    DeviceQueue queue = new DeviceQueue(vertx, 1, 10_000, queued);
    Promise<String> first = Promise.promise();
    queue.run(later, first::future);
    Future<String> last = null;
    for (int i = 0; i < 10_000; i++) {
      last = queue.run(later, () -> Future.succeededFuture("done"));
    }
    first.complete("first");

    assertThat(last.result()).isEqualTo("done");
    assertThat(queued).hasValue(0);
    assertThat(queue.idle()).isTrue();
  }
}
