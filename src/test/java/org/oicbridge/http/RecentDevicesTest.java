package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

class RecentDevicesTest {
  private static final Jid ALICE = Jid.parse("alice@example.org");
  private static final Jid BOB = Jid.parse("bob@example.org");

  private long now = 7;
  private final RecentDevices recent = new RecentDevices(() -> now);

  private static DeviceView device(int number) {
    return new DeviceView(
        new DeviceId("00000000-0000-4000-8000-%012d".formatted(number)),
        ALICE,
        List.of("oic.d.light"),
        "",
        DeviceView.Origin.HOSTED,
        null,
        DeviceView.State.ONLINE,
        1);
  }

  @Test
  void device_isRememberedForAWhile() {
    DeviceView lamp = device(1);
    recent.put(lamp.di(), null, lamp);
    now += RecentDevices.KEPT.toNanos();
    assertThat(recent.get(lamp.di(), null)).isEqualTo(lamp);
    assertThat(recent.get(lamp.di(), ALICE)).as("another question").isNull();
    now++;
    assertThat(recent.get(lamp.di(), null)).isNull();
  }

  @Test
  void device_isForgottenWhenItChanges() {
    DeviceView lamp = device(1);
    recent.put(lamp.di(), null, lamp);
    recent.put(lamp.di(), ALICE, lamp);
    recent.forget(lamp.di(), BOB);
    assertThat(recent.get(lamp.di(), null)).as("it may be ambiguous now").isNull();
    assertThat(recent.get(lamp.di(), ALICE)).isEqualTo(lamp);
    recent.forget(lamp.di(), ALICE);
    assertThat(recent.get(lamp.di(), ALICE)).isNull();
  }

  @Test
  void devices_areBounded() {
    for (int i = 0; i < RecentDevices.MOST; i++) {
      recent.put(device(i).di(), null, device(i));
    }
    assertThat(recent.get(device(0).di(), null)).isNotNull();
    recent.put(device(RecentDevices.MOST).di(), null, device(RecentDevices.MOST));
    assertThat(recent.get(device(1).di(), null)).as("used least recently").isNull();
    assertThat(recent.get(device(0).di(), null)).isNotNull();
  }
}
