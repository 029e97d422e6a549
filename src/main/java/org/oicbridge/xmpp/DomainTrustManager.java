package org.oicbridge.xmpp;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Accepts a server whose certificate leads to a trusted root and names the XMPP domain (RFC 6120
 * section 13.7.2, RFC 9525). The check is done here and not by the TLS layer, because that would
 * also accept a certificate for the host that was connected to, which is whatever the DNS said.
 */
final class DomainTrustManager extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;

  private final String domain;
  private final X509ExtendedTrustManager roots;

  DomainTrustManager(String domain, X509ExtendedTrustManager roots) {
    this.domain = domain.toLowerCase(Locale.ROOT);
    this.roots = roots;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    roots.checkServerTrusted(chain, authType, engine);
    checkDomain(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    roots.checkServerTrusted(chain, authType, socket);
    checkDomain(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    roots.checkServerTrusted(chain, authType);
    checkDomain(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("no clients here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return roots.getAcceptedIssuers();
  }

  void checkDomain(X509Certificate certificate) throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        if (name.get(0).equals(DNS_NAME) && matches((String) name.get(1))) {
          return;
        }
      }
    }
    throw new CertificateException("the certificate is not for the XMPP domain " + domain);
  }

  /** RFC 9525 section 6.3: a wildcard stands for exactly one label, the leftmost one. */
  private boolean matches(String dnsName) {
    String name = dnsName.toLowerCase(Locale.ROOT);
    if (!name.startsWith("*.")) {
      return name.equals(domain);
    }
    int dot = domain.indexOf('.');
    String parent = name.substring(1);
    return dot > 0 && parent.indexOf('.', 1) > 0 && domain.substring(dot).equals(parent);
  }
}
