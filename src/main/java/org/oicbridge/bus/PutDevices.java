package org.oicbridge.bus;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * Registers devices, all in one commit; each is taken or refused for itself.
 *
 * @param entries at most 50
 */
public record PutDevices(List<Entry> entries) {
  public PutDevices {
    entries = List.copyOf(entries);
  }

  /**
   * One device.
   *
   * @param account the bare JID of an account that there is
   * @param rt its device type; null to ask the device
   * @param name for people, may be empty
   * @param endpoint {@code coap://} or {@code coaps://host:port[/base]}
   * @param ttl how long it stays unless it is registered again; null for ever
   * @param key how to secure {@code coaps}, or null
   * @param precondition what must hold
   */
  public record Entry(
      Jid account,
      DeviceId di,
      String rt,
      String name,
      URI endpoint,
      Duration ttl,
      PreSharedKey key,
      Precondition precondition) {}
}
