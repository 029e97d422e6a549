package org.oicbridge.coap;

import java.net.URI;
import java.util.List;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.DeviceType;
import org.oicbridge.crudn.Link;

/**
 * A device as an answer to discovery shows it.
 *
 * @param name for people, may be empty
 * @param endpoint where its resources are reached
 */
record DeviceLinks(DeviceId di, String name, URI endpoint, List<Link> links) {
  private static final String DEVICE = "/oic/d";

  DeviceLinks {
    links = List.copyOf(links);
  }

  /**
   * Chooses the endpoint: where the application's resources are, since {@code /oic/res} and its
   * like are open to all even on a device whose other resources want DTLS.
   */
  static DeviceLinks of(DeviceId di, String name, URI source, List<Link> links) {
    List<Link> application = links.stream().filter(link -> !core(link)).toList();
    return new DeviceLinks(
        di, name, best(application.isEmpty() ? links : application, source), links);
  }

  private static boolean core(Link link) {
    return link.href().startsWith("/oic/")
        || (!link.rt().isEmpty() && link.rt().stream().allMatch(rt -> rt.startsWith("oic.wk.")));
  }

  private static URI best(List<Link> links, URI source) {
    URI secure = null;
    for (Link link : links) {
      if (link.endpoints().isEmpty()) {
        return source;
      }
      // They are in order of preference, those of plain CoAP first.
      URI first = link.endpoints().get(0);
      if (first.getScheme().equals("coap")) {
        return first;
      }
      secure = secure == null ? first : secure;
    }
    return secure == null ? source : secure;
  }

  /** The device type, as far as the links tell. */
  String type() {
    return links.stream()
        .filter(link -> link.href().equals(DEVICE) || link.rt().contains(DeviceType.ANY))
        .findFirst()
        .flatMap(link -> DeviceType.of(link.rt()))
        .orElse(DeviceType.ANY);
  }
}
