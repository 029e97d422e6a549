package org.oicbridge.doctor;

import io.vertx.core.Vertx;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Conditions;
import org.oicbridge.xmpp.Element;
import org.oicbridge.xmpp.sasl.SaslException;
import org.oicbridge.xmpp.sasl.ScramExchange;
import org.oicbridge.xmpp.sasl.ScramKeys;

/** Logs in on a stream (RFC 6120 section 6.4). */
final class Sasl {
  /** What the gateway takes unless it is configured otherwise. */
  private static final int MAX_ITERATIONS = 100_000;

  private final Jid account;
  private final ScramKeys keys;

  Sasl(Vertx vertx, Jid account, String password) {
    this.account = account;
    this.keys = new ScramKeys(vertx, password);
  }

  static List<String> offered(Element features) {
    Element mechanisms = features.child("mechanisms", Conditions.SASL);
    return mechanisms == null
        ? List.of()
        : mechanisms.children().stream()
            .filter(child -> child.is("mechanism", Conditions.SASL))
            .map(child -> child.text().strip())
            .toList();
  }

  /** Logs in with a mechanism; tried once, since servers lock out who tries in vain. */
  void login(ServerStream stream, String mechanism, Deadline deadline)
      throws EndOfCheck, StreamEndedException {
    ScramExchange scram = new ScramExchange(mechanism, account.local(), keys, MAX_ITERATIONS);
    stream.send(
        Element.named("auth", Conditions.SASL)
            .attribute("mechanism", mechanism)
            .text(Base64.getEncoder().encodeToString(scram.initialResponse()))
            .build());
    Element answer = stream.next(deadline);
    while (answer.is("challenge", Conditions.SASL)) {
      stream.send(response(scram, bytes(answer), deadline));
      answer = stream.next(deadline);
    }
    if (answer.is("failure", Conditions.SASL)) {
      throw failed(Conditions.of(answer, Conditions.SASL));
    }
    if (!answer.is("success", Conditions.SASL)) {
      throw failed("the server sent something else");
    }
    if (!scram.verified()) {
      verify(scram, bytes(answer));
    }
  }

  private static Element response(ScramExchange scram, byte[] challenge, Deadline deadline)
      throws EndOfCheck {
    Element.Builder response = Element.named("response", Conditions.SASL);
    if (scram.responded()) {
      // Some servers send the signature as one more challenge.
      verify(scram, challenge);
      return response.build();
    }
    try {
      byte[] proof =
          scram
              .respond(challenge)
              .toCompletionStage()
              .toCompletableFuture()
              .get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
      return response.text(Base64.getEncoder().encodeToString(proof)).build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted");
    } catch (ExecutionException e) {
      throw failed(String.valueOf(e.getCause().getMessage()));
    } catch (TimeoutException e) {
      throw failed("the key takes too long to derive");
    }
  }

  private static void verify(ScramExchange scram, byte[] signature) throws EndOfCheck {
    try {
      scram.verify(signature);
    } catch (SaslException e) {
      throw failed(e.getMessage());
    }
  }

  private static byte[] bytes(Element step) throws EndOfCheck {
    try {
      return Base64.getDecoder().decode(step.text().strip());
    } catch (IllegalArgumentException e) {
      throw failed("the server's login step is not base64");
    }
  }

  private static EndOfCheck failed(String reason) {
    return new EndOfCheck("login", "failed: " + reason, "tried once; check account and password");
  }
}
