package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutagesTest {
  private static final String SERVER = "one.example:5222";
  private static final String OTHER = "two.example:5222";

  private final Outages outages = new Outages();
  private final List<Integer> hurried = new ArrayList<>();

  private List<Outages.Waiting> wait(String server, int count) {
    List<Outages.Waiting> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Outages.Waiting one = () -> hurried.add(number);
      all.add(one);
      outages.waits(server, one);
    }
    return all;
  }

  @Test
  void server_thatIsBackIsTriedByAllWhoWaitedForIt() {
    outages.away(SERVER);
    wait(SERVER, Outages.MASS);
    outages.back(OTHER);
    assertThat(hurried).isEmpty();
    outages.back(SERVER);
    assertThat(hurried).hasSize(Outages.MASS);
    outages.back(SERVER);
    assertThat(hurried).as("once").hasSize(Outages.MASS);
  }

  @Test
  void server_thatWasNeverAwayHurriesNobody() {
    wait(SERVER, 50);
    outages.back(SERVER);
    assertThat(hurried).isEmpty();
  }

  @Test
  void few_areNotHurriedLestTheyBreakInTurns() {
    outages.away(SERVER);
    wait(SERVER, Outages.MASS - 1);
    outages.back(SERVER);
    assertThat(hurried).isEmpty();
  }

  @Test
  void whoWaitsNoMore_isNotHurried() {
    outages.away(SERVER);
    List<Outages.Waiting> all = wait(SERVER, Outages.MASS + 2);
    outages.waitsNoMore(SERVER, all.get(0));
    outages.waitsNoMore(SERVER, all.get(1));
    outages.waitsNoMore(OTHER, all.get(2));
    outages.back(SERVER);
    assertThat(hurried).hasSize(Outages.MASS).doesNotContain(0, 1);
  }
}
