package org.oicbridge.xmpp;

import org.oicbridge.crudn.Jid;

/** STARTTLS (RFC 6120 section 5.4). */
final class StartTlsPhase implements Phase {
  static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";

  private final XmppStream stream;
  private final LoginOrder login;
  private final Runnable secured;

  private StartTlsPhase(XmppStream stream, LoginOrder login, Runnable secured) {
    this.stream = stream;
    this.login = login;
    this.secured = secured;
  }

  static void begin(XmppStream stream, LoginOrder login, Runnable secured) {
    stream.hand(new StartTlsPhase(stream, login, secured));
    stream.send(Element.named("starttls", TLS).build());
  }

  @Override
  public void stanza(Element answer) {
    Jid jid = login.jid();
    if (!answer.is("proceed", TLS)) {
      stream.end(StreamEnd.retryLate("the server refused STARTTLS"));
    } else if (stream.hasUnread()) {
      stream.end(StreamEnd.retryLate("bytes follow <proceed/>: not secure"));
    } else {
      stream
          .secure(login.tls().options(jid.domain()), ServerTls.serverName(jid.domain()))
          .onSuccess(nothing -> secured.run());
    }
  }
}
