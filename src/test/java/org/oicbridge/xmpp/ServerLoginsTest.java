package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.ServerLogins.Entry;

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
      stopped = logins.refused(account(i), false);
    }
    return stopped;
  }

  /** Begins and ends a login. */
  private Entry enter(boolean proven) {
    Entry entry = logins.enter(proven);
    if (entry == Entry.ENTERED) {
      logins.leave();
    }
    return entry;
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
  void refusals_ofManyAccountsStopThoseThatWereNeverGoodForAWhile() {
    assertThat(refuse(0, 9)).isFalse();
    assertThat(enter(false)).isEqualTo(Entry.ENTERED);
    assertThat(refuse(9, 1)).isTrue();
    assertThat(enter(false)).isEqualTo(Entry.HELD_BACK);
    assertThat(enter(true)).isEqualTo(Entry.ENTERED);
    assertThat(logins.objection()).contains("example.test");
    pass(Duration.ofMinutes(9));
    assertThat(enter(false)).isEqualTo(Entry.HELD_BACK);
    pass(Duration.ofMinutes(1));
    assertThat(enter(false)).isEqualTo(Entry.ENTERED);
    // One to see how it is now, and no others meanwhile.
    assertThat(enter(false)).isEqualTo(Entry.HELD_BACK);
  }

  @Test
  void refusals_ofAccountsThatWereGoodStopAll() {
    for (int i = 0; i < ServerLogins.LAPSES - 1; i++) {
      assertThat(logins.refused(account(i), true)).isFalse();
      assertThat(logins.refused(account(i), true)).isFalse();
    }
    assertThat(enter(true)).isEqualTo(Entry.ENTERED);
    assertThat(logins.refused(account(9), true)).isTrue();
    assertThat(enter(true)).isEqualTo(Entry.HELD_BACK);
    assertThat(enter(false)).isEqualTo(Entry.HELD_BACK);
    pass(ServerLogins.PAUSE);
    assertThat(enter(true)).isEqualTo(Entry.ENTERED);
    assertThat(enter(true)).isEqualTo(Entry.HELD_BACK);
    logins.accepted(true);
    assertThat(enter(true)).isEqualTo(Entry.ENTERED);
    assertThat(enter(false)).isEqualTo(Entry.ENTERED);
  }

  @Test
  void refusals_ofAccountsThatWereGoodStopAllWhenOthersAreStoppedAlready() {
    refuse(0, 10);
    for (int i = 20; i < 20 + ServerLogins.LAPSES; i++) {
      assertThat(enter(true)).isEqualTo(Entry.ENTERED);
      logins.refused(account(i), true);
    }
    assertThat(enter(true)).isEqualTo(Entry.HELD_BACK);
  }

  @Test
  void refusals_ofOneAccountAreNoReasonToStopOthersUntilABanIsNear() {
    for (int i = 0; i < ServerLogins.MOST_UNPROVEN; i++) {
      assertThat(enter(false)).isEqualTo(Entry.ENTERED);
      assertThat(logins.refused(account(1), false)).isFalse();
    }
    assertThat(enter(false)).isEqualTo(Entry.HELD_BACK);
    assertThat(enter(true)).isEqualTo(Entry.ENTERED);
    // The server counts anew after that.
    logins.accepted(true);
    assertThat(enter(false)).isEqualTo(Entry.ENTERED);
  }

  @Test
  void refusals_thatAreOldDontCount() {
    refuse(0, 5);
    pass(Duration.ofMinutes(36));
    assertThat(refuse(5, 4)).isFalse();
    pass(Duration.ofMinutes(25));
    assertThat(refuse(9, 5)).isFalse();
    assertThat(enter(false)).isEqualTo(Entry.ENTERED);
    assertThat(refuse(14, 1)).isTrue();
  }

  @Test
  void pause_doublesWhileTheServerGoesOnRefusing() {
    refuse(0, 10);
    // What was under way then is no sign that the pause was too short.
    refuse(10, 1);
    Duration pause = Duration.ofMinutes(10);
    for (int i = 20; i < 30; i++) {
      pass(pause.minusSeconds(1));
      assertThat(enter(false)).isEqualTo(Entry.HELD_BACK);
      pass(Duration.ofSeconds(1));
      assertThat(enter(false)).isEqualTo(Entry.ENTERED);
      assertThat(logins.refused(account(i), false)).isFalse();
      pause = pause.multipliedBy(2);
      if (pause.toHours() >= 2) {
        pause = Duration.ofHours(2);
      }
    }
  }

  @Test
  void acceptance_letsAllTryAgain() {
    refuse(0, 10);
    pass(Duration.ofMinutes(10));
    assertThat(enter(false)).isEqualTo(Entry.ENTERED);
    logins.accepted(true);
    assertThat(enter(false)).isEqualTo(Entry.HELD_BACK);
    logins.accepted(false);
    assertThat(enter(false)).isEqualTo(Entry.ENTERED);
    assertThat(enter(false)).isEqualTo(Entry.ENTERED);
    assertThat(refuse(10, 9)).isFalse();
    assertThat(refuse(19, 1)).isTrue();
  }

  @Test
  void logins_thatAreUnderWayCantBeMoreThanMayFail() {
    refuse(0, 9);
    for (int i = 9; i < ServerLogins.MOST_UNPROVEN; i++) {
      assertThat(logins.enter(false)).isEqualTo(Entry.ENTERED);
    }
    assertThat(logins.enter(false)).isEqualTo(Entry.CROWDED);
    for (int i = ServerLogins.MOST_UNPROVEN; i < ServerLogins.MOST_REFUSALS; i++) {
      assertThat(logins.enter(true)).isEqualTo(Entry.ENTERED);
    }
    assertThat(logins.enter(true)).isEqualTo(Entry.CROWDED);
    logins.leave();
    assertThat(logins.enter(true)).isEqualTo(Entry.ENTERED);
    pass(Duration.ofMinutes(61));
    assertThat(logins.enter(true)).isEqualTo(Entry.ENTERED);
  }
}
