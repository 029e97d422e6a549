package org.oicbridge.bus;

import java.net.URI;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.crudn.DeviceId;

/**
 * A CoAP device that the gateway logs in for.
 *
 * @param di its identifier, the one that its {@code /oic/d} has
 * @param rt its device type, such as {@code oic.d.light}
 * @param name for people, may be empty
 * @param endpoint {@code coap://host:port[/base]} or {@code coaps://…}; it alone decides where
 *     packets go
 * @param key how to secure {@code coaps}, or null when certificates do or it is plain
 * @param version grows with every change of the registration; 0 for one of the configuration file
 */
public record HostedDevice(
    DeviceId di, String rt, String name, URI endpoint, PreSharedKey key, long version) {

  /** A device of the configuration file. */
  public static HostedDevice of(DeviceConfig device) {
    PreSharedKey key =
        device.psk() == null ? null : new PreSharedKey(device.psk().identity(), device.psk().key());
    return new HostedDevice(device.di(), device.rt(), device.name(), device.endpoint(), key, 0);
  }
}
