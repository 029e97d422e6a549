package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
  /** Draws the greatest number there is, and notes the limits. */
  private static final class Greatest implements RandomGenerator {
    final List<Long> limits = new ArrayList<>();

    @Override
    public long nextLong() {
      throw new UnsupportedOperationException("only numbers below a limit are drawn");
    }

    @Override
    public long nextLong(long bound) {
      limits.add(bound);
      return bound - 1;
    }
  }

  @Test
  void pause_isDrawnBelowALimitThatDoubles() {
    Greatest random = new Greatest();
    Backoff backoff = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60), random);
    for (int i = 0; i < 30; i++) {
      backoff.next(StreamEnd.Kind.RETRY);
    }
    assertThat(random.limits).startsWith(5000L, 10_000L, 20_000L, 40_000L, 60_000L, 60_000L);
    assertThat(random.limits).last().isEqualTo(60_000L);
    backoff.reset();
    assertThat(backoff.next(StreamEnd.Kind.RETRY)).isEqualTo(5000);
  }

  @Test
  void pause_isAMinuteOrMoreWhenLate() {
    Backoff backoff =
        new Backoff(Duration.ofMillis(10), Duration.ofMillis(10), RandomGenerator.getDefault());
    assertThat(backoff.next(StreamEnd.Kind.RETRY_LATE)).isBetween(60_001L, 60_010L);
  }

  @Test
  void pause_isNeverBeyondTheCeiling() {
    Greatest random = new Greatest();
    Backoff backoff = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(300), random);
    for (int i = 0; i < 30; i++) {
      backoff.next(StreamEnd.Kind.RETRY_LATE);
    }
    assertThat(backoff.next(StreamEnd.Kind.RETRY_LATE)).isEqualTo(300_000);
    assertThat(backoff.next(StreamEnd.Kind.SHUTDOWN)).isEqualTo(300_000);
  }

  @Test
  void shutdown_isFollowedByAPauseFromAWideRange() {
    Greatest random = new Greatest();
    Backoff backoff = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(300), random);
    backoff.next(StreamEnd.Kind.SHUTDOWN);
    backoff.next(StreamEnd.Kind.RETRY);
    assertThat(random.limits).containsExactly(80_000L, 160_000L);
  }

  @Test
  void lostStream_isSoughtAtOnceAndSeveralTimesWhileItIsKept() {
    Greatest random = new Greatest();
    Backoff backoff = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(300), random);
    Duration window = Duration.ofSeconds(60);
    assertThat(backoff.next(StreamEnd.Kind.LOST, window)).isEqualTo(1000);
    for (int i = 0; i < 10; i++) {
      assertThat(backoff.next(StreamEnd.Kind.RETRY, window)).isEqualTo(6000);
    }
    // Drawn from all of it, or many that are lost together would be sought together.
    assertThat(random.limits).startsWith(1000L, 6000L, 6000L);
  }
}
