package org.oicbridge.hosting;

import java.net.InetAddress;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.crudn.DeviceType;

/** What the values of a device that comes at run time must be. */
final class DeviceRules {
  /** Most links of one device; they come from outside. */
  static final int MAX_LINKS = 256;

  private static final int MAX_NAME = 256;
  private static final Duration LONGEST = Duration.ofDays(3650);

  private DeviceRules() {}

  /** A device type, or null. */
  static String type(String rt) {
    if (rt != null && !DeviceType.isValid(rt)) {
      throw Refused.value("rt", "\"" + shortened(rt) + "\"", "a device type such as oic.d.light");
    }
    return rt;
  }

  static String name(String name) {
    if (name.length() > MAX_NAME || !isPrintable(name)) {
      throw Refused.value(
          "name", "\"" + shortened(name) + "\"", "at most " + MAX_NAME + " printable characters");
    }
    return name;
  }

  /** The device's own key, or null; what it is called in a handshake is UTF-8 (RFC 4279). */
  static PreSharedKey key(PreSharedKey key) {
    if (key != null && !isPrintable(key.identity())) {
      throw Refused.value(
          "psk.identity", "\"" + shortened(key.identity()) + "\"", "printable characters");
    }
    return key;
  }

  /** Neither control characters nor halves of surrogate pairs, which the registry can't keep. */
  private static boolean isPrintable(String text) {
    return text.codePoints()
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }

  private static String shortened(String text) {
    String shown = text.length() <= 64 ? text : text.substring(0, 64) + "…";
    return shown.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
  }

  /** When a device goes that comes now; null for never. */
  static Instant expiry(Instant now, Duration ttl) {
    if (ttl == null) {
      return null;
    }
    if (ttl.isNegative() || ttl.isZero() || ttl.compareTo(LONGEST) > 0) {
      throw Refused.value(
          "ttl", String.valueOf(ttl.toSeconds()), "1 to " + LONGEST.toSeconds() + " seconds");
    }
    try {
      return now.plus(ttl);
    } catch (DateTimeException e) {
      throw Refused.value("ttl", String.valueOf(ttl.toSeconds()), "a moment that there is");
    }
  }

  /** An endpoint of one device: a group's answers to a request can't be told apart. */
  static URI endpoint(URI endpoint) {
    try {
      DeviceConfig.endpoint(endpoint.toString());
    } catch (IllegalArgumentException e) {
      throw Refused.value(
          "endpoint",
          "\"" + shortened(endpoint.toString()) + "\"",
          "coap://host:port[/base] or coaps://host:port[/base]");
    }
    if (!isUnicast(endpoint.getHost())) {
      throw Refused.value(
          "endpoint", "\"" + endpoint + "\"", "a unicast address or the name of a host");
    }
    return endpoint;
  }

  /** Names are not looked up here; a number alone is an address to some resolvers. */
  private static boolean isUnicast(String host) {
    String literal = host.replaceAll("[\\[\\]]|%.*", "");
    if (literal.matches("(?i)\\d+|0x[0-9a-f.x]+")) {
      return false;
    }
    InetAddress address;
    try {
      address = AddressPrefix.parse(literal).address();
    } catch (IllegalArgumentException e) {
      return true;
    }
    byte[] bytes = address.getAddress();
    return !address.isMulticastAddress()
        && !address.isAnyLocalAddress()
        && !(bytes.length == 4 && bytes[0] == (byte) 255);
  }
}
