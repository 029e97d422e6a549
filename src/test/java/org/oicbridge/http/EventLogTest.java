package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.EventPage;
import org.oicbridge.bus.EventsQuery;
import org.oicbridge.bus.GatewayEvent;
import org.oicbridge.bus.GatewayEvent.Kind;

class EventLogTest {
  private final EventLog log = new EventLog("run");

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      log.add(Kind.DEVICE, null, "{}");
    }
  }

  private EventPage after(String id, int limit) {
    return log.page(new EventsQuery(id, limit));
  }

  @Test
  void callerThatAsksForNothing_isToldWhereItIs() {
    add(3);
    assertThat(after(null, 10).events()).isEmpty();
    assertThat(after(null, 10).last()).hasToString("run-3");
  }

  @Test
  void ring_givesWhatIsBehindAnEvent() {
    add(5);
    assertThat(after("run-2", 2).events()).extracting(e -> e.id().number()).containsExactly(3L, 4L);
    assertThat(after("run-2", 10).events()).extracting(GatewayEvent::id).hasSize(3);
    assertThat(after("run-5", 10).reaches()).isTrue();
    assertThat(after("run-5", 10).events()).isEmpty();
  }

  @Test
  void ring_reachesBackSoFarAndNoFurther() {
    add(EventLog.SIZE + 2);
    assertThat(after("run-2", 1).events()).extracting(e -> e.id().number()).containsExactly(3L);
    assertThat(after("run-1", 1).reaches()).isFalse();
    assertThat(after("run-1", 1).events()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"other-1", "run-9", "run-", "run--1", "run-x", "", "run-99999999999999999999"})
  void idThatIsNoneOfThisRun_isNotReached(String id) {
    add(3);
    assertThat(after(id, 10).reaches()).isFalse();
    assertThat(after(id, 10).last()).hasToString("run-3");
  }
}
