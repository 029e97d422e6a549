package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.OutageCases.Outcome;

/** The cases of {@code scripts/outage} with few sessions and short outages. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class OutageIT {
  private static final int ACCOUNTS = 3;
  private static final int DEVICES = 5;
  private static final long BOUND_SECONDS = 120;

  @ParameterizedTest
  @EnumSource
  void outages_loseNothingThatCanBeKeptAndDoNothingTwice(OutageSite.Server kind) throws Exception {
    try (OutageCases cases = new OutageCases(kind, ACCOUNTS, DEVICES, BOUND_SECONDS)) {
      assertGood(cases.cut(2));
      assertGood(cases.restartServer(1));
      assertGood(cases.restartDevices());
      assertGood(cases.restartGateway(false));
      assertGood(cases.restartGateway(true));
    }
  }

  private static void assertGood(Outcome outcome) {
    assertThat(outcome.good()).as(outcome.toString()).isTrue();
  }
}
