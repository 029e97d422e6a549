package org.oicbridge.coap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.oicbridge.crudn.DeviceType;

/**
 * What a device says that it is.
 *
 * @param type its device type
 * @param name for people, may be empty
 */
record DeviceDescription(String type, String name) {
  /**
   * Puts together what the links and {@code /oic/d} tell.
   *
   * @param baseline of {@code /oic/d}, empty when it can't be had
   */
  static DeviceDescription of(DeviceLinks device, Optional<JsonNode> baseline) {
    Optional<JsonNode> own = baseline.filter(body -> describes(body, device));
    String name =
        own.map(body -> DiscoveryAnswer.shorten(LinkReader.text(body.path("n")))).orElse("");
    String type = device.type();
    if (type.equals(DeviceType.ANY)) {
      type = own.flatMap(body -> DeviceType.of(LinkReader.texts(body.path("rt")))).orElse(type);
    }
    return new DeviceDescription(type, name.isEmpty() ? device.name() : name);
  }

  /** A host of several devices describes only one of them there. */
  private static boolean describes(JsonNode body, DeviceLinks device) {
    return LinkReader.deviceId(LinkReader.text(body.path("di")))
        .map(device.di()::equals)
        .orElse(true);
  }
}
