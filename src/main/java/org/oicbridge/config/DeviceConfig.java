package org.oicbridge.config;

import java.net.URI;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.ResourcePath;

/**
 * A CoAP device that the gateway hosts.
 *
 * @param di its identifier, the one that its {@code /oic/d} has
 * @param rt its device type, such as {@code oic.d.light}
 * @param name for people
 * @param endpoint {@code coap://host:port[/base]} or {@code coaps://…}; the base stands before
 *     every path
 * @param psk the key for {@code coaps}, or null when certificates secure it or it is plain
 */
public record DeviceConfig(
    DeviceId di, String rt, String name, URI endpoint, IdentityConfig.Psk psk) {
  static DeviceConfig read(Section section) {
    return new DeviceConfig(
        section.required("di", DeviceId::new),
        section.text("rt", "oic.wk.d"),
        section.text("name", ""),
        section.required("endpoint", DeviceConfig::endpoint),
        section.optional("psk", IdentityConfig::psk));
  }

  /**
   * Reads the endpoint of a device.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static URI endpoint(String text) {
    URI uri = URI.create(text);
    boolean plain =
        uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
    boolean port = uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= 65_535);
    boolean scheme = "coap".equals(uri.getScheme()) || "coaps".equals(uri.getScheme());
    if (!scheme || uri.getHost() == null || !plain || !port) {
      throw new IllegalArgumentException(
          "\"" + text + "\", expected coap://host:port[/base] or coaps://host:port[/base]");
    }
    // A base that can't be sent would fail every request instead.
    ResourcePath.parse(uri.getRawPath());
    return uri;
  }
}
