package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.oicbridge.crudn.Jid;

class ServerLoginsTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
  private final ServerLogins logins = new ServerLogins("example.test", 50, nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static Jid account(int n) {
    return Jid.parse("user" + n + "@example.test");
  }

  /** Refuses accounts from one number on; gives whether the last one stopped the others. */
  private boolean refuse(int from, int count) {
    boolean stopped = false;
    for (int i = from; i < from + count; i++) {
      stopped = logins.refused(account(i));
    }
    return stopped;
  }

  @Test
  void logins_followEachOtherAtTheConfiguredSpeed() {
    for (int i = 0; i < 100; i++) {
      assertThat(logins.reserve()).isEqualTo(i * 20L);
    }
    pass(Duration.ofSeconds(1));
    assertThat(logins.reserve()).isEqualTo(1000);
    pass(Duration.ofHours(1));
    assertThat(logins.reserve()).isZero();
    assertThat(logins.reserve()).isEqualTo(20);
  }

  @Test
  void logins_goAtAnySpeedWithoutALimit() {
    ServerLogins unlimited = new ServerLogins("example.test", 0, nanos::get);
    for (int i = 0; i < 1000; i++) {
      assertThat(unlimited.reserve()).isZero();
    }
  }

  @Test
  void refusals_ofManyAccountsStopTheLoginsForAWhile() {
    assertThat(refuse(0, 9)).isFalse();
    assertThat(logins.objection()).isNull();
    assertThat(refuse(9, 1)).isTrue();
    assertThat(logins.objection()).contains("example.test");
    pass(Duration.ofMinutes(9));
    assertThat(logins.objection()).isNotNull();
    pass(Duration.ofMinutes(1));
    assertThat(logins.objection()).isNull();
    // One to see how it is now, and no others meanwhile.
    assertThat(logins.objection()).isNotNull();
  }

  @Test
  void refusals_ofOneAccountCountOnce() {
    for (int i = 0; i < 30; i++) {
      logins.refused(account(1));
    }
    assertThat(logins.objection()).isNull();
  }

  @Test
  void refusals_thatAreOldDontCount() {
    refuse(0, 5);
    pass(Duration.ofMinutes(6));
    assertThat(refuse(5, 4)).isFalse();
    pass(Duration.ofMinutes(5));
    assertThat(refuse(9, 5)).isFalse();
    assertThat(logins.objection()).isNull();
    assertThat(refuse(14, 1)).isTrue();
  }

  @Test
  void pause_doublesWhileTheServerGoesOnRefusing() {
    refuse(0, 10);
    Duration pause = Duration.ofMinutes(10);
    for (int i = 10; i < 20; i++) {
      pass(pause);
      assertThat(logins.objection()).isNull();
      assertThat(logins.refused(account(i))).isFalse();
      pause = pause.multipliedBy(2);
      if (pause.toHours() >= 2) {
        pause = Duration.ofHours(2);
      }
      pass(pause.minusSeconds(1));
      assertThat(logins.objection()).isNotNull();
      pass(Duration.ofSeconds(1).minus(pause));
    }
  }

  @Test
  void acceptance_letsAllTryAgain() {
    refuse(0, 10);
    pass(Duration.ofMinutes(10));
    assertThat(logins.objection()).isNull();
    logins.accepted();
    assertThat(logins.objection()).isNull();
    assertThat(logins.objection()).isNull();
    assertThat(refuse(10, 9)).isFalse();
    assertThat(refuse(19, 1)).isTrue();
  }

  @Test
  void logins_thatAreUnderWayCantBeMoreThanMayFail() {
    refuse(0, 9);
    for (int i = 9; i < ServerLogins.MOST_REFUSALS; i++) {
      assertThat(logins.enter()).isTrue();
    }
    assertThat(logins.enter()).isFalse();
    logins.leave();
    assertThat(logins.enter()).isTrue();
    assertThat(logins.enter()).isFalse();
    pass(Duration.ofMinutes(11));
    assertThat(logins.enter()).isTrue();
  }
}
