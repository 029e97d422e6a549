package org.oicbridge.oic;

import java.util.Set;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.Right;

/**
 * Other gateways of the same account. They take this one for the account itself, which may set them
 * up; so whoever reaches them through this one must be somebody who may set up this one.
 */
final class Gateways {
  private final Set<String> types;

  /**
   * Makes the rule.
   *
   * @param ownType the device type that gateways are configured to have here
   */
  Gateways(String ownType) {
    types =
        ownType.equals("oic.d.cloudproxy") ? Set.of(ownType) : Set.of(ownType, "oic.d.cloudproxy");
  }

  /** Refuses who may not ask this device for anything. */
  void require(Caller caller, DeviceView device) {
    if (isGateway(device)) {
      Access.requireSecure(caller);
      Access.requireAny(caller, Right.PROVISION);
    }
  }

  /** Whether this device is one that who asks may know of. */
  boolean shows(Caller caller, DeviceView device) {
    return !isGateway(device) || (caller.secure() && caller.may(Right.PROVISION));
  }

  private boolean isGateway(DeviceView device) {
    return device.rt().stream().anyMatch(types::contains);
  }
}
