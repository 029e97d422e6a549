package org.oicbridge.config;

import java.net.URI;
import org.oicbridge.crudn.DeviceId;

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
    section.requiredText("di");
    section.requiredText("endpoint");
    return new DeviceConfig(
        section.parsed("di", null, DeviceId::new),
        section.text("rt", "oic.wk.d"),
        section.text("name", ""),
        section.parsed("endpoint", null, DeviceConfig::endpoint));
  }

  private static URI endpoint(String text) {
    URI uri = URI.create(text);
    boolean plain =
        uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
    if (!"coap".equals(uri.getScheme()) || uri.getHost() == null || !plain) {
      throw new IllegalArgumentException("\"" + text + "\", expected coap://host:port[/base]");
    }
    return uri;
  }
}
