package org.oicbridge.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Element;

/** Authenticates the client of one stream (RFC 6120 section 6): an element in, its answer out. */
final class SaslExchange {
  static final String NAMESPACE = "urn:ietf:params:xml:ns:xmpp-sasl";

  private final Accounts accounts;
  private final Logins logins;
  private ServerScram scram;
  private Jid trying;
  private Jid account;
  private int failures;

  SaslExchange(Accounts accounts, Logins logins) {
    this.accounts = accounts;
    this.logins = logins;
  }

  /** The bare JID that the client has proved to be, empty until then. */
  Optional<Jid> account() {
    return Optional.ofNullable(account);
  }

  /** How often the client failed. */
  int failures() {
    return failures;
  }

  static Element mechanisms() {
    Element.Builder mechanisms = Element.named("mechanisms", NAMESPACE);
    for (ScramMechanism mechanism : ScramMechanism.values()) {
      mechanisms.child(Element.named("mechanism", NAMESPACE).text(mechanism.saslName()).build());
    }
    return mechanisms.build();
  }

  Element receive(Element element) {
    try {
      return switch (element.name()) {
        case "auth" -> begin(element);
        case "response" -> proceed(element.text());
        case "abort" -> throw new SaslFailure("aborted");
        default -> throw new SaslFailure("malformed-request");
      };
    } catch (SaslFailure failure) {
      return refuse(failure.condition());
    }
  }

  /** Ends the exchange that is under way, if any. */
  Element refuse(String condition) {
    scram = null;
    failures++;
    if (trying != null) {
      logins.failed(trying);
      trying = null;
    }
    return Element.named("failure", NAMESPACE).child(condition, NAMESPACE).build();
  }

  private Element begin(Element auth) throws SaslFailure {
    String name = auth.attribute("mechanism");
    ScramMechanism mechanism =
        ScramMechanism.named(name == null ? "" : name)
            .orElseThrow(() -> new SaslFailure("invalid-mechanism"));
    scram = accounts.authenticate(mechanism);
    // Without an initial response the client waits for an empty challenge (section 6.4.2).
    return auth.text().isBlank()
        ? Element.named("challenge", NAMESPACE).build()
        : proceed(auth.text());
  }

  private Element proceed(String encoded) throws SaslFailure {
    if (scram == null) {
      throw new SaslFailure("malformed-request");
    }
    String message = decode(encoded);
    if (!scram.begun()) {
      String challenge = scram.first(message);
      trying = accounts.account(scram.user()).orElseThrow(() -> new SaslFailure("not-authorized"));
      logins.tried(trying);
      return answer("challenge", challenge);
    }
    String signature = scram.last(message);
    account = trying;
    return answer("success", signature);
  }

  private static String decode(String encoded) throws SaslFailure {
    try {
      return new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new SaslFailure("incorrect-encoding");
    }
  }

  private static Element answer(String name, String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    return Element.named(name, NAMESPACE).text(Base64.getEncoder().encodeToString(bytes)).build();
  }
}
