package org.oicbridge.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@link LoginRate} with samples that are made up: 100 logins, 10 a second permitted. */
class LoginRateTest {
  private static final int PERMITTED = 10;
  private static final int LOGINS = 100;
  private static final int SAMPLE_MILLIS = 20;

  private final LoginRate rate = LoginRate.unwatched();

  /** One login after the other, each so many milliseconds after the one before. */
  private void logins(int from, int to, long startMillis, int apartMillis) {
    int samples = (to - from) * apartMillis / SAMPLE_MILLIS;
    IntStream.rangeClosed(0, samples)
        .forEach(
            i ->
                rate.sample(
                    (startMillis + (long) i * SAMPLE_MILLIS) * 1_000_000,
                    from + i * SAMPLE_MILLIS / apartMillis));
  }

  @Test
  void permittedRate_isFine() {
    logins(0, LOGINS, 0, 100);
    assertThat(rate.objection(PERMITTED, LOGINS)).isEmpty();
  }

  @Test
  void aTenthMore_isTooFast() {
    logins(0, LOGINS, 0, 90);
    assertThat(rate.objection(PERMITTED, LOGINS).orElseThrow()).contains("10 a second");
  }

  @Test
  void burstAfterAPause_isTooFast() {
    logins(0, 50, 0, 100);
    logins(50, LOGINS, 20_000, 20);
    assertThat(rate.objection(PERMITTED, LOGINS).orElseThrow()).contains("in 2 s");
  }

  @Test
  void missingOnes_areTold() {
    logins(0, 71, 0, 100);
    assertThat(rate.objection(PERMITTED, LOGINS)).contains("71 connections, expected 100");
  }
}
