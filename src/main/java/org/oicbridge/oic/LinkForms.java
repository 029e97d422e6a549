package org.oicbridge.oic;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import org.oicbridge.bus.OwnRequest.Form;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

/** Writes the links of devices in the shapes that {@code /oic/res} has had. */
final class LinkForms {
  private static final int DEFAULT_SECURE_PORT = 5684;
  private static final int DEFAULT_PORT = 5683;

  private LinkForms() {}

  /**
   * The representation of {@code /oic/res}.
   *
   * @param self the path of {@code /oic/res} itself, which is marked
   * @param gateway what the gateway calls itself
   * @param devices whose links are to be written
   * @param resource the common properties of {@code /oic/res} for {@code oic.if.baseline}, or null
   */
  static JsonArray write(
      Form form, String self, DeviceId gateway, List<DeviceLinks> devices, JsonObject resource) {
    return form == Form.OIC ? oic(self, gateway, devices, resource) : ocf(self, devices, resource);
  }

  /** A link number as JSON: an integer wherever it is one (OCF), else the text of OIC 1.0. */
  static Object number(String ins) {
    return ins.matches("0|[1-9][0-9]{0,17}") ? (Object) Long.valueOf(ins) : ins;
  }

  private static JsonArray ocf(String self, List<DeviceLinks> devices, JsonObject resource) {
    JsonArray links = new JsonArray();
    for (DeviceLinks device : devices) {
      for (Link link : device.links()) {
        links.add(ocf(self, device, link));
      }
    }
    return resource == null ? links : new JsonArray().add(resource.copy().put("links", links));
  }

  private static JsonObject ocf(String self, DeviceLinks device, Link link) {
    List<URI> endpoints = endpoints(device, link);
    JsonObject out =
        new JsonObject()
            .put("anchor", "ocf://" + device.di().text())
            .put("href", href(device, link));
    if (link.href().equals(self) && device.endpoint() == null) {
      out.put("rel", new JsonArray().add("self"));
    }
    common(out, link).put("p", new JsonObject().put("bm", link.policy()));
    if (!endpoints.isEmpty()) {
      JsonArray eps = new JsonArray();
      for (URI endpoint : endpoints) {
        boolean first = endpoint.getScheme().equals(endpoints.get(0).getScheme());
        eps.add(new JsonObject().put("ep", origin(endpoint)).put("pri", first ? 1 : 2));
      }
      out.put("eps", eps);
    }
    return out;
  }

  private static JsonArray oic(
      String self, DeviceId gateway, List<DeviceLinks> devices, JsonObject resource) {
    JsonArray roots = new JsonArray();
    for (DeviceLinks device : devices) {
      boolean own = device.di().equals(gateway);
      JsonObject root = resource != null && own ? resource.copy() : new JsonObject();
      if (resource != null && !own && !device.name().isEmpty()) {
        root.put("n", device.name());
      }
      root.put("di", device.di().text());
      if (device.endpoint() != null) {
        // Without a scheme, since IoTivity takes what stands before the first colon as the address.
        root.put("baseURI", unzoned(device.endpoint().getHost()) + ":" + port(device.endpoint()));
      }
      JsonArray links = new JsonArray();
      device.links().forEach(link -> links.add(oic(self, device, link)));
      roots.add(root.put("links", links));
    }
    return roots;
  }

  private static JsonObject oic(String self, DeviceLinks device, Link link) {
    boolean own = device.endpoint() == null;
    JsonObject out = new JsonObject().put("href", href(device, link));
    if (link.href().equals(self) && own) {
      out.put("rel", "self");
    }
    List<URI> endpoints = endpoints(device, link);
    URI best = endpoints.isEmpty() ? null : endpoints.get(0);
    boolean secure = best != null && best.getScheme().equals(EndpointRules.COAPS);
    JsonObject p = new JsonObject().put("bm", link.policy()).put("sec", secure);
    if (secure || !own) {
      p.put("port", port(best));
    }
    return common(out, link).put("p", p);
  }

  private static JsonObject common(JsonObject out, Link link) {
    return out.put("rt", new JsonArray(link.rt())).put("if", new JsonArray(link.interfaces()));
  }

  private static List<URI> endpoints(DeviceLinks device, Link link) {
    return link.endpoints().isEmpty() && device.endpoint() != null
        ? List.of(device.endpoint())
        : link.endpoints();
  }

  /** The path on the device; one that is configured may have a base before all of them. */
  private static String href(DeviceLinks device, Link link) {
    String base = device.endpoint() == null ? "" : device.endpoint().getRawPath();
    return base == null || base.isEmpty() || base.equals("/")
        ? link.href()
        : base.replaceFirst("/$", "") + link.href();
  }

  private static String origin(URI endpoint) {
    return endpoint.getScheme() + "://" + unzoned(endpoint.getHost()) + ":" + port(endpoint);
  }

  /** A zone means something on this machine only. */
  private static String unzoned(String host) {
    int zone = host.indexOf('%');
    return zone < 0 ? host : host.substring(0, zone) + "]";
  }

  private static int port(URI endpoint) {
    int secure = endpoint.getScheme().equals(EndpointRules.COAPS) ? DEFAULT_SECURE_PORT : 0;
    return endpoint.getPort() > 0 ? endpoint.getPort() : Math.max(secure, DEFAULT_PORT);
  }
}
