package org.oicbridge.peers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class PeersTest {
  @Test
  void missingProgram_skipsOrFailsAndTellsWhatToRun() {
    boolean required = Boolean.parseBoolean(System.getenv("OIC_BRIDGE_REQUIRE_PEERS"));
    assertThatThrownBy(() -> Peers.require("no-such-program"))
        .isInstanceOf(required ? AssertionFailedError.class : TestAbortedException.class)
        .hasMessageContaining("no-such-program")
        .hasMessageContaining("scripts/install-peers");
  }

  @Test
  void endlessProgram_isEnded() {
    assertThatThrownBy(() -> Peers.run(Duration.ofMillis(200), "tail", "-f", "/dev/null"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("still ran");
  }
}
