package org.oicbridge.bus;

import java.util.List;
import java.util.Locale;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * A device as the API shows it.
 *
 * @param di its identifier
 * @param account the bare JID whose device it is; null when it was discovered and has none
 * @param rt its device types
 * @param name for people, may be empty
 * @param origin how the gateway knows it
 * @param jid its full JID; null when it was discovered and has none, or its type is not known yet
 * @param state whether it can be reached
 * @param version of its registration, 0 when it has none; the ETag
 */
public record DeviceView(
    DeviceId di,
    Jid account,
    List<String> rt,
    String name,
    Origin origin,
    Jid jid,
    State state,
    long version) {

  /** How the gateway knows a device. */
  public enum Origin {
    /** Its CoAP side is behind this gateway. */
    HOSTED,
    /** Seen by its presence under an account. */
    REMOTE,
    /** Answered to discovery on a local network; hosted once it is adopted. */
    DISCOVERED;

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
    return (account == null ? "" : account) + "/" + di.canonical();
  }
}
