package org.oicbridge.crudn;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jxmpp.stringprep.XmppStringprep;
import org.jxmpp.stringprep.XmppStringprepException;
import org.jxmpp.stringprep.rocksxmppprecis.RocksXmppPrecisStringprep;

/**
 * An XMPP address (RFC 7622) in its normalised form: localpart and domainpart case-mapped, the
 * resourcepart as given. Two addresses are equal when their normalised forms are.
 *
 * @param local the localpart, empty for a server's own address
 * @param domain the domainpart, never empty
 * @param resource the resourcepart, empty in a bare JID
 */
public record Jid(String local, String domain, String resource) {
  private static final XmppStringprep PRECIS = RocksXmppPrecisStringprep.INSTANCE;
  private static final int MAX_PART = 1023;
  private static final String FORBIDDEN_IN_LOCAL = "\"&'/:<>@ ";

  /**
   * Reads and normalises an address.
   *
   * @throws IllegalArgumentException when it is not one, with the reason
   */
  public static Jid parse(String text) {
    int slash = text.indexOf('/');
    String bare = slash < 0 ? text : text.substring(0, slash);
    String resource = slash < 0 ? "" : text.substring(slash + 1);
    int at = bare.indexOf('@');
    String local = at < 0 ? "" : bare.substring(0, at);
    String domain = bare.substring(at + 1);
    if (domain.endsWith(".")) {
      // RFC 7622 section 3.2: a final dot is stripped before anything else is done.
      domain = domain.substring(0, domain.length() - 1);
    }
    boolean emptyLabel = domain.isEmpty() || domain.startsWith(".") || domain.contains("..");
    if (emptyLabel || at == 0 || (slash >= 0 && resource.isEmpty())) {
      throw new IllegalArgumentException("\"" + text + "\" is not an XMPP address");
    }
    // The libraries' PRECIS profiles cost about a microsecond a part; almost every address that a
    // fleet of devices uses is plain ASCII, for which the profiles come down to these rules.
    if (ascii(local, FORBIDDEN_IN_LOCAL) && asciiDomain(domain) && ascii(resource, "")) {
      return new Jid(local.toLowerCase(Locale.ROOT), domain.toLowerCase(Locale.ROOT), resource);
    }
    try {
      return new Jid(
          local.isEmpty() ? "" : checkLength(PRECIS.localprep(local), text),
          checkLength(PRECIS.domainprep(domain), text),
          resource.isEmpty() ? "" : checkLength(PRECIS.resourceprep(resource), text));
    } catch (XmppStringprepException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an XMPP address: " + e.getMessage(), e);
    }
  }

  private static String checkLength(String part, String text) {
    if (part.isEmpty() || part.getBytes(StandardCharsets.UTF_8).length > MAX_PART) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has a part that is empty or over " + MAX_PART + " bytes");
    }
    return part;
  }

  private static boolean ascii(String part, String forbidden) {
    if (part.length() > MAX_PART) {
      return false;
    }
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c < ' ' || c > '~' || forbidden.indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Letters, digits, dots, hyphens and underscores, or an IPv6 address. */
  private static boolean asciiDomain(String domain) {
    boolean address = domain.startsWith("[") && domain.endsWith("]");
    String inner = address ? domain.substring(1, domain.length() - 1) : domain;
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      boolean letter = c < 128 && Character.isLetterOrDigit(c);
      boolean mark = c == '.' || (address ? c == ':' : c == '-' || c == '_');
      if (!letter && !mark) {
        return false;
      }
    }
    return !inner.isEmpty() && domain.length() <= MAX_PART;
  }

  /** True when there is no resourcepart. */
  public boolean isBare() {
    return resource.isEmpty();
  }

  /** This address without its resourcepart. */
  public Jid bare() {
    return isBare() ? this : new Jid(local, domain, "");
  }

  /** This bare address with a resourcepart that is already in its final form. */
  public Jid withResource(String resourcepart) {
    return new Jid(local, domain, resourcepart);
  }

  /** What the resourcepart says of an OIC device, if it has the form of section 7.1.1. */
  public Optional<OicResource> oic() {
    return OicResource.parse(resource);
  }

  @Override
  public String toString() {
    String bare = local.isEmpty() ? domain : local + "@" + domain;
    return resource.isEmpty() ? bare : bare + "/" + resource;
  }
}
