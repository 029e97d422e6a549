package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oicbridge.crudn.Jid;

class LoginGateTest {
  private static final Jid ONE = Jid.parse("one@example.org");
  private static final Jid TWO = Jid.parse("two@example.org");

  @Test
  void accounts_takeTurns() {
    LoginGate gate = new LoginGate(1);
    gate.enter(ONE);
    List<String> in = new ArrayList<>();
    for (String name : List.of("1a", "1b", "1c", "2a", "2b")) {
      gate.enter(name.startsWith("1") ? ONE : TWO).onSuccess(entered -> in.add(name));
    }
    for (int i = 0; i < 5; i++) {
      gate.leave();
    }
    assertThat(in).containsExactly("1a", "2a", "1b", "2b", "1c");
  }

  @Test
  void gate_letsInAsManyAsItMayAndTheOthersInTheirOrder() {
    LoginGate gate = new LoginGate(2);
    assertThat(gate.enter(ONE).isComplete()).isTrue();
    assertThat(gate.enter(ONE).isComplete()).isTrue();
    Future<Void> third = gate.enter(ONE);
    Future<Void> fourth = gate.enter(ONE);
    assertThat(third.isComplete()).isFalse();
    gate.leave();
    assertThat(third.isComplete()).isTrue();
    assertThat(fourth.isComplete()).isFalse();
  }

  @Test
  void sessions_thatAreClosedWhileTheyWaitTakeNoStack() {
    LoginGate gate = new LoginGate(1);
    gate.enter(ONE);
    int[] gone = {0};
    for (int i = 0; i < 50_000; i++) {
      gate.enter(ONE).onSuccess(entered -> gate.leave()).onSuccess(entered -> gone[0]++);
    }
    gate.leave();
    assertThat(gone[0]).isEqualTo(50_000);
    assertThat(gate.enter(ONE).isComplete()).isTrue();
    assertThat(gate.enter(ONE).isComplete()).isFalse();
  }
}
