package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class LoginGateTest {
  @Test
  void gate_letsInAsManyAsItMayAndTheOthersInTheirOrder() {
    LoginGate gate = new LoginGate(2);
    assertThat(gate.enter().isComplete()).isTrue();
    assertThat(gate.enter().isComplete()).isTrue();
    Future<Void> third = gate.enter();
    Future<Void> fourth = gate.enter();
    assertThat(third.isComplete()).isFalse();
    gate.leave();
    assertThat(third.isComplete()).isTrue();
    assertThat(fourth.isComplete()).isFalse();
  }

  @Test
  void sessions_thatAreClosedWhileTheyWaitTakeNoStack() {
    LoginGate gate = new LoginGate(1);
    gate.enter();
    int[] gone = {0};
    for (int i = 0; i < 50_000; i++) {
      gate.enter().onSuccess(entered -> gate.leave()).onSuccess(entered -> gone[0]++);
    }
    gate.leave();
    assertThat(gone[0]).isEqualTo(50_000);
    assertThat(gate.enter().isComplete()).isTrue();
    assertThat(gate.enter().isComplete()).isFalse();
  }
}
