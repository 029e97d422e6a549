package org.oicbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.client.ScramClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Says to a server what a test wants said, and shows what came back. Blocks. */
final class RawXmppClient implements AutoCloseable {
  static final String DOMAIN = "sandbox.example";
  static final String HEADER =
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0'"
          + " xmlns:stream='http://etherx.jabber.org/streams' to='"
          + DOMAIN
          + "'>";

  private static final int READ_MILLIS = 10_000;
  private static final int SILENCE_MILLIS = 100;

  private final StringBuilder seen = new StringBuilder();
  private Socket socket;

  RawXmppClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(READ_MILLIS);
  }

  /** A client that is logged in and has bound a resource, on a connection in the clear. */
  static RawXmppClient bound(int port, String user, String password, String resource)
      throws Exception {
    RawXmppClient client = new RawXmppClient(port);
    client.login("SCRAM-SHA-256", user, password);
    client.bind(resource);
    return client;
  }

  /** A client that is logged in and has neither bound nor resumed anything. */
  static RawXmppClient loggedIn(int port, String user, String password) throws Exception {
    RawXmppClient client = new RawXmppClient(port);
    client.login("SCRAM-SHA-256", user, password);
    return client;
  }

  RawXmppClient send(String xml) throws IOException {
    socket.getOutputStream().write(xml.getBytes(UTF_8));
    return this;
  }

  /** Reads up to and with a text, gives all that was read since the last time. */
  String until(String text) throws IOException {
    byte[] buffer = new byte[8192];
    while (seen.indexOf(text) < 0) {
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        throw new IOException("ended before \"" + text + "\" with: " + seen);
      }
      seen.append(new String(buffer, 0, count, UTF_8));
    }
    int end = seen.indexOf(text) + text.length();
    String read = seen.substring(0, end);
    seen.delete(0, end);
    return read;
  }

  /** Reads until the server closes the connection. */
  String untilClosed() throws IOException {
    String read = seen + new String(socket.getInputStream().readAllBytes(), UTF_8);
    seen.setLength(0);
    return read;
  }

  /** Fails when anything arrives, or the end, within a moment. */
  void expectNothing() throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    try {
      int read = socket.getInputStream().read();
      throw new AssertionError(read < 0 ? "the server has closed the connection" : "data");
    } catch (SocketTimeoutException expected) {
      if (seen.length() > 0) {
        throw new AssertionError("the server has said: " + seen);
      }
    } finally {
      socket.setSoTimeout(READ_MILLIS);
    }
  }

  /** Closes the connection as far as this side goes, and waits until the server does too. */
  String halfClose() throws IOException {
    socket.shutdownOutput();
    return untilClosed();
  }

  /** Authenticates on a connection that has no stream yet. */
  void login(String mechanism, String user, String password) throws Exception {
    send(HEADER).until("</stream:features>");
    authenticate(mechanism, user, password);
    send(HEADER).until("</stream:features>");
  }

  void authenticate(String mechanism, String user, String password) throws Exception {
    authenticate(mechanism, user, password, "");
  }

  /** Authenticates and sends something behind the proof before the server has judged it. */
  void authenticate(String mechanism, String user, String password, String behind)
      throws Exception {
    ScramClient scram =
        ScramClient.builder()
            .advertisedMechanisms(List.of(mechanism))
            .username(user)
            .password(password.toCharArray())
            .build();
    send(sasl("auth", " mechanism='" + mechanism + "'", scram.clientFirstMessage().toString()));
    scram.serverFirstMessage(saslData(until("</challenge>")));
    send(sasl("response", "", scram.clientFinalMessage().toString()) + behind);
    scram.serverFinalMessage(saslData(until("</success>")));
  }

  static String sasl(String name, String attributes, String message) {
    return "<%s xmlns='urn:ietf:params:xml:ns:xmpp-sasl'%s>%s</%s>"
        .formatted(
            name, attributes, Base64.getEncoder().encodeToString(message.getBytes(UTF_8)), name);
  }

  private static String saslData(String xml) {
    String end = xml.substring(0, xml.lastIndexOf("</"));
    return new String(Base64.getDecoder().decode(end.substring(end.lastIndexOf('>') + 1)), UTF_8);
  }

  String bind(String resource) throws IOException {
    return send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            + "<resource>"
            + resource
            + "</resource></bind></iq>")
        .until("</iq>");
  }

  /** Goes on under TLS; the certificate has to be for the domain. */
  void secure(byte[] authority) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new X509TrustManager[] {trusting(authority)}, null);
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(socket, DOMAIN, socket.getPort(), true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    socket = tls;
  }

  static X509TrustManager trusting(byte[] authority) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "authority",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(authority)));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
