package org.oicbridge.crudn;

import java.util.Optional;

/**
 * The resourcepart that OIC Remote Access section 7.1.1 prescribes: {@code OIC/1.0/{device
 * type}/{UUID}}.
 *
 * @param deviceType the {@code rt} of the device, or {@link #CLIENT}
 * @param id the device's own identifier
 */
public record OicResource(String deviceType, DeviceId id) {
  /** The word in the place of the device type that marks a device which serves no resources. */
  public static final String CLIENT = "Client";

  private static final String PREFIX = "OIC/1.0/";

  /** Reads a resourcepart; empty when it is not of that form. */
  public static Optional<OicResource> parse(String resource) {
    int slash = resource.lastIndexOf('/');
    if (!resource.startsWith(PREFIX) || slash <= PREFIX.length()) {
      return Optional.empty();
    }
    String type = resource.substring(PREFIX.length(), slash);
    try {
      return type.indexOf('/') >= 0
          ? Optional.empty()
          : Optional.of(
              new OicResource(
                  type.replace("%2F", "/"), new DeviceId(resource.substring(slash + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** True when the device takes no requests. */
  public boolean clientOnly() {
    return deviceType.equals(CLIENT);
  }

  /** The resourcepart as it is bound; a slash in a vendor's type is percent-encoded. */
  @Override
  public String toString() {
    return PREFIX + deviceType.replace("/", "%2F") + "/" + id.text();
  }
}
