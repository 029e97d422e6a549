package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.fuzz.Fuzz;

@Timeout(60)
class CborFuzzTest {
  @Test
  void cborToJson_survivesMutations() {
    assertThat(Fuzz.run(new CborToJsonFuzz(), 20_000, 1)).isZero();
  }

  @Test
  void jsonToCbor_survivesMutations() {
    assertThat(Fuzz.run(new JsonToCborFuzz(), 20_000, 1)).isZero();
  }

  @Test
  void answersToDiscovery_surviveMutations() {
    assertThat(Fuzz.run(new DiscoveryFuzz(), 20_000, 1)).isZero();
  }
}
