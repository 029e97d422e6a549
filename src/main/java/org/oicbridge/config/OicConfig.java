package org.oicbridge.config;

import org.oicbridge.crudn.DeviceType;
import org.oicbridge.crudn.Jid;

/**
 * The gateway as an OIC device.
 *
 * @param name of the device, the {@code n} of its {@code /oic/d}
 * @param deviceType its {@code rt}, which its full JIDs carry (OIC Remote Access section 7.1.1)
 * @param manufacturer the {@code mnmn} of its {@code /oic/p}, 1 to 16 characters
 * @param account the bare JID of the account of the configuration that {@code /XMPPResURI} and
 *     {@code /XMPPUserResURI} show; null for one of their own, which is set through them
 */
public record OicConfig(String name, String deviceType, String manufacturer, Jid account) {

  static OicConfig read(Section section) {
    OicConfig config =
        new OicConfig(
            section.text("name", "oic-bridge"),
            section.text("deviceType", "oic.d.cloudproxy"),
            section.text("manufacturer", "oic-bridge"),
            section.parsed("account", null, AccountConfig::bareJid));
    if (config.manufacturer.isEmpty() || config.manufacturer.length() > 16) {
      section.mistake(
          "manufacturer", "is \"" + config.manufacturer + "\", expected 1 to 16 characters");
    }
    if (!DeviceType.isValid(config.deviceType)) {
      section.mistake(
          "deviceType",
          "is \"" + config.deviceType + "\", expected a resource type such as oic.d.x");
    }
    return config;
  }
}
