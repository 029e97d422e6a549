package org.oicbridge.xmpp;

import org.oicbridge.config.AccountConfig.Tls;

/**
 * Waits for the stream features and picks what is negotiated next (RFC 6120 section 4.3.2): TLS,
 * then SASL, then the binding of the resource, and nothing of it left out. A stream that was lost
 * is resumed in the place of the binding, if the server can (XEP-0198 section 5).
 */
final class FeaturesPhase implements Phase {
  private final XmppStream stream;
  private final LoginOrder login;
  private final Outcome outcome;
  private final boolean authenticated;

  /** Whom it tells what it has come to. A stream that ends has an owner to tell that. */
  interface Outcome {
    /**
     * The full JID is bound.
     *
     * @param manageable whether stream management is offered and wanted
     */
    void bound(XmppStream stream, boolean manageable);

    /**
     * The server has resumed the lost stream on this one.
     *
     * @param h how many stanzas of the lost one it has handled, modulo 2^32
     */
    void resumed(XmppStream stream, int h);

    /** The lost stream can't be resumed; the full JID is bound anew. */
    void lost(String reason);
  }

  private FeaturesPhase(
      XmppStream stream, LoginOrder login, Outcome outcome, boolean authenticated) {
    this.stream = stream;
    this.login = login;
    this.outcome = outcome;
    this.authenticated = authenticated;
  }

  /** Negotiates a stream on a fresh connection. */
  static void negotiate(XmppStream stream, LoginOrder login, Outcome outcome) {
    stream.open(new FeaturesPhase(stream, login, outcome, false));
  }

  @Override
  public void stanza(Element features) {
    if (!features.is("features", Element.STREAMS)) {
      stream.end(StreamEnd.retryLate("the server did not send its stream features"));
    } else if (!stream.secured() && login.account().tls() != Tls.NONE) {
      startTls(features);
    } else if (!authenticated) {
      SaslPhase.begin(stream, login, features, this::authenticated);
    } else if (login.lost() == null) {
      bind(features);
    } else if (SmElements.offered(features)) {
      ResumePhase.begin(stream, login.lost(), outcome, () -> bind(features));
    } else {
      outcome.lost("the server does not manage streams any more");
      bind(features);
    }
  }

  private void bind(Element features) {
    boolean manageable = login.manages() && SmElements.offered(features);
    BindPhase.begin(stream, login, features, bound -> outcome.bound(bound, manageable));
  }

  private void startTls(Element features) {
    if (features.child("starttls", StartTlsPhase.TLS) == null) {
      stream.end(StreamEnd.retryLate("the server does not offer STARTTLS, which is required"));
    } else {
      StartTlsPhase.begin(stream, login, this::secured);
    }
  }

  private void secured() {
    negotiate(stream, login, outcome);
  }

  private void authenticated() {
    stream.open(new FeaturesPhase(stream, login, outcome, true));
  }
}
