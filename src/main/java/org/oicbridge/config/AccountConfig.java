package org.oicbridge.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.oicbridge.crudn.Jid;

/**
 * An XMPP account and the devices that the gateway hosts on it.
 *
 * @param jid the bare JID
 * @param password the password itself; it never appears in {@link #toString()}
 * @param address host name or address to connect to, or null to look up the domain's SRV records
 * @param port 1 to 65535, meaningful with an address
 * @param tls how the stream is secured
 * @param access what bare JIDs other than the account's own may do
 * @param devices devices hosted on this account
 */
public record AccountConfig(
    Jid jid,
    String password,
    String address,
    int port,
    Tls tls,
    List<AccessConfig> access,
    List<DeviceConfig> devices) {

  /** How a stream is secured. */
  public enum Tls {
    /** STARTTLS, required (RFC 6120 section 5). */
    STARTTLS,
    /** TLS from the first byte (XEP-0368). */
    DIRECT,
    /** None, towards loopback only. */
    NONE;

    static Tls parse(String text) {
      return switch (text) {
        case "starttls" -> STARTTLS;
        case "direct" -> DIRECT;
        case "none" -> NONE;
        default ->
            throw new IllegalArgumentException(
                "\"" + text + "\", expected starttls, direct or none");
      };
    }
  }

  public AccountConfig {
    access = List.copyOf(access);
    devices = List.copyOf(devices);
  }

  static AccountConfig read(Section section) {
    String address = section.text("address", null);
    int port = section.integer("port", 5222, 1, 65_535);
    // Port 5223 has been direct TLS since before XEP-0368 wrote it down.
    Tls tls = section.parsed("tls", port == 5223 ? "direct" : "starttls", Tls::parse);
    if (tls == Tls.NONE && !isLoopback(address)) {
      section.mistake("tls", "is \"none\", which is allowed only with a loopback address");
    }
    return new AccountConfig(
        section.required("jid", AccountConfig::bareJid),
        password(section),
        address,
        port,
        tls,
        section.list("access", AccessConfig::read),
        section.list("devices", DeviceConfig::read));
  }

  static Jid bareJid(String text) {
    Jid jid = Jid.parse(text);
    if (!jid.isBare() || jid.local().isEmpty()) {
      throw new IllegalArgumentException("\"" + text + "\", expected a bare JID user@domain");
    }
    return jid;
  }

  /** Whether a peer, by its bare JID, is the account itself or has a rule in {@link #access()}. */
  public boolean admits(Jid peer) {
    Jid bare = peer.bare();
    return bare.equals(jid) || access.stream().anyMatch(rule -> rule.jid().equals(bare));
  }

  private static String password(Section section) {
    String plain = section.text("password", null);
    Path file = section.parsed("passwordFile", null, Path::of);
    if ((plain == null) == (file == null)) {
      section.mistake("password", "or passwordFile must be there, and only one of them");
      return "";
    }
    if (plain != null) {
      return present(section, "password", plain);
    }
    try {
      return present(section, "passwordFile", Files.readString(file).strip());
    } catch (IOException e) {
      section.mistake(
          "passwordFile", "is \"" + file + "\", which can't be read: " + e.getMessage());
      return "";
    }
  }

  private static String present(Section section, String key, String password) {
    if (password.isEmpty()) {
      section.mistake(key, "is empty");
    }
    return password;
  }

  private static boolean isLoopback(String address) {
    try {
      return address != null && InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return jid + " at " + (address == null ? "SRV" : address + ":" + port) + " (" + tls + ")";
  }
}
