package org.oicbridge.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import org.oicbridge.xmpp.Element;
import org.oicbridge.xmpp.StanzaReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection and the XML streams on it (RFC 6120 section 4): each of STARTTLS and SASL
 * starts a new one. What the client says is for {@link Negotiation} until it has bound a resource,
 * and then for the {@link Router}.
 */
final class ServerStream implements StanzaReader.Listener {
  static final int MAX_STANZA = 256 * 1024;

  /** The namespace of the conditions of stream errors. */
  static final String ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";

  private static final Logger LOG = LoggerFactory.getLogger(ServerStream.class);

  private final Vertx vertx;
  private final Link link;
  private final HostedDomain host;
  private final Consumer<ServerStream> whenEnded;
  private final Negotiation negotiation;
  private final long guard;
  private StanzaReader reader;
  private Session session;
  private boolean headerSent;
  private boolean ended;

  /**
   * Takes over a connection.
   *
   * @param whenEnded run once, when the connection is gone
   */
  ServerStream(Vertx vertx, NetSocket socket, HostedDomain host, Consumer<ServerStream> whenEnded) {
    this.vertx = vertx;
    this.link = new Link(vertx, socket, () -> ended(false));
    this.host = host;
    this.whenEnded = whenEnded;
    this.negotiation = new Negotiation(this, host, link.isTls());
    this.guard = vertx.setTimer(host.patience().toMillis(), id -> fail("connection-timeout"));
    expectHeader();
    if (host.faults().paused()) {
      link.pause();
    }
  }

  /** The connection under it. */
  Link link() {
    return link;
  }

  /** The session that its client has bound or resumed, null until then and when it is over. */
  Session session() {
    return session;
  }

  private void expectHeader() {
    headerSent = false;
    reader = new StanzaReader(MAX_STANZA, this);
    link.read(reader::feed);
  }

  @Override
  public void streamOpened(Element header) {
    sendHeader();
    String to = header.attribute("to");
    String version = header.attribute("version");
    if (to == null || !to.equalsIgnoreCase(host.address().domain())) {
      fail("host-unknown");
    } else if (version == null || !version.startsWith("1.")) {
      fail("unsupported-version");
    } else {
      send(negotiation.features());
    }
  }

  @Override
  public void stanza(Element stanza) {
    if (session == null) {
      negotiation.receive(stanza);
    } else if (stanza.namespace().equals(StreamManagement.NAMESPACE)
        && host.management().offered()) {
      host.management().receive(this, session, stanza);
    } else {
      Session from = session;
      host.router().receive(from, stanza);
      from.handled();
    }
  }

  @Override
  public void streamClosed() {
    end("");
  }

  @Override
  public void failed(String condition, String detail) {
    LOG.info("{}: {}, {}", this, condition, detail);
    fail(condition);
  }

  /** Secures the connection and expects a new stream on it (RFC 6120 section 5). */
  void startTls() {
    if (reader.unread().length() > 0) {
      // What was sent in the clear behind <starttls/> must not count as sent under TLS.
      fail("policy-violation");
      return;
    }
    reader.stop();
    Buffer proceed = Buffer.buffer(Element.named("proceed", Negotiation.TLS).build().toXml());
    link.startTls(host.certificate().tls(), proceed)
        .onSuccess(secured -> expectHeader())
        .onFailure(
            e -> {
              LOG.debug("TLS with {} failed", this, e);
              link.close();
            });
  }

  /** Expects a new stream, as the client starts it after its authentication. */
  void restart() {
    Buffer rest = reader.unread();
    reader.stop();
    expectHeader();
    if (rest.length() > 0) {
      reader.feed(rest);
    }
  }

  /** The client has bound its resource; from now on it exchanges stanzas. */
  void bound(Session session) {
    this.session = session;
    vertx.cancelTimer(guard);
    link.delay(host.faults().delayOf(session.jid()));
  }

  /** The client goes on with its session on another stream. */
  void replaced() {
    session = null;
    fail("conflict");
  }

  void send(Element element) {
    write(Buffer.buffer(element.toXml()));
  }

  void write(Buffer bytes) {
    if (ended) {
      return;
    }
    if (link.full()) {
      LOG.info("{} reads too slowly, cut off", this);
      ended(false);
      link.close();
      return;
    }
    link.write(bytes);
  }

  /** Ends the stream with an error (RFC 6120 section 4.9). */
  void fail(String condition) {
    fail(Element.named("error", Element.STREAMS).child(condition, ERRORS).build());
  }

  void fail(Element error) {
    if (!ended) {
      if (!headerSent) {
        sendHeader();
      }
      end(error.toXml());
    }
  }

  private void end(String lastWords) {
    if (!ended) {
      ended(true);
      link.end(Buffer.buffer(lastWords + "</stream:stream>"));
    }
  }

  /**
   * Ends what depends on the stream.
   *
   * @param closed false when it broke off; a session may be resumed only then (XEP-0198 section 7)
   */
  private void ended(boolean closed) {
    if (ended) {
      return;
    }
    ended = true;
    reader.stop();
    vertx.cancelTimer(guard);
    whenEnded.accept(this);
    Session left = session;
    session = null;
    if (left != null && closed) {
      host.management().over(left);
    } else if (left != null) {
      host.management().lost(left);
    }
  }

  private void sendHeader() {
    headerSent = true;
    write(
        Buffer.buffer(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
                + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0' xml:lang='en'"
                + " from='"
                + host.address().domain()
                + "' id='"
                + host.accounts().token()
                + "'>"));
  }

  @Override
  public String toString() {
    return session == null ? link.toString() : session.jid().toString();
  }
}
