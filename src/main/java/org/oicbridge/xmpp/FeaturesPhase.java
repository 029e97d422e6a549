package org.oicbridge.xmpp;

import java.util.function.Consumer;
import org.oicbridge.config.AccountConfig.Tls;

/**
 * Waits for the stream features and picks what is negotiated next (RFC 6120 section 4.3.2): TLS,
 * then SASL, then the binding of the resource, and nothing of it left out.
 */
final class FeaturesPhase implements Phase {
  private final XmppStream stream;
  private final LoginOrder login;
  private final Consumer<XmppStream> bound;
  private final boolean authenticated;

  private FeaturesPhase(
      XmppStream stream, LoginOrder login, Consumer<XmppStream> bound, boolean authenticated) {
    this.stream = stream;
    this.login = login;
    this.bound = bound;
    this.authenticated = authenticated;
  }

  /**
   * Negotiates a stream on a fresh connection.
   *
   * @param bound is handed the stream once the full JID is bound
   */
  static void negotiate(XmppStream stream, LoginOrder login, Consumer<XmppStream> bound) {
    stream.open(new FeaturesPhase(stream, login, bound, false));
  }

  @Override
  public void stanza(Element features) {
    if (!features.is("features", Element.STREAMS)) {
      stream.end(StreamEnd.retryLate("the server did not send its stream features"));
    } else if (!stream.secured() && login.account().tls() != Tls.NONE) {
      startTls(features);
    } else if (!authenticated) {
      SaslPhase.begin(stream, login, features, this::authenticated);
    } else {
      BindPhase.begin(stream, login, features, bound);
    }
  }

  private void startTls(Element features) {
    if (features.child("starttls", StartTlsPhase.TLS) == null) {
      stream.end(StreamEnd.retryLate("the server does not offer STARTTLS, which is required"));
    } else {
      StartTlsPhase.begin(stream, login, this::secured);
    }
  }

  private void secured() {
    negotiate(stream, login, bound);
  }

  private void authenticated() {
    stream.open(new FeaturesPhase(stream, login, bound, true));
  }
}
