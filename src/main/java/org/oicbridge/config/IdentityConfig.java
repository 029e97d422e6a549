package org.oicbridge.config;

import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Secret;

/**
 * Somebody on the CoAP side: how it is recognised, which account it belongs to, what it may do.
 *
 * @param name unique, for the log and for what it owns
 * @param account the bare JID, or null for the default account, whichever that is
 * @param rights what it may do
 * @param proof how it is recognised
 */
public record IdentityConfig(String name, Jid account, Set<Right> rights, Proof proof) {

  /** How an identity is recognised. */
  public sealed interface Proof {
    /** The kind in one word, as it stands before the name of an identity. */
    String kind();
  }

  /**
   * A pre-shared key in DTLS (RFC 7252 section 9.1.3.1).
   *
   * @param identity what the client calls the key, 1 to 128 characters
   * @param key 1 to 64 bytes
   */
  public record Psk(String identity, Secret key) implements Proof {
    @Override
    public String kind() {
      return "psk";
    }
  }

  /**
   * A certificate in DTLS, signed by an authority of {@code coap.server.trust}.
   *
   * @param subject its common name, or one of its DNS names
   */
  public record Certificate(String subject) implements Proof {
    @Override
    public String kind() {
      return "certificate";
    }
  }

  /**
   * An OSCORE security context (RFC 8613 section 3.2).
   *
   * @param senderId of the gateway, 0 to 7 bytes
   * @param recipientId of the identity, 0 to 7 bytes
   * @param secret master secret, 1 to 64 bytes
   * @param salt master salt, may be empty
   */
  public record Oscore(Secret senderId, Secret recipientId, Secret secret, Secret salt)
      implements Proof {
    @Override
    public String kind() {
      return "oscore";
    }
  }

  /**
   * Where a plain datagram comes from, which proves little: for networks that are trusted as a
   * whole.
   *
   * @param prefix such as {@code 192.0.2.0/24}
   */
  public record Source(AddressPrefix prefix) implements Proof {
    @Override
    public String kind() {
      return "source";
    }
  }

  public IdentityConfig {
    rights = Set.copyOf(rights);
  }

  /** What it is called among all identities, such as {@code psk:kitchen}. */
  public String id() {
    return proof.kind() + ":" + name;
  }

  static IdentityConfig read(Section section) {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (String text : section.texts("rights")) {
      try {
        rights.add(Right.valueOf(text.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        section.mistake("rights", "has \"" + text + "\", expected read, act, publish or provision");
      }
    }
    String name = section.required("name", IdentityConfig::name);
    Jid account = section.parsed("account", null, AccountConfig::bareJid);
    return new IdentityConfig(name, account, rights, proof(section));
  }

  private static String name(String text) {
    if (!text.matches("[A-Za-z0-9._@-]{1,64}")) {
      throw new IllegalArgumentException(
          "\"" + text + "\", expected 1 to 64 letters, digits, dots, hyphens, underscores or @");
    }
    return text;
  }

  private static Proof proof(Section section) {
    // The sections are read in any case, so that unknown keys in them are told.
    Psk psk = section.optional("psk", IdentityConfig::psk);
    Certificate certificate =
        section.optional("certificate", s -> new Certificate(s.required("subject", t -> t)));
    Oscore oscore = section.optional("oscore", IdentityConfig::oscore);
    AddressPrefix prefix = section.parsed("source", null, AddressPrefix::parse);
    Proof proof = psk != null ? psk : certificate != null ? certificate : oscore;
    int given =
        (psk == null ? 0 : 1)
            + (certificate == null ? 0 : 1)
            + (oscore == null ? 0 : 1)
            + (prefix == null ? 0 : 1);
    if (given != 1) {
      section.mistake("", "has " + given + " of psk, certificate, oscore and source, expected one");
    }
    return proof != null ? proof : new Source(prefix);
  }

  static Psk psk(Section section) {
    return new Psk(section.required("identity", IdentityConfig::pskIdentity), key(section, "key"));
  }

  private static String pskIdentity(String text) {
    if (text.length() > 128) {
      throw new IllegalArgumentException(
          "it has " + text.length() + " characters, expected at most 128");
    }
    return text;
  }

  private static Oscore oscore(Section section) {
    return new Oscore(
        hex(section, "senderId", "", 7),
        hex(section, "recipientId", "", 7),
        key(section, "secret"),
        hex(section, "salt", "", 64));
  }

  /** Base64; what stands there is never repeated in a mistake. */
  private static Secret key(Section section, String key) {
    return section.required(
        key,
        text -> {
          try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length >= 1 && bytes.length <= 64) {
              return new Secret(bytes);
            }
          } catch (IllegalArgumentException e) {
            // told below, without the text
          }
          throw new IllegalArgumentException("expected 1 to 64 bytes in base64");
        });
  }

  private static Secret hex(Section section, String key, String otherwise, int most) {
    return section.parsed(
        key,
        otherwise,
        text -> {
          try {
            byte[] bytes = HexFormat.of().parseHex(text);
            if (bytes.length <= most) {
              return new Secret(bytes);
            }
          } catch (IllegalArgumentException e) {
            // told below
          }
          throw new IllegalArgumentException("expected 0 to " + most + " bytes in hexadecimal");
        });
  }
}
