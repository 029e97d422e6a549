package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TimerWheelTest {
  private static final Vertx VERTX = Vertx.vertx();

  /** A wheel whose time stands until the test moves it. */
  private static final class Clock {
    private long nanos = 1_000_003;
    private final TimerWheel wheel = new TimerWheel(VERTX, () -> nanos);
    private final List<String> fired = new ArrayList<>();

    TimerWheel.Timer start(long millis, String name) {
      return wheel.start(millis, () -> fired.add(name));
    }

    void pass(long millis) {
      nanos += TimeUnit.MILLISECONDS.toNanos(millis);
      wheel.turn();
    }
  }

  @AfterAll
  static void close() {
    VERTX.close().await();
  }

  /** On one event loop, as a shard is; all in one go, so that Vert.x turns nothing meanwhile. */
  private static void onLoop(Consumer<Clock> test) {
    Promise<Void> done = Promise.promise();
    VERTX
        .getOrCreateContext()
        .runOnContext(
            now -> {
              try {
                test.accept(new Clock());
                done.complete();
              } catch (Throwable e) {
                done.fail(e);
              }
            });
    done.future().await();
  }

  @Test
  void timer_firesOnceAndNeverEarly() {
    onLoop(
        clock -> {
          for (long millis : new long[] {1, 19, 20, 21, 250, 10_239, 10_240, 120_000}) {
            clock.start(millis, "" + millis);
            clock.pass(millis - 1);
            assertThat(clock.fired).as("1 ms before %s", millis).isEmpty();
            clock.pass(1 + TimerWheel.TICK_MILLIS);
            assertThat(clock.fired).containsExactly("" + millis);
            clock.pass(60_000);
            assertThat(clock.fired).hasSize(1);
            clock.fired.clear();
          }
          assertThat(clock.wheel.count()).isZero();
        });
  }

  @Test
  void timers_fireWhenTheirTimeIsUpWhateverTheOthersDo() {
    onLoop(
        clock -> {
          for (int i = 0; i < 1000; i++) {
            clock.start(i * 37L, "" + i);
          }
          long passed = 0;
          while (passed < 40_000) {
            clock.pass(13);
            passed += 13;
            // Those that are due for more than a tick have fired, and no others.
            assertThat(clock.fired.size())
                .isBetween(
                    (int) Math.min(1000, Math.max(0, (passed - TimerWheel.TICK_MILLIS) / 37)),
                    (int) Math.min(1000, passed / 37 + 1));
          }
          assertThat(clock.fired).hasSize(1000).doesNotHaveDuplicates();
        });
  }

  @Test
  void cancelledTimer_doesNotFire() {
    onLoop(
        clock -> {
          // All in one slot, so that the first, one between and the last are taken out of a list.
          List<TimerWheel.Timer> timers = new ArrayList<>();
          for (String name : List.of("a", "b", "c", "d", "e")) {
            timers.add(clock.start(100, name));
          }
          for (int cancelled : new int[] {0, 2, 4, 4}) {
            timers.get(cancelled).cancel();
          }
          assertThat(clock.wheel.count()).isEqualTo(2);
          clock.pass(200);
          assertThat(clock.fired).containsExactlyInAnyOrder("b", "d");
          timers.forEach(TimerWheel.Timer::cancel);
          assertThat(clock.wheel.count()).isZero();
        });
  }

  @Test
  void timer_mayCancelAnotherThatIsDueWithIt() {
    onLoop(
        clock -> {
          AtomicReference<TimerWheel.Timer> first = new AtomicReference<>();
          TimerWheel.Timer second =
              clock.wheel.start(
                  100,
                  () -> {
                    clock.fired.add("second");
                    first.get().cancel();
                  });
          first.set(
              clock.wheel.start(
                  100,
                  () -> {
                    clock.fired.add("first");
                    second.cancel();
                  }));
          clock.pass(200);
          assertThat(clock.fired).hasSize(1);
          assertThat(clock.wheel.count()).isZero();
        });
  }

  @Test
  void timer_mayStartAnother() {
    onLoop(
        clock -> {
          clock.wheel.start(10, () -> clock.start(0, "child"));
          clock.pass(40);
          assertThat(clock.fired).isEmpty();
          clock.pass(TimerWheel.TICK_MILLIS);
          assertThat(clock.fired).containsExactly("child");
        });
  }

  @Test
  void actionThatFails_stopsNoOther() {
    onLoop(
        clock -> {
          clock.start(10, "a");
          clock.wheel.start(
              10,
              () -> {
                throw new IllegalStateException("on purpose");
              });
          clock.start(10, "b");
          clock.pass(40);
          assertThat(clock.fired).containsExactlyInAnyOrder("a", "b");
        });
  }

  @Test
  void loopThatWasBusy_makesUpForAllTurnsAtOnce() {
    onLoop(
        clock -> {
          for (int i = 1; i <= 600; i++) {
            clock.start(i * 100L, "" + i);
          }
          clock.pass(60_000 + TimerWheel.TICK_MILLIS);
          assertThat(clock.fired).hasSize(600);
        });
  }

  @Test
  void vertx_turnsTheWheel() {
    Promise<Void> fired = Promise.promise();
    VERTX
        .getOrCreateContext()
        .runOnContext(now -> new TimerWheel(VERTX).start(30, fired::complete));
    fired.future().await();
  }
}
