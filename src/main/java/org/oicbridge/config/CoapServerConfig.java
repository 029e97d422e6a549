package org.oicbridge.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The gateway as a CoAP server.
 *
 * @param host the address to listen on
 * @param port of plain CoAP, 0 for any free one, -1 for none
 * @param securePort of CoAP over DTLS, 0 for any free one, -1 for none
 * @param interfaces names of the network interfaces on which the multicast groups of OIC are joined
 * @param certificate PEM chain that DTLS clients are shown, or null for pre-shared keys only
 * @param key PEM key of that certificate, or null
 * @param trust PEM file of the authorities that sign the certificates of clients, or null
 * @param identities who may do what
 * @param devicesPerIdentity how many devices one identity may have published, 1 to 100000
 * @param publishPrefixes where a published endpoint may be beside the publisher's own address
 * @param localPrefixes from where a plain request needs no Echo (RFC 9175); a list that is not
 *     empty takes the place of the networks that this machine is part of, loopback included
 */
public record CoapServerConfig(
    String host,
    int port,
    int securePort,
    List<String> interfaces,
    Path certificate,
    Path key,
    Path trust,
    List<IdentityConfig> identities,
    int devicesPerIdentity,
    List<AddressPrefix> publishPrefixes,
    List<AddressPrefix> localPrefixes) {
  /** The port number that stands for no port. */
  public static final int NONE = -1;

  public CoapServerConfig {
    interfaces = List.copyOf(interfaces);
    identities = List.copyOf(identities);
    publishPrefixes = List.copyOf(publishPrefixes);
    localPrefixes = List.copyOf(localPrefixes);
  }

  static CoapServerConfig read(Section section) {
    CoapServerConfig config =
        new CoapServerConfig(
            section.text("host", "0.0.0.0"),
            section.integer("port", NONE, 0, 65_535),
            section.integer("securePort", NONE, 0, 65_535),
            section.texts("interfaces"),
            section.parsed("certificate", null, Path::of),
            section.parsed("key", null, Path::of),
            section.parsed("trust", null, Path::of),
            section.list("identities", IdentityConfig::read),
            section.integer("devicesPerIdentity", 1000, 1, 100_000),
            section.parsedTexts("publishPrefixes", AddressPrefix::parse),
            section.parsedTexts("localPrefixes", AddressPrefix::parse));
    config.check(section);
    return config;
  }

  private void check(Section section) {
    if ((certificate == null) != (key == null)) {
      section.mistake("certificate", "needs key, and key needs certificate");
    }
    Set<String> names = new HashSet<>();
    Set<IdentityConfig.Proof> proofs = new HashSet<>();
    for (int i = 0; i < identities.size(); i++) {
      IdentityConfig identity = identities.get(i);
      String at = "identities[" + i + "]";
      if (identity.name() != null && !names.add(identity.name())) {
        section.mistake(at + ".name", "is \"" + identity.name() + "\", which stands above already");
      }
      if (!proofs.add(proof(identity))) {
        section.mistake(at, "is recognised like one that stands above already");
      }
      if (identity.proof() instanceof IdentityConfig.Certificate && trust == null) {
        section.mistake(at + ".certificate", "needs coap.server.trust");
      }
    }
  }

  /** What two identities must not have in common: a key of the same name, not the same key. */
  private static IdentityConfig.Proof proof(IdentityConfig identity) {
    return identity.proof() instanceof IdentityConfig.Psk psk
        ? new IdentityConfig.Psk(psk.identity(), null)
        : identity.proof();
  }
}
