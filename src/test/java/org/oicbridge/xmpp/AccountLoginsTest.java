package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.oicbridge.config.AccountConfig.Tls;

class AccountLoginsTest {
  private final AccountLogins logins =
      new AccountLogins(
          null, SessionFixture.account(SessionFixture.ACCOUNT, "x", 1, Tls.NONE), false);

  @Test
  void login_goesAheadOfTheOthersWhileNoneIsUp() {
    Future<Runnable> first = logins.turn();
    Future<Runnable> second = logins.turn();
    Future<Runnable> third = logins.turn();
    assertThat(first.isComplete()).isTrue();
    assertThat(second.isComplete()).isFalse();
    // The first could not connect: the next one may try, and only that one.
    first.result().run();
    assertThat(second.isComplete()).isTrue();
    assertThat(third.isComplete()).isFalse();
    logins.up();
    second.result().run();
    assertThat(third.isComplete()).isTrue();
    assertThat(logins.turn().isComplete()).isTrue();
    // When the last session has gone, the password has to prove itself anew.
    logins.down();
    Future<Runnable> again = logins.turn();
    assertThat(logins.turn().isComplete()).isFalse();
    again.result().run();
  }

  @Test
  void refusal_letsAllGoAtOnceSoThatTheyCanBeTold() {
    Future<Runnable> first = logins.turn();
    Future<Runnable> second = logins.turn();
    Future<Runnable> third = logins.turn();
    logins.refused("not-authorized");
    logins.refused("later");
    first.result().run();
    assertThat(second.isComplete() && third.isComplete()).isTrue();
    assertThat(logins.refusal()).isEqualTo("not-authorized");
  }

  @Test
  void sessions_thatAreClosedWhileTheyWaitTakeNoStack() {
    Runnable first = logins.turn().result();
    int[] gone = {0};
    for (int i = 0; i < 50_000; i++) {
      logins.turn().onSuccess(leave -> leave.run()).onSuccess(leave -> gone[0]++);
    }
    first.run();
    assertThat(gone[0]).isEqualTo(50_000);
    assertThat(logins.turn().isComplete()).isTrue();
  }

  @Test
  void account_isServedAnewWhenTheLoginDiffers() {
    assertThat(logins.serves(SessionFixture.account(SessionFixture.ACCOUNT, "x", 1, Tls.NONE)))
        .isTrue();
    assertThat(logins.serves(SessionFixture.account(SessionFixture.ACCOUNT, "y", 1, Tls.NONE)))
        .isFalse();
    assertThat(logins.serves(SessionFixture.account(SessionFixture.ACCOUNT, "x", 2, Tls.NONE)))
        .isFalse();
    assertThat(logins.serves(SessionFixture.account(SessionFixture.ACCOUNT, "x", 1, Tls.DIRECT)))
        .isFalse();
  }
}
