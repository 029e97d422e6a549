package org.oicbridge.doctor;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.oicbridge.xmpp.ServerTrust;

/**
 * Lets every handshake succeed and keeps what the gateway would have said to the certificate, so
 * that a bad one can be described. Whoever uses it asks {@link #good()} before anything secret is
 * sent.
 */
final class CertificateWitness extends X509ExtendedTrustManager {
  private final ServerTrust trust;
  private X509Certificate certificate;
  private String untrusted;
  private String misnamed;

  CertificateWitness(ServerTrust trust) {
    this.trust = trust;
  }

  /** The server's own certificate; null before the handshake. */
  X509Certificate certificate() {
    return certificate;
  }

  /** Why it leads to no trusted root, or null. */
  String untrusted() {
    return untrusted;
  }

  /** Why it is not for the domain, or null. */
  String misnamed() {
    return misnamed;
  }

  /** True when the gateway would go on. */
  boolean good() {
    return certificate != null && untrusted == null && misnamed == null;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
    certificate = chain[0];
    try {
      trust.roots().checkServerTrusted(chain, authType, socket);
    } catch (CertificateException e) {
      untrusted = reason(e);
    }
    try {
      trust.checkDomain(chain[0]);
    } catch (CertificateException e) {
      misnamed = reason(e);
    }
  }

  private static String reason(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("only sockets here");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("only sockets here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("no clients here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
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
    return new X509Certificate[0];
  }
}
