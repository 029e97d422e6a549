package org.oicbridge.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of IP addresses (RFC 4632, RFC 4291 section 2.3).
 *
 * @param address the first of them
 * @param length how many leading bits count, 0 to 32 or 128
 */
public record AddressPrefix(InetAddress address, int length) {

  /**
   * Reads {@code address/length}, or an address alone.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static AddressPrefix parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    // Only literals: nothing is looked up.
    if (host.matches("[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]*")) {
      try {
        InetAddress address = InetAddress.getByName(host);
        int bits = address.getAddress().length * 8;
        int length = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (length >= 0 && length <= bits) {
          return new AddressPrefix(address, length);
        }
      } catch (UnknownHostException | NumberFormatException e) {
        // told below
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\", expected an address range such as 192.0.2.0/24");
  }

  /** Whether an address lies in it. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      if (((mine[bit / 8] ^ theirs[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
