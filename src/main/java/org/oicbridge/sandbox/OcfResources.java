package org.oicbridge.sandbox;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What the simulated devices have. */
final class OcfResources {
  private static final String OCF_VERSION = "ocf.1.0.0";
  private static final String DATA_MODEL = "ocf.res.1.0.0,ocf.sh.1.0.0";

  private OcfResources() {}

  /**
   * What every OCF device has: {@code /oic/res}, {@code /oic/d} and {@code /oic/p}, by their path.
   * The first of them names whatever is added to the map.
   *
   * @param pi the UUID of its platform
   * @param endpoint asked for at each request, since a free port is known only once it is bound
   */
  static Map<String, OcfContent> core(
      String di, String rt, String name, String pi, Supplier<URI> endpoint) {
    Map<String, OcfContent> contents = new LinkedHashMap<>();
    contents.put(OcfLinks.HREF, new OcfLinks(di, endpoint, contents));
    contents.put(
        "/oic/d",
        OcfProperties.core("oic.wk.d", rt)
            .with("n", name)
            .with("di", di)
            .with("icv", OCF_VERSION)
            .with("dmv", DATA_MODEL)
            .with("piid", pi));
    contents.put(
        "/oic/p", OcfProperties.core("oic.wk.p").with("pi", pi).with("mnmn", "oic-bridge"));
    return contents;
  }

  /** Something that is on or off, and off at first. */
  static OcfProperties binarySwitch() {
    return OcfProperties.actuator("oic.r.switch.binary", Map.of("value", OcfProperties.BOOLEAN))
        .with("value", false);
  }

  /** How bright a light is, half of what it can at first. */
  static OcfProperties dimming() {
    return OcfProperties.actuator(
            "oic.r.light.dimming", Map.of("dimmingSetting", OcfProperties.PERCENT))
        .with("dimmingSetting", 50);
  }
}
