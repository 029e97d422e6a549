package org.oicbridge.xmpp;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.oicbridge.xmpp.sasl.SaslException;
import org.oicbridge.xmpp.sasl.ScramExchange;

/** SASL (RFC 6120 section 6.4) with SCRAM. */
final class SaslPhase implements Phase {
  private static final String SASL = Conditions.SASL;

  private final XmppStream stream;
  private final ScramExchange scram;
  private final Runnable authenticated;

  private SaslPhase(XmppStream stream, ScramExchange scram, Runnable authenticated) {
    this.stream = stream;
    this.scram = scram;
    this.authenticated = authenticated;
  }

  static void begin(XmppStream stream, LoginOrder login, Element features, Runnable authenticated) {
    Element mechanisms = features.child("mechanisms", SASL);
    List<String> offered =
        mechanisms == null
            ? List.of()
            : mechanisms.children().stream()
                .filter(child -> child.is("mechanism", SASL))
                .map(child -> child.text().strip())
                .toList();
    Optional<String> mechanism = ScramExchange.choose(offered);
    if (mechanism.isEmpty()) {
      stream.end(
          StreamEnd.refused("the server offers neither SCRAM-SHA-256 nor SCRAM-SHA-1 for a login"));
      return;
    }
    ScramExchange scram =
        new ScramExchange(
            mechanism.get(), login.jid().local(), login.keys(), login.maxScramIterations());
    stream.hand(new SaslPhase(stream, scram, authenticated));
    stream.send(
        Element.named("auth", SASL)
            .attribute("mechanism", mechanism.get())
            .text(base64(scram.initialResponse()))
            .build());
  }

  @Override
  public void stanza(Element answer) {
    if (!answer.namespace().equals(SASL)) {
      stream.end(StreamEnd.retryLate("the server sent something else during the login"));
      return;
    }
    try {
      switch (answer.name()) {
        case "challenge" -> challenge(decode(answer.text()));
        case "success" -> success(answer.text());
        case "failure" -> stream.end(StreamEnd.ofSaslFailure(answer));
        default -> stream.end(StreamEnd.retryLate("the server sent an unknown login step"));
      }
    } catch (SaslException e) {
      stream.end(end(e));
    } catch (IllegalArgumentException e) {
      stream.end(StreamEnd.retryLate("the server's login step is not base64"));
    }
  }

  private void challenge(byte[] data) throws SaslException {
    if (scram.responded()) {
      // Some servers send the signature as one more challenge.
      scram.verify(data);
      stream.send(Element.named("response", SASL).build());
      return;
    }
    scram
        .respond(data)
        .onSuccess(
            response -> stream.send(Element.named("response", SASL).text(base64(response)).build()))
        .onFailure(
            error ->
                stream.end(
                    error instanceof SaslException e
                        ? end(e)
                        : StreamEnd.retryLate("the login failed: " + error.getMessage())));
  }

  private void success(String text) throws SaslException {
    if (!scram.verified()) {
      scram.verify(decode(text));
    }
    if (stream.hasUnread()) {
      // The server may not speak before the stream is opened anew (RFC 6120 section 6.4.6).
      stream.end(StreamEnd.retryLate("the server sent more than <success/>"));
    } else {
      authenticated.run();
    }
  }

  private static StreamEnd end(SaslException e) {
    return e.permanent() ? StreamEnd.refused(e.getMessage()) : StreamEnd.retryLate(e.getMessage());
  }

  private static byte[] decode(String text) {
    // A single = stands for data of length zero (RFC 6120 section 6.4.2).
    return text.equals("=") ? new byte[0] : Base64.getDecoder().decode(text.strip());
  }

  private static String base64(byte[] data) {
    return Base64.getEncoder().encodeToString(data);
  }
}
