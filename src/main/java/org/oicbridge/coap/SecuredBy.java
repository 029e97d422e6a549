package org.oicbridge.coap;

import java.security.Principal;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.crudn.DeviceId;

/**
 * What a device has to prove in the handshake before anything is sent to it.
 *
 * @param key the key that it must have, or null when a certificate proves who it is
 * @param host the host of its endpoint, null with a key
 * @param di its identifier, null with a key; a certificate must name one of the two
 */
record SecuredBy(PreSharedKey key, String host, DeviceId di) implements Principal {
  static SecuredBy of(HostedDevice device) {
    return device.key() != null
        ? new SecuredBy(device.key(), null, null)
        : new SecuredBy(null, DeviceAddress.host(device.endpoint()), device.di());
  }

  @Override
  public String getName() {
    return key != null ? key.identity() : di.text();
  }
}
