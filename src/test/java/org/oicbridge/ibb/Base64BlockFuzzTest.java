package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.oicbridge.fuzz.Fuzz;

class Base64BlockFuzzTest {
  @Test
  void mutatedBlocks_areTakenOrRefused() {
    assertThat(Fuzz.run(new Base64BlockFuzz(), 20_000, 47)).isZero();
  }
}
