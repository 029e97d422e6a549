package org.oicbridge.sandbox;

import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client does before it exchanges stanzas: STARTTLS, SASL, resource binding. */
final class Negotiation {
  static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";

  private static final Logger LOG = LoggerFactory.getLogger(Negotiation.class);
  private static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
  private static final String SESSION = "urn:ietf:params:xml:ns:xmpp-session";
  private static final int MAX_FAILURES = 3;

  private final ServerStream stream;
  private final HostedDomain host;
  private final SaslExchange sasl;
  private boolean secured;

  Negotiation(ServerStream stream, HostedDomain host, boolean secured) {
    this.stream = stream;
    this.host = host;
    this.sasl = new SaslExchange(host.accounts(), host.logins());
    this.secured = secured;
  }

  /** What the server offers on a stream that was just opened. */
  Element features() {
    Element.Builder features = Element.named("features", Element.STREAMS);
    if (sasl.account().isPresent()) {
      features.child("bind", BIND);
      // RFC 3921 clients ask for a session, which the optional child lets others skip.
      features.child(Element.named("session", SESSION).child("optional", SESSION).build());
      if (host.management().offered()) {
        features.child(SmElements.feature());
      }
      return features.build();
    }
    if (startTlsOffered()) {
      Element.Builder startTls = Element.named("starttls", TLS);
      features.child(tlsMissing() ? startTls.child("required", TLS).build() : startTls.build());
    }
    return tlsMissing() ? features.build() : features.child(SaslExchange.mechanisms()).build();
  }

  private boolean startTlsOffered() {
    return !secured && host.policy() != EmbeddedXmppServer.Tls.NONE;
  }

  private boolean tlsMissing() {
    return !secured && host.policy() == EmbeddedXmppServer.Tls.REQUIRED;
  }

  void receive(Element element) {
    boolean authenticated = sasl.account().isPresent();
    boolean managed = host.management().offered();
    if (element.is("starttls", TLS) && startTlsOffered() && !authenticated) {
      secured = true;
      stream.startTls();
    } else if (element.namespace().equals(SaslExchange.NAMESPACE) && !authenticated) {
      authenticate(element);
    } else if (element.is("iq", Element.CLIENT) && authenticated) {
      bind(sasl.account().get(), element);
    } else if (element.is("resume", StreamManagement.NAMESPACE) && authenticated && managed) {
      host.management().resume(stream, sasl.account().get(), element);
    } else if (element.is("enable", StreamManagement.NAMESPACE) && authenticated && managed) {
      // XEP-0198 section 3: not before a resource is bound
      stream.send(SmElements.failed("unexpected-request"));
    } else {
      stream.fail("not-authorized");
    }
  }

  private void authenticate(Element element) {
    stream.send(tlsMissing() ? sasl.refuse("encryption-required") : sasl.receive(element));
    if (sasl.account().isPresent()) {
      stream.restart();
    } else if (sasl.failures() >= MAX_FAILURES) {
      stream.fail("policy-violation");
    }
  }

  private void bind(Jid account, Element iq) {
    Element bind = iq.child("bind", BIND);
    if (bind == null || !"set".equals(iq.attribute("type"))) {
      // RFC 6120 section 7.1: no stanza before a resource is bound
      stream.fail("not-authorized");
      return;
    }
    Element resource = bind.child("resource", BIND);
    String asked = resource == null ? "" : resource.text();
    Jid jid;
    try {
      jid = Jid.parse(account + "/" + (asked.isEmpty() ? host.accounts().token() : asked));
    } catch (IllegalArgumentException e) {
      stream.send(StanzaError.answer(iq, "modify", "bad-request"));
      return;
    }
    Session before = host.resources().find(jid);
    if (before != null) {
      before.end("conflict");
    } else if (host.resources().full(account)) {
      stream.send(StanzaError.answer(iq, "wait", "resource-constraint"));
      return;
    }
    Session session = new Session(jid, stream);
    host.resources().add(session);
    stream.bound(session);
    LOG.debug("{} is connected", jid);
    host.counts().bound();
    Element address = Element.named("jid", BIND).text(jid.toString()).build();
    stream.send(
        Element.named("iq", Element.CLIENT)
            .attribute("type", "result")
            .attribute("id", iq.attribute("id"))
            .child(Element.named("bind", BIND).child(address).build())
            .build());
  }
}
