package org.oicbridge.xmpp;

import io.vertx.core.VertxException;
import io.vertx.core.net.ClientSSLOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.IDN;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS towards XMPP servers. One set of options for each domain, so that all sessions of a domain
 * share an SSL context and its session cache.
 */
final class ServerTls {
  /** How Netty says that the connection was closed during a handshake, without an alert. */
  private static final String CLOSED = "Connection closed while";

  private static final int MAX_DETAIL = 200;

  /** RFC 7590 section 3.1 and RFC 9325 section 3.1.1. */
  private static final Set<String> SAFE = Set.of("TLSv1.3", "TLSv1.2");

  private final X509ExtendedTrustManager roots;
  private final long handshakeMillis;
  private final Map<String, ClientSSLOptions> byDomain = new HashMap<>();

  private ServerTls(X509ExtendedTrustManager roots, long handshakeMillis) {
    this.roots = roots;
    this.handshakeMillis = handshakeMillis;
  }

  /**
   * Reads the certificate authorities. Blocks.
   *
   * @param trust PEM file of authorities to trust beside those of the Java runtime, or null
   */
  static ServerTls load(Path trust, long handshakeMillis)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (X509Certificate root : manager(null).getAcceptedIssuers()) {
      store.setCertificateEntry("runtime-" + count++, root);
    }
    if (trust != null) {
      try (InputStream pem = Files.newInputStream(trust)) {
        for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
          store.setCertificateEntry("configured-" + count++, root);
        }
      }
    }
    return new ServerTls(manager(store), handshakeMillis);
  }

  /** The options for streams to a domain. */
  ClientSSLOptions options(String domain) {
    return byDomain.computeIfAbsent(
        serverName(domain),
        name -> {
          ClientSSLOptions options = new ClientSSLOptions();
          options.setHostnameVerificationAlgorithm("");
          options.setTrustOptions(new DomainTrust(name, roots));
          options.setEnabledSecureTransportProtocols(SAFE);
          options.setSslHandshakeTimeout(handshakeMillis);
          options.setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
          return options;
        });
  }

  /** A domain as it stands in certificates and in the DNS (RFC 5890 section 2.3.2.1). */
  static String serverName(String domain) {
    return IDN.toASCII(domain);
  }

  /** What a failed handshake means. */
  static StreamEnd failure(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String detail = String.valueOf(cause.getMessage());
    String reason = "TLS failed: " + detail.substring(0, Math.min(MAX_DETAIL, detail.length()));
    return broken(cause) ? StreamEnd.retry(reason) : StreamEnd.retryLate(reason);
  }

  /** True when it was the connection that failed: that says nothing about certificates. */
  private static boolean broken(Throwable cause) {
    if (cause instanceof SSLException) {
      return String.valueOf(cause.getMessage()).startsWith(CLOSED);
    }
    // Vert.x's own exception: the connection was closed before the handshake began.
    return cause instanceof IOException || cause instanceof VertxException;
  }

  private static X509ExtendedTrustManager manager(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return extended;
      }
    }
    throw new GeneralSecurityException("the Java runtime has no PKIX trust manager");
  }
}
