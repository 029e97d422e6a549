package org.oicbridge.bus;

import java.util.List;
import java.util.Locale;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * A device as the API shows it.
 *
 * @param di its identifier
 * @param account the bare JID whose device it is
 * @param rt its device types
 * @param name for people, may be empty
 * @param origin how the gateway knows it
 * @param jid its full JID
 * @param state whether it can be reached
 */
public record DeviceView(
    DeviceId di, Jid account, List<String> rt, String name, Origin origin, Jid jid, State state) {

  /** How the gateway knows a device. */
  public enum Origin {
    /** Its CoAP side is behind this gateway. */
    HOSTED,
    /** Seen by its presence under an account. */
    REMOTE;

    /** As it stands in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether a device can be reached. */
  public enum State {
    ONLINE,
    OFFLINE,
    UNKNOWN;

    /** As it stands in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DeviceView {
    rt = List.copyOf(rt);
  }

  /** Orders devices, and stays the same as long as the device is known. */
  public String key() {
    return account + "/" + di.canonical();
  }
}
