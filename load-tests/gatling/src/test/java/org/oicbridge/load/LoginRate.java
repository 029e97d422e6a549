package org.oicbridge.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Watches how many connections a server has, and so how fast they come. */
final class LoginRate implements AutoCloseable {
  private static final int SAMPLE_MILLIS = 20;
  private static final int WINDOW_SECONDS = 2;

  /** How much later than others a busy machine may accept a connection. */
  private static final double JITTER_SECONDS = 0.5;

  /** The gateway's pace is counted in whole milliseconds, the samples are apart. */
  private static final double ROUNDING = 1.03;

  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
  private final List<Sample> samples = new ArrayList<>();

  private record Sample(long nanoTime, int connections) {}

  private LoginRate() {}

  /** Begins to watch; nobody may be disconnected meanwhile. */
  static LoginRate watch(IntSupplier connections) {
    LoginRate rate = new LoginRate();
    // It ends with its executor, and a failure shows as connections that are missing.
    ScheduledFuture<?> unused =
        rate.watch.scheduleWithFixedDelay(
            () -> rate.sample(System.nanoTime(), connections.getAsInt()),
            0,
            SAMPLE_MILLIS,
            TimeUnit.MILLISECONDS);
    return rate;
  }

  /** One that is told what there is. */
  static LoginRate unwatched() {
    return new LoginRate();
  }

  synchronized void sample(long nanoTime, int connections) {
    samples.add(new Sample(nanoTime, connections));
  }

  /**
   * What is wrong with the logins so far, if anything.
   *
   * @param perSecond how many there may be in a second
   * @param expected how many there have to be by now
   */
  synchronized Optional<String> objection(int perSecond, int expected) {
    int last = samples.isEmpty() ? 0 : samples.get(samples.size() - 1).connections();
    if (last != expected) {
      return Optional.of(last + " connections, expected " + expected);
    }
    long first = reached(1);
    double seconds = (reached(expected) - first) / 1e9;
    if (expected - 1 > perSecond * seconds * ROUNDING) {
      return Optional.of(
          "%d logins in %.1f s, %d a second are permitted".formatted(expected, seconds, perSecond));
    }
    int most = most();
    return most > perSecond * (WINDOW_SECONDS + JITTER_SECONDS) + 1
        ? Optional.of(
            "%d logins in %d s, %d a second are permitted"
                .formatted(most, WINDOW_SECONDS, perSecond))
        : Optional.empty();
  }

  /** When there were so many connections. */
  private long reached(int connections) {
    return samples.stream()
        .filter(sample -> sample.connections() >= connections)
        .findFirst()
        .orElseThrow()
        .nanoTime();
  }

  /** The most that came within the window. */
  private int most() {
    int most = 0;
    int from = 0;
    for (Sample sample : samples) {
      while (sample.nanoTime() - samples.get(from).nanoTime()
          > TimeUnit.SECONDS.toNanos(WINDOW_SECONDS)) {
        from++;
      }
      most = Math.max(most, sample.connections() - samples.get(from).connections());
    }
    return most;
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
