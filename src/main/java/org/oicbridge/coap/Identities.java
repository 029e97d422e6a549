package org.oicbridge.coap;

import java.net.InetAddress;
import java.security.Principal;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.oicbridge.bus.Caller;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.config.IdentityConfig.Proof;

/** Who the configured identities are on the wire. Who is none of them is a stranger. */
final class Identities {
  private static final int DNS_NAME = 2;

  private final List<IdentityConfig> all;

  Identities(List<IdentityConfig> all) {
    this.all = all;
  }

  /** The caller behind a DTLS session, whose handshake has proven who it is. */
  Caller ofSession(EndpointContext context) {
    Principal principal = context.getPeerIdentity();
    if (principal instanceof PreSharedKeyIdentity psk) {
      return secured(
          proof ->
              proof instanceof IdentityConfig.Psk known
                  && known.identity().equals(psk.getIdentity()));
    }
    if (principal instanceof X509CertPath path) {
      Set<String> names = names(path.getTarget());
      return secured(
          proof ->
              proof instanceof IdentityConfig.Certificate known
                  && names.contains(known.subject().toLowerCase(Locale.ROOT)));
    }
    return Caller.STRANGER;
  }

  /** The caller behind an OSCORE security context. */
  Caller ofContext(String id) {
    return all.stream()
        .filter(identity -> identity.id().equals(id))
        .findFirst()
        .map(identity -> caller(identity, true))
        .orElse(Caller.STRANGER);
  }

  /** The caller behind a plain datagram: the narrowest prefix counts. */
  Caller ofSource(InetAddress source) {
    return all.stream()
        .filter(i -> i.proof() instanceof IdentityConfig.Source s && s.prefix().contains(source))
        .max(Comparator.comparingInt(i -> ((IdentityConfig.Source) i.proof()).prefix().length()))
        .map(identity -> caller(identity, false))
        .orElse(Caller.STRANGER);
  }

  private Caller secured(Predicate<Proof> recognised) {
    return all.stream()
        .filter(identity -> recognised.test(identity.proof()))
        .findFirst()
        .map(identity -> caller(identity, true))
        .orElse(Caller.STRANGER);
  }

  private static Caller caller(IdentityConfig identity, boolean secure) {
    return new Caller(identity.id(), identity.account(), identity.rights(), secure);
  }

  /** Common names and DNS names of a certificate, in lower case. */
  static Set<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          names.add(String.valueOf(rdn.getValue()));
        }
      }
      if (certificate.getSubjectAlternativeNames() != null) {
        for (List<?> name : certificate.getSubjectAlternativeNames()) {
          if (name.get(0).equals(DNS_NAME)) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (InvalidNameException | CertificateParsingException e) {
      // A name that can't be read is nobody's.
      return Set.of();
    }
    Set<String> lower = new HashSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return lower;
  }
}
