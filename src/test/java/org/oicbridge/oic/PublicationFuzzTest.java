package org.oicbridge.oic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.fuzz.Fuzz;

@Timeout(60)
class PublicationFuzzTest {
  @Test
  void publication_staysWhereItMayBe() {
    assertThat(Fuzz.run(new PublicationReaderFuzz(), 20_000, 1)).isZero();
  }
}
