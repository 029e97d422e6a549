package org.oicbridge.xmpp;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedTrustManager;

/** What sessions would think of a server's certificate, for those who only want to know. */
public final class ServerTrust {
  private final DomainTrustManager manager;
  private final X509ExtendedTrustManager roots;

  private ServerTrust(DomainTrust trust) {
    this.manager = new DomainTrustManager(trust.domain(), trust.roots());
    this.roots = trust.roots();
  }

  /**
   * Reads the certificate authorities. Blocks.
   *
   * @param trust PEM file of authorities to trust beside those of the Java runtime, or null
   * @param domain the XMPP domain
   */
  public static ServerTrust load(Path trust, String domain)
      throws GeneralSecurityException, IOException {
    return new ServerTrust(
        (DomainTrust) ServerTls.load(trust, 1).options(domain).getTrustOptions());
  }

  /** Checks that the certificate leads to a trusted root; it may be for another domain. */
  public X509ExtendedTrustManager roots() {
    return roots;
  }

  /**
   * Checks that the certificate is for the domain; nobody may have issued it.
   *
   * @throws CertificateException when it is not
   */
  public void checkDomain(X509Certificate certificate) throws CertificateException {
    manager.checkDomain(certificate);
  }
}
