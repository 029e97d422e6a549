package org.oicbridge.crudn;

import java.util.Locale;

/** What an identity of the local network may do with the gateway and the devices of its account. */
public enum Right {
  /** Retrieve, and observe. */
  READ,
  /** Create, update and delete resources of devices. */
  ACT,
  /** Publish devices to the gateway's resource directory, and withdraw them. */
  PUBLISH,
  /** Set the XMPP server and the user of the account (OIC Remote Access section 6.2). */
  PROVISION;

  /** As it stands in the configuration. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
