package org.oicbridge.crudn;

import java.util.List;
import java.util.Optional;

/** Which of its resource types is the type of a device. */
public final class DeviceType {
  /** What every device is. */
  public static final String ANY = "oic.wk.d";

  private DeviceType() {}

  /**
   * The device type among the values of {@code rt} of {@code /oic/d}, which stand in any order: a
   * standard one, else a vendor's; empty when there is neither.
   */
  public static Optional<String> of(List<String> rts) {
    List<String> types =
        rts.stream().filter(rt -> isValid(rt) && !rt.startsWith("oic.wk.")).toList();
    return types.stream()
        .filter(rt -> rt.startsWith("oic.d."))
        .findFirst()
        .or(() -> types.stream().findFirst());
  }

  /** Whether a text can stand as device type in a full JID; {@code Client} means another thing. */
  public static boolean isValid(String rt) {
    return rt.matches("[!-~]{1,64}") && !rt.equals(OicResource.CLIENT);
  }
}
