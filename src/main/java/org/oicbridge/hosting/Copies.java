package org.oicbridge.hosting;

import java.util.List;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.OicResource;
import org.oicbridge.store.StoredDevice;

/** Stored devices with one thing changed, and as the API shows them. */
final class Copies {
  private Copies() {}

  /** With the type that was found, which is no change of the registration. */
  static StoredDevice typed(StoredDevice device, String rt) {
    return new StoredDevice(
        device.account(),
        device.di(),
        rt,
        device.name(),
        device.endpoint(),
        device.owner(),
        device.expires(),
        device.keyIdentity(),
        device.keySecret(),
        device.links(),
        device.version());
  }

  static StoredDevice linked(StoredDevice device, List<Link> links) {
    return new StoredDevice(
        device.account(),
        device.di(),
        device.rt(),
        device.name(),
        device.endpoint(),
        device.owner(),
        device.expires(),
        device.keyIdentity(),
        device.keySecret(),
        links,
        device.version() + 1);
  }

  static StoredDevice moved(StoredDevice device, Jid account) {
    return new StoredDevice(
        account,
        device.di(),
        device.rt(),
        device.name(),
        device.endpoint(),
        device.owner(),
        device.expires(),
        device.keyIdentity(),
        device.keySecret(),
        device.links(),
        device.version());
  }

  /**
   * As the API shows it right after a change.
   *
   * @param account as it was asked for
   * @param rt the type that it is hosted with, or null
   */
  static DeviceView view(Jid account, StoredDevice device, String rt) {
    Jid bare = device.account() == null ? account : device.account();
    return new DeviceView(
        device.di(),
        bare,
        rt == null ? List.of() : List.of(rt),
        device.name(),
        DeviceView.Origin.HOSTED,
        rt == null ? null : bare.withResource(new OicResource(rt, device.di()).toString()),
        DeviceView.State.OFFLINE,
        device.version());
  }
}
