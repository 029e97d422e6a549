package org.oicbridge.doctor;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.xmpp.Element;
import org.oicbridge.xmpp.ServerTrust;
import org.oicbridge.xmpp.sasl.ScramExchange;

/** Takes streams as far as the login: the connection, TLS, and what is offered then. */
final class Door {
  static final String STARTTLS = "urn:ietf:params:xml:ns:xmpp-tls";

  private final Vertx vertx;
  private final CheckOrder order;
  private final ServerTrust trust;
  private List<InetSocketAddress> targets;

  /**
   * A stream before the login.
   *
   * @param features what the server offers now
   * @param safe whether a login may be tried on it
   */
  record Opened(ServerStream stream, Element features, boolean safe) {
    Optional<String> mechanism() {
      return ScramExchange.choose(Sasl.offered(features));
    }
  }

  Door(Vertx vertx, CheckOrder order) throws EndOfCheck {
    this.vertx = vertx;
    this.order = order;
    try {
      this.trust = ServerTrust.load(order.trust(), order.domain());
    } catch (GeneralSecurityException | IOException e) {
      throw new EndOfCheck("trust", "can't be read", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Opens a stream.
   *
   * @param out is told what is seen on the way
   * @param life how long the stream may last
   */
  Opened enter(Findings out, Duration life) throws EndOfCheck {
    if (targets == null) {
      targets = new Addresses(vertx, order).find(out);
    }
    Socket socket = Addresses.connect(targets);
    ServerStream stream = new ServerStream(vertx, socket, order.domain(), Deadline.in(life));
    boolean entered = false;
    try {
      Opened opened = negotiate(out, stream);
      entered = true;
      return opened;
    } catch (StreamEndedException e) {
      throw new EndOfCheck("stream", e.getMessage(), hint(e.condition()));
    } finally {
      if (!entered) {
        stream.close();
      }
    }
  }

  private String hint(String condition) {
    return switch (condition) {
      case "host-unknown", "host-gone" ->
          "the server does not serve " + order.domain() + ": is --domain right?";
      case "see-other-host" -> "the server sends clients to another host: name that one";
      case StreamEndedException.CLOSED, StreamEndedException.SILENT ->
          "is it an XMPP client port, and is --tls right for it?";
      default -> "";
    };
  }

  private Opened negotiate(Findings out, ServerStream stream)
      throws EndOfCheck, StreamEndedException {
    Deadline deadline = Deadline.in(Duration.ofSeconds(20));
    out.ok("address", stream.address(), "");
    boolean safe = order.tls() == Tls.NONE;
    if (order.tls() == Tls.DIRECT) {
      safe = secure(out, stream, deadline);
    }
    Element features = stream.open(deadline);
    if (order.tls() == Tls.STARTTLS) {
      startTls(out, stream, features, deadline);
      safe = secure(out, stream, deadline);
      features = stream.open(deadline);
    } else if (order.tls() == Tls.NONE) {
      out.ok("TLS", "not used", "the gateway does so towards loopback only");
    }
    return new Opened(stream, features, safe);
  }

  private static void startTls(
      Findings out, ServerStream stream, Element features, Deadline deadline)
      throws EndOfCheck, StreamEndedException {
    Element offer = features.child("starttls", STARTTLS);
    if (offer == null) {
      throw new EndOfCheck("STARTTLS", "not offered", "the gateway needs STARTTLS or direct TLS");
    }
    if (!Sasl.offered(features).isEmpty()) {
      out.note("STARTTLS", "optional", "logins in the clear are offered too; better require TLS");
    } else {
      out.ok("STARTTLS", "required", "");
    }
    stream.send(Element.named("starttls", STARTTLS).build());
    if (!stream.next(deadline).is("proceed", STARTTLS) || stream.hasUnread()) {
      throw new EndOfCheck("STARTTLS", "failed", "the server offers it and does not do it");
    }
  }

  private boolean secure(Findings out, ServerStream stream, Deadline deadline) throws EndOfCheck {
    CertificateWitness witness = new CertificateWitness(trust);
    try {
      // A context of its own: a resumed session would show no certificate.
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {witness}, null);
      SSLSession session =
          stream.secure(context, TlsNames.of(order.domain()), deadline).getSession();
      TlsFindings.tell(out, session, witness, order.tls());
    } catch (IOException | GeneralSecurityException e) {
      throw new EndOfCheck(
          "TLS", "failed: " + e.getMessage(), "the gateway needs TLS 1.2 or 1.3 here");
    }
    return witness.good();
  }
}
