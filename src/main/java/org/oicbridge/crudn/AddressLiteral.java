package org.oicbridge.crudn;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IP address as it stands in the host of a URI (RFC 3986 section 3.2.2). A link-local one has
 * the zone behind it that it means something in (RFC 6874): the name of a network interface of this
 * machine, which it keeps over a restart, or its number.
 *
 * @param address without a zone
 * @param zone the name or the number of a network interface, null without one
 */
public record AddressLiteral(InetAddress address, String zone) {
  /** What java.net.URI takes behind the percent sign. */
  private static final Pattern WRITABLE = Pattern.compile("[A-Za-z0-9_.]+");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final String ENCODED = "25";

  /**
   * Reads a host, with or without brackets; looks nothing up.
   *
   * @return null when it is a name
   */
  public static AddressLiteral parse(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String text = bracketed ? host.substring(1, host.length() - 1) : host;
    int percent = text.indexOf('%');
    InetAddress address =
        NetUtil.createInetAddressFromIpAddressString(
            percent < 0 ? text : text.substring(0, percent));
    if (address == null) {
      return null;
    }
    String zone = percent < 0 ? null : text.substring(percent + 1);
    // "%25" is the percent sign itself (RFC 6874); many write it as it is.
    boolean encoded = zone != null && zone.startsWith(ENCODED) && zone.length() > ENCODED.length();
    return new AddressLiteral(address, encoded ? zone.substring(ENCODED.length()) : zone);
  }

  /**
   * The address with the zone in it, as a socket takes it; looks at the interfaces of this machine,
   * so it may block for a moment.
   *
   * @throws SocketException when this machine has no such interface
   */
  public InetAddress scoped() throws SocketException {
    if (zone == null || !(address instanceof Inet6Address)) {
      return address;
    }
    NetworkInterface named = NetworkInterface.getByName(zone);
    if (named == null && !NUMBER.matcher(zone).matches()) {
      throw new SocketException("there is no network interface \"" + zone + "\"");
    }
    return scoped(address, named == null ? Integer.parseInt(zone) : named.getIndex());
  }

  /** The same address in the zone of an interface, by its number. */
  public static InetAddress scoped(InetAddress address, int zone) {
    try {
      return Inet6Address.getByAddress(null, address.getAddress(), zone);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("a zone is for IPv6 only: " + address, e);
    }
  }

  /** An address as it stands in a URI, with the zone that it has. */
  public static String inUri(InetAddress address) {
    if (!(address instanceof Inet6Address six)) {
      return address.getHostAddress();
    }
    String text = NetUtil.toAddressString(six);
    if (six.getScopeId() > 0) {
      text += "%" + ENCODED + zone(six.getScopeId());
    }
    return "[" + text + "]";
  }

  private static String zone(int number) {
    try {
      NetworkInterface zone = NetworkInterface.getByIndex(number);
      if (zone != null && WRITABLE.matcher(zone.getName()).matches()) {
        return zone.getName();
      }
    } catch (SocketException e) {
      // The number says the same, until a restart.
    }
    return String.valueOf(number);
  }

  /** An address as it stands in a URI, without a zone, which means nothing to other machines. */
  public static String unzoned(InetAddress address) {
    return address instanceof Inet6Address six
        ? "[" + NetUtil.toAddressString(six) + "]"
        : address.getHostAddress();
  }
}
