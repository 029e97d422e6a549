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
 * @param endpoint {@code coap://host:port[/base]}; the base stands before every path
 */
public record DeviceConfig(DeviceId di, String rt, String name, URI endpoint) {
  static DeviceConfig read(Section section) {
    return new DeviceConfig(
        section.required("di", DeviceId::new),
        section.text("rt", "oic.wk.d"),
        section.text("name", ""),
        section.required("endpoint", DeviceConfig::endpoint));
  }

  private static URI endpoint(String text) {
    URI uri = URI.create(text);
    boolean plain =
        uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
    boolean port = uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= 65_535);
    if (!"coap".equals(uri.getScheme()) || uri.getHost() == null || !plain || !port) {
      throw new IllegalArgumentException("\"" + text + "\", expected coap://host:port[/base]");
    }
    // A base that can't be sent would fail every request instead.
    ResourcePath.parse(uri.getRawPath());
    return uri;
  }
}
