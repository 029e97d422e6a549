package org.oicbridge.coap;

import java.util.List;

/** Which of its resource types is the type of a device. */
final class DeviceType {
  /** What every device is. */
  static final String ANY = "oic.wk.d";

  private DeviceType() {}

  /**
   * The device type among the values of {@code rt} of {@code /oic/d}, which stand in any order: a
   * standard one, else a vendor's, else {@link #ANY}.
   */
  static String of(List<String> rt) {
    return rt.stream()
        .filter(type -> type.startsWith("oic.d."))
        .findFirst()
        .or(() -> rt.stream().filter(type -> !type.startsWith("oic.wk.")).findFirst())
        .orElse(ANY);
  }
}
