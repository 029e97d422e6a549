package org.oicbridge.peers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;

/**
 * Where and as whom a Smack client logs in.
 *
 * @param address of the server or of a proxy before it
 * @param domain what the server's certificate must name
 * @param caFile PEM file of the authority to trust
 * @param resource resourcepart to bind, for example {@code OIC/1.0/oic.d.light/…}
 */
public record SmackLogin(
    InetSocketAddress address,
    String domain,
    Path caFile,
    TlsMode tls,
    String user,
    String password,
    String resource) {

  public static SmackLogin at(
      XmppServer server, TlsMode tls, String user, String password, String resource) {
    return new SmackLogin(
        server.address(tls), server.domain(), server.caFile(), tls, user, password, resource);
  }

  XMPPTCPConnection connection() throws IOException, GeneralSecurityException {
    X509TrustManager trust = trusting(caFile);
    XMPPTCPConnectionConfiguration.Builder builder =
        XMPPTCPConnectionConfiguration.builder()
            .setXmppDomain(domain)
            .setHostAddress(InetAddress.getByAddress(domain, address.getAddress().getAddress()))
            .setPort(address.getPort())
            .setUsernameAndPassword(user, password)
            .setResource(resource)
            .setSendPresence(false)
            .setCompressionEnabled(false);
    switch (tls) {
      case STARTTLS ->
          builder.setSecurityMode(SecurityMode.required).setCustomX509TrustManager(trust);
      // Smack 4.4 knows no direct TLS: to it this is a plain stream over a socket that is secure.
      case DIRECT ->
          builder
              .setSecurityMode(SecurityMode.disabled)
              .setSocketFactory(new TlsSockets(sockets(trust), domain));
    }
    XMPPTCPConnection connection = new XMPPTCPConnection(builder.build());
    // Smack counts its own stanzas only; raw ones would break the counters of XEP-0198.
    connection.setUseStreamManagement(false);
    return connection;
  }

  private static SocketFactory sockets(X509TrustManager trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, null);
    return context.getSocketFactory();
  }

  private static X509TrustManager trusting(Path caFile)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(caFile)) {
      store.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return (X509TrustManager) trust.getTrustManagers()[0];
  }

  /** Sockets that hold the server to its XMPP domain (RFC 6120 section 13.7.2). */
  private static final class TlsSockets extends SocketFactory {
    private final SocketFactory sockets;
    private final String domain;

    TlsSockets(SocketFactory sockets, String domain) {
      this.sockets = sockets;
      this.domain = domain;
    }

    @Override
    public Socket createSocket() throws IOException {
      return named(sockets.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return named(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return named(sockets.createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return named(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return named(sockets.createSocket(host, port, from, fromPort));
    }

    private Socket named(Socket socket) {
      SSLSocket secure = (SSLSocket) socket;
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(domain)));
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      return secure;
    }
  }
}
