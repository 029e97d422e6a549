package org.oicbridge.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;

/**
 * Sessions of Smack as it comes: with its usual managers, and without stream management as the
 * gateway's here. It initialises the TLS context of each connection anew, even one that it is
 * given, so it never resumes a TLS session.
 */
final class SmackLogins {
  private final Site site;
  private final List<XMPPTCPConnection> silent = new ArrayList<>();
  private final X509TrustManager trust;

  SmackLogins(Site site) throws IOException, GeneralSecurityException {
    this.site = site;
    this.trust = trust(site);
  }

  private static X509TrustManager trust(Site site) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(site.authority)) {
      store.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return (X509TrustManager) trust.getTrustManagers()[0];
  }

  /** Logs in sessions that do nothing. */
  void silent(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      XMPPTCPConnection connection =
          connection(
              i % site.accounts, "OIC/1.0/oic.d.light/20000000-0000-4000-8000-%012x".formatted(i));
      connection.connect();
      connection.login();
      silent.add(connection);
    }
  }

  /** A connection that is not connected yet. */
  XMPPTCPConnection connection(int account, String resource) throws IOException {
    XMPPTCPConnectionConfiguration configuration =
        XMPPTCPConnectionConfiguration.builder()
            .setXmppDomain(Site.DOMAIN)
            .setHostAddress(
                InetAddress.getByAddress(
                    Site.DOMAIN, InetAddress.getLoopbackAddress().getAddress()))
            .setPort(site.port)
            .setUsernameAndPassword(Site.user(account), Site.PASSWORD)
            .setResource(resource)
            .setSendPresence(false)
            .setCompressionEnabled(false)
            .setCustomX509TrustManager(trust)
            .setSecurityMode(site.tls ? SecurityMode.required : SecurityMode.disabled)
            .build();
    XMPPTCPConnection connection = new XMPPTCPConnection(configuration);
    connection.setUseStreamManagement(false);
    connection.setUseStreamManagementResumption(false);
    return connection;
  }
}
