package org.oicbridge.bus;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

/**
 * A device publishes itself, or somebody publishes it, in the resource directory.
 *
 * @param caller who publishes; decides the account and owns the identifier from then on
 * @param rt its device type, or null when the publication does not tell
 * @param name for people, or null when the publication does not tell
 * @param endpoint where the device is
 * @param ttl how long it stays; null for ever
 * @param links what it publishes: one with the {@code href} of a link that is there replaces it
 */
public record Publish(
    Caller caller,
    DeviceId di,
    String rt,
    String name,
    URI endpoint,
    Duration ttl,
    List<Link> links) {
  public Publish {
    links = List.copyOf(links);
  }
}
