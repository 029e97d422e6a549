package org.oicbridge.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.oicbridge.crudn.Jid;

/**
 * Looking for devices that don't publish themselves.
 *
 * @param interfaces names of the network interfaces that the multicast request leaves by; none, no
 *     multicast
 * @param interval from one search to the next, 5 s to 1 day
 * @param unicast {@code coap://host:port} of devices that are asked directly
 * @param adopt which devices are hosted without being adopted by hand; the first rule that fits
 */
public record DiscoveryConfig(
    List<String> interfaces, Duration interval, List<URI> unicast, List<Adoption> adopt) {

  /**
   * A rule by which discovered devices are hosted.
   *
   * @param rt the device type that it takes, or null for all
   * @param account the bare JID that they go to
   */
  public record Adoption(String rt, Jid account) {
    static Adoption read(Section section) {
      return new Adoption(
          section.text("rt", null), section.required("account", AccountConfig::bareJid));
    }
  }

  public DiscoveryConfig {
    interfaces = List.copyOf(interfaces);
    unicast = List.copyOf(unicast);
    adopt = List.copyOf(adopt);
  }

  static DiscoveryConfig read(Section section) {
    List<URI> unicast = new ArrayList<>();
    for (URI uri : section.parsedTexts("unicast", DeviceConfig::endpoint)) {
      unicast.add(uri);
    }
    return new DiscoveryConfig(
        section.texts("interfaces"),
        section.seconds("interval", 300, 5, 86_400),
        unicast,
        section.list("adopt", Adoption::read));
  }
}
