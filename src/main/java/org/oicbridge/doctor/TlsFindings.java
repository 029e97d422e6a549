package org.oicbridge.doctor;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLSession;
import org.oicbridge.config.AccountConfig.Tls;

/** Tells of TLS and of the certificate. */
final class TlsFindings {
  /** Certificates are renewed a month ahead as a rule; one that was not by then is forgotten. */
  private static final long SOON_DAYS = 14;

  private TlsFindings() {}

  static void tell(Findings out, SSLSession session, CertificateWitness witness, Tls tls) {
    String way = tls == Tls.DIRECT ? "direct TLS" : "STARTTLS";
    out.ok("TLS", way + ", " + session.getProtocol() + ", " + session.getCipherSuite(), "");
    X509Certificate certificate = witness.certificate();
    out.ok("certificate names", names(certificate), "");
    out.ok("certificate issuer", certificate.getIssuerX500Principal().getName(), "");
    tellTime(out, certificate);
    if (witness.misnamed() == null) {
      out.ok("certificate for the domain", "yes", "");
    } else {
      out.change("certificate for the domain", "no", witness.misnamed());
    }
    if (witness.untrusted() == null) {
      out.ok("certificate trusted", "yes", "");
    } else {
      out.change(
          "certificate trusted",
          "no",
          witness.untrusted()
              + "; if that is the operator's own authority, give it by --trust here and by"
              + " xmpp.trust to the gateway");
    }
  }

  private static void tellTime(Findings out, X509Certificate certificate) {
    Instant until = certificate.getNotAfter().toInstant();
    long days = Duration.between(Instant.now(), until).toDays();
    String name = "certificate valid until";
    if (until.isBefore(Instant.now())) {
      out.change(name, until.toString(), "expired; renew it");
    } else if (days < SOON_DAYS) {
      out.note(name, until.toString(), days + " days left; is it renewed in time?");
    } else {
      out.ok(name, until.toString(), days + " days left");
    }
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.stream()
            .filter(name -> name.get(1) instanceof String)
            .forEach(name -> names.add(((String) name.get(1)).toLowerCase(Locale.ROOT)));
      }
    } catch (CertificateParsingException e) {
      names.add("unreadable");
    }
    return names;
  }
}
