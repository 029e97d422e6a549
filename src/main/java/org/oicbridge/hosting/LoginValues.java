package org.oicbridge.hosting;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.oicbridge.bus.Provision;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;
import org.oicbridge.store.StoredAccount.Login;

/** The rules for a set of values that an account logs in with. */
final class LoginValues {
  private static final int PORT = 5222;

  /** Direct TLS since before XEP-0368 wrote it down. */
  private static final int DIRECT_PORT = 5223;

  private static final int MAX_ADDRESS = 255;
  private static final int MAX_CREDENTIAL = 1023;

  /** Only what needs no look-up: a name can be made to mean another address later. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[?::1]?", Pattern.CASE_INSENSITIVE);

  private static final Pattern ADDRESS = Pattern.compile("[\\p{L}\\p{N}._:%\\[\\]-]+");

  private LoginValues() {}

  /**
   * Checks the given values together with those that stay.
   *
   * @param from what there is, or null
   * @param jid of an account that keeps its JID, or null for the default account's
   * @throws Refused when they don't go together
   */
  static Login merge(Login from, Jid jid, Provision given) {
    Login old = from == null ? new Login(jid, null, PORT, text(Tls.STARTTLS), null) : from;
    String address = given.address() == null ? old.address() : address(given.address());
    int port = given.port() == null ? old.port() : port(given.port());
    Tls tls = given.tls();
    if (tls == null) {
      tls = port == old.port() ? tls(old.tls()) : port == DIRECT_PORT ? Tls.DIRECT : Tls.STARTTLS;
    }
    if (tls == Tls.NONE && (address == null || !LOOPBACK.matcher(address).matches())) {
      throw Refused.value("tls", "\"none\"", "TLS with an address that is not loopback");
    }
    Jid who = given.jid() == null ? old.jid() : user(given.jid());
    String password = given.credential() == null ? old.password() : credential(given.credential());
    return new Login(who, address, port, text(tls), password);
  }

  private static String address(String address) {
    if (address.length() > MAX_ADDRESS || !ADDRESS.matcher(address).matches()) {
      throw Refused.value("address", "\"" + shortened(address) + "\"", "a host name or address");
    }
    return address;
  }

  private static String shortened(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }

  private static int port(int port) {
    if (port < 1 || port > 65_535) {
      throw Refused.value("port", String.valueOf(port), "1 to 65535");
    }
    return port;
  }

  private static Jid user(Jid jid) {
    if (!jid.isBare() || jid.local().isEmpty()) {
      throw Refused.value("jid", "\"" + jid + "\"", "a bare JID user@domain");
    }
    return jid;
  }

  /** What stands there is never repeated. */
  private static String credential(String credential) {
    if (credential.isEmpty()
        || credential.length() > MAX_CREDENTIAL
        || credential.chars().anyMatch(Character::isISOControl)) {
      throw Refused.value(
          "credential",
          "of " + credential.length() + " characters, or has control characters",
          "1 to " + MAX_CREDENTIAL + " characters without them");
    }
    return credential;
  }

  /** Whether a password that is meant for the one place may travel to the other. */
  static boolean samePlace(Login one, Login other) {
    if (one == null) {
      return false;
    }
    if (one.address() == null && other.address() == null) {
      return one.jid() != null
          && other.jid() != null
          && one.jid().domain().equals(other.jid().domain());
    }
    return one.address() != null
        && one.address().equalsIgnoreCase(other.address())
        && one.port() == other.port();
  }

  /**
   * Whether nothing is missing for a login.
   *
   * @param standard the default account is told where its server is
   */
  static boolean complete(Login login, boolean standard) {
    return login.jid() != null
        && login.password() != null
        && (login.address() != null || !standard);
  }

  static AccountConfig config(Login login) {
    return new AccountConfig(
        login.jid(),
        login.password(),
        login.address(),
        login.port(),
        tls(login.tls()),
        List.of(),
        List.of());
  }

  static Login of(AccountConfig config) {
    return new Login(
        config.jid(), config.address(), config.port(), text(config.tls()), config.password());
  }

  /** What shows of an account without any values. */
  static Login none() {
    return new Login(null, null, PORT, text(Tls.STARTTLS), null);
  }

  static Tls tls(String text) {
    return Tls.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static String text(Tls tls) {
    return tls.name().toLowerCase(Locale.ROOT);
  }
}
