package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.security.GeneralSecurityException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.oicbridge.xmpp.sasl.ScramServer;

/** A server on loopback that does what a test tells it, stanza by stanza. */
final class ScriptedXmppServer implements AutoCloseable {
  private static final int PATIENCE = 10;

  private final NetServer server;
  private final ServerSSLOptions tls;
  private final BlockingQueue<Peer> connections = new LinkedBlockingQueue<>();

  ScriptedXmppServer(Vertx vertx, X509Bundle certificate, boolean direct) {
    this.tls = new ServerSSLOptions();
    if (certificate != null) {
      tls.setKeyCertOptions(
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(certificate.getCertificatePathPEM()))
              .addKeyValue(Buffer.buffer(certificate.getPrivateKeyPEM())));
    }
    NetServerOptions options = new NetServerOptions().setHost("127.0.0.1").setPort(0);
    if (direct) {
      options.setSsl(true).setKeyCertOptions(tls.getKeyCertOptions());
    }
    server = vertx.createNetServer(options);
    server.connectHandler(socket -> connections.add(new Peer(socket)));
    server.listen().await();
  }

  int port() {
    return server.actualPort();
  }

  /** The next connection. */
  Peer accept() throws InterruptedException {
    Peer peer = connections.poll(PATIENCE, TimeUnit.SECONDS);
    assertThat(peer).as("a connection").isNotNull();
    return peer;
  }

  /** Asserts that there is no connection that was not accepted yet. */
  void expectNoConnection() {
    assertThat(connections).isEmpty();
  }

  @Override
  public void close() {
    server.close().await();
  }

  /** One connection, seen from the server. */
  final class Peer implements StanzaReader.Listener {
    private final NetSocket socket;
    private final Context context = Vertx.currentContext();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private StanzaReader reader;
    private String mechanism = "SCRAM-SHA-256";
    private String password = "pencil";
    private String fullJid;
    private String enabled;

    private Peer(NetSocket socket) {
      this.socket = socket;
      restart();
      socket.exceptionHandler(error -> {});
      socket.closeHandler(nothing -> told.add("closed"));
    }

    Peer mechanism(String name) {
      mechanism = name;
      return this;
    }

    Peer password(String text) {
      password = text;
      return this;
    }

    /** Offers stream management, and answers what asks for it with these attributes. */
    Peer managed(String attributes) {
      enabled = "<enabled xmlns='urn:xmpp:sm:3' " + attributes + "/>";
      return this;
    }

    private void restart() {
      if (reader != null) {
        reader.stop();
      }
      StanzaReader fresh = new StanzaReader(1 << 20, this);
      reader = fresh;
      socket.handler(fresh::feed);
    }

    Peer send(String xml) {
      socket.write(xml).await();
      return this;
    }

    /** Waits for the next thing that the client says, which must contain this. */
    String expect(String part) throws InterruptedException {
      return expectWithin(PATIENCE, part);
    }

    /** The same for what may take long. */
    String expectWithin(int seconds, String part) throws InterruptedException {
      String next = told.poll(seconds, TimeUnit.SECONDS);
      assertThat(next).contains(part);
      return next;
    }

    /** Asserts that the client has said nothing more than what was expected. */
    void expectNothing() {
      assertThat(told).isEmpty();
    }

    Peer open(String features) throws InterruptedException {
      return refuse("<stream:features>" + features + "</stream:features>");
    }

    /** Opens the stream and sends something in the place of the features. */
    Peer refuse(String error) throws InterruptedException {
      expect("opened");
      return send(
          "<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' version='1.0'"
              + " xmlns:stream='http://etherx.jabber.org/streams' from='example.test'>"
              + error);
    }

    Peer openWithSasl() throws InterruptedException {
      return open(
          "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>"
              + mechanism
              + "</mechanism><mechanism>PLAIN</mechanism></mechanisms>");
    }

    Peer startTls() throws InterruptedException {
      open("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>");
      expect("<starttls");
      secureAfter("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").await();
      return this;
    }

    /** Sends something in the clear and goes on with TLS at once. */
    Future<Void> secureAfter(String xml) {
      Promise<Void> secured = Promise.promise();
      // In one turn of the event loop, or the client's first TLS record could be read as XML.
      context.runOnContext(
          nothing -> {
            restart();
            socket.upgradeToSsl(tls, Buffer.buffer(xml)).onComplete(secured);
          });
      return secured.future();
    }

    Peer authenticate() throws InterruptedException, GeneralSecurityException {
      openWithSasl();
      ScramServer scram = challenge(4096);
      String signature = scram.verify(payload(expect("<response")));
      assertThat(signature).as("the client's proof").isNotNull();
      success(signature);
      return this;
    }

    ScramServer challenge(long iterations) throws InterruptedException {
      String auth = expect("<auth");
      assertThat(auth).contains("mechanism='" + mechanism + "'");
      ScramServer scram = new ScramServer(mechanism, password, iterations);
      send(sasl("challenge", scram.challenge(payload(auth))));
      return scram;
    }

    void success(String signature) {
      restart();
      send(sasl("success", signature));
    }

    Peer bind() throws InterruptedException {
      String iq = openForBind();
      return bindAs(iq);
    }

    String openForBind() throws InterruptedException {
      openAuthenticated();
      return expect("<bind");
    }

    /** Opens the stream to a client that may bind or resume. */
    Peer openAuthenticated() throws InterruptedException {
      return open(
          "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
              + (enabled == null ? "" : "<sm xmlns='urn:xmpp:sm:3'/>"));
    }

    /** Answers the request to bind, and the one to enable stream management if that is offered. */
    private Peer bindAs(String iq) throws InterruptedException {
      fullJid = "me@example.test/" + text(iq, "<resource>", "</resource>");
      bound(fullJid);
      if (enabled != null) {
        assertThat(expect("<enable")).isEqualTo("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        send(enabled);
      }
      return this;
    }

    /** Binds on a stream that is open. */
    Peer bindAgain() throws InterruptedException {
      return bindAs(expect("<bind"));
    }

    Peer bound(String jid) {
      return send(
          "<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>"
              + jid
              + "</jid></bind></iq>");
    }

    /** Answers the roster request and returns the presence that follows. */
    String roster() throws InterruptedException {
      return answerRoster().expect("<presence");
    }

    /** Answers the roster request of a session that may not send presence. */
    Peer answerRoster() throws InterruptedException {
      String iq = expect("jabber:iq:roster");
      return send(
          "<iq type='result' id='"
              + id(iq)
              + "' to='"
              + fullJid
              + "'><query xmlns='jabber:iq:roster'><item jid='friend@example.test'"
              + " subscription='both'/></query></iq>");
    }

    /** Everything up to the presence. */
    Peer login() throws InterruptedException, GeneralSecurityException {
      authenticate().bind().roster();
      return this;
    }

    void disconnect() {
      socket.close().await();
    }

    NetSocket socket() {
      return socket;
    }

    @Override
    public void streamOpened(Element header) {
      told.add("opened " + header.attribute("to"));
    }

    @Override
    public void stanza(Element stanza) {
      told.add(stanza.toXml());
    }

    @Override
    public void streamClosed() {
      told.add("</stream:stream>");
    }

    @Override
    public void failed(String condition, String detail) {
      told.add("failed " + condition);
    }
  }

  static String sasl(String name, String payload) {
    return "<" + name + " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + payload + "</" + name + ">";
  }

  static String payload(String xml) {
    return text(xml, ">", "</");
  }

  static String id(String xml) {
    return text(xml, "id='", "'");
  }

  static String text(String xml, String before, String after) {
    int from = xml.indexOf(before) + before.length();
    return xml.substring(from, xml.indexOf(after, from));
  }
}
