package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.oicbridge.config.CoapConfig;

class DevicesTest {
  private final Devices devices =
      new Devices(
          null,
          null,
          null,
          new CoapConfig("127.0.0.1", 1, 1, Duration.ofSeconds(2), 4, 1024, 10_000, null));

  private Device at(int number) {
    return devices.at(
        TestDevice.config(
            "coap://10.0." + number / 256 + "." + number % 256 + ":" + (1000 + number)));
  }

  @Test
  void device_isRememberedUntilItIsIdle() {
    Device first = at(1);
    assertThat(at(1)).isSameAs(first);

    devices.dropIdle(Duration.ofMinutes(1));
    assertThat(devices.size()).isEqualTo(1);
    devices.dropIdle(Duration.ofSeconds(-1));
    assertThat(devices.size()).isZero();
    assertThat(at(1)).isNotSameAs(first);
  }

  @Test
  void devices_areBounded() {
    Device first = at(0);
    for (int i = 1; i < Devices.LIMIT + 10; i++) {
      at(i);
    }

    assertThat(devices.size()).isEqualTo(Devices.LIMIT);
    assertThat(at(0)).isNotSameAs(first);
    assertThat(devices.queued()).isZero();
  }
}
