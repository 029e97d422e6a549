package org.oicbridge.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryGuardTest {
  private final List<Boolean> told = new ArrayList<>();
  private double reading;
  private int collections;
  private MemoryGuard guard = new MemoryGuard(0.9, () -> reading, () -> collections++, told::add);

  @AfterEach
  void close() {
    guard.close();
  }

  private void look(double... readings) {
    for (double next : readings) {
      reading = next;
      guard.look();
    }
  }

  @Test
  void reading_thatStaysAboveIsTold() {
    look(0.91, 0.91);
    assertThat(told).isEmpty();
    look(0.95, 0.99);
    assertThat(told).containsExactly(true);
  }

  @Test
  void reading_thatIsAboveNowAndThenIsNot() {
    look(0.95, 0.95, 0.9, 0.95, 0.95, 0.1);
    assertThat(told).isEmpty();
  }

  @Test
  void reading_thatIsLowAgainIsToldAtOnce() {
    look(0.95, 0.95, 0.95, 0.5);
    assertThat(told).containsExactly(true, false);
  }

  @Test
  void heap_isCollectedNowAndThenWhileNothingElseWouldHaveItCollected() {
    for (int n = 0; n < 9; n++) {
      look(0.95);
    }
    assertThat(collections).isZero();
    for (int n = 0; n < 11; n++) {
      look(0.95);
    }
    assertThat(collections).isEqualTo(2);
    look(new double[10]);
    assertThat(collections).isEqualTo(2);
  }

  @Test
  void limitOfOne_isNone() {
    guard.close();
    guard = new MemoryGuard(1, () -> reading, () -> collections++, told::add);
    look(1, 1, 1, 1, 1);
    assertThat(told).isEmpty();
  }

  @Test
  void heapOfThisProcess_isRead() {
    assertThat(MemoryGuard.heapAfterCollection()).isBetween(0.0, 1.0);
  }
}
