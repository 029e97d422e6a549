package org.oicbridge.xmpp.sasl;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.ServerFirstMessage;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One SCRAM authentication: {@link #initialResponse()}, {@link #respond(byte[])} to the server's
 * challenge, {@link #verify(byte[])} of what it answers.
 */
public final class ScramExchange {
  /** The least that RFC 5802 section 5.1 wants, and what keeps a stolen exchange from guessing. */
  public static final int MIN_ITERATIONS = 4096;

  private static final List<String> BY_PREFERENCE = List.of("SCRAM-SHA-256", "SCRAM-SHA-1");
  private static final Pattern ITERATIONS = Pattern.compile("(?:^|,)i=([0-9]{1,18})(?:,|$)");
  private static final int NONCE_LENGTH = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ScramMechanism mechanism;
  private final String user;
  private final ScramKeys keys;
  private final int maxIterations;
  private final String nonce;
  private ScramClient client;
  private boolean verified;

  /** The mechanism to use of those that a server offers; SCRAM only, never a plain password. */
  public static Optional<String> choose(Collection<String> offered) {
    return BY_PREFERENCE.stream().filter(offered::contains).findFirst();
  }

  /**
   * An authentication that has not begun.
   *
   * @param mechanism one that {@link #choose} gave
   * @param maxIterations most rounds that the server may ask for
   */
  public ScramExchange(String mechanism, String user, ScramKeys keys, int maxIterations) {
    this(mechanism, user, keys, maxIterations, ScramFunctions.nonce(NONCE_LENGTH, RANDOM));
  }

  ScramExchange(String mechanism, String user, ScramKeys keys, int maxIterations, String nonce) {
    this.nonce = nonce;
    this.mechanism = ScramMechanism.byName(mechanism);
    this.user = user;
    this.keys = keys;
    this.maxIterations = maxIterations;
  }

  /** The client-first-message. */
  public byte[] initialResponse() {
    // It depends on the name and the nonce only; the keys are known when the salt is.
    ScramKeys.Keys unknown = new ScramKeys.Keys(new byte[1], new byte[1]);
    return bytes(client(unknown).clientFirstMessage().toString());
  }

  /**
   * The client-final-message, once the keys are there.
   *
   * @return fails with {@link SaslException} when the challenge is not acceptable
   */
  public Future<byte[]> respond(byte[] challenge) {
    String serverFirst = new String(challenge, StandardCharsets.UTF_8);
    ServerFirstMessage parsed;
    try {
      checkIterations(serverFirst);
      parsed = ServerFirstMessage.parseFrom(serverFirst, nonce);
    } catch (SaslException e) {
      return Future.failedFuture(e);
    } catch (ScramException | RuntimeException e) {
      return Future.failedFuture(
          new SaslException("the server's SCRAM challenge is unreadable or not ours", false));
    }
    return keys.derive(mechanism, parsed.getSalt(), parsed.getIterationCount())
        .compose(
            derived -> Future.succeededFuture(finish(derived, serverFirst)),
            error ->
                Future.failedFuture(
                    new SaslException("the password can't be used with SCRAM", true)));
  }

  /**
   * Checks that the server knows the password, too (RFC 5802 section 3).
   *
   * @throws SaslException when its signature is wrong or is not one
   */
  public void verify(byte[] serverFinal) throws SaslException {
    if (client == null) {
      throw new SaslException("the server skipped the SCRAM challenge", false);
    }
    try {
      client.serverFinalMessage(new String(serverFinal, StandardCharsets.UTF_8));
      verified = true;
    } catch (ScramException | RuntimeException e) {
      throw new SaslException("the server's SCRAM signature is wrong", false);
    }
  }

  /** True when the server has proved that it knows the password. */
  public boolean verified() {
    return verified;
  }

  /** True when the challenge has been answered, so that what comes next is the signature. */
  public boolean responded() {
    return client != null;
  }

  private void checkIterations(String serverFirst) throws SaslException {
    Matcher matcher = ITERATIONS.matcher(serverFirst);
    if (!matcher.find()) {
      return;
    }
    long iterations = Long.parseLong(matcher.group(1));
    if (iterations < MIN_ITERATIONS || iterations > maxIterations) {
      throw new SaslException(
          "the server asks for "
              + iterations
              + " SCRAM iterations, accepted are "
              + MIN_ITERATIONS
              + " to "
              + maxIterations,
          true);
    }
  }

  private byte[] finish(ScramKeys.Keys derived, String serverFirst) {
    ScramClient exchange = client(derived);
    exchange.clientFirstMessage();
    try {
      exchange.serverFirstMessage(serverFirst);
    } catch (ScramException e) {
      throw new IllegalStateException("what was read once can't be read again", e);
    }
    client = exchange;
    return bytes(exchange.clientFinalMessage().toString());
  }

  private ScramClient client(ScramKeys.Keys derived) {
    return ScramClient.builder()
        .advertisedMechanisms(List.of(mechanism.getName()))
        .username(user)
        .clientAndServerKey(derived.client, derived.server)
        .stringPreparation(StringPreparation.SASL_PREPARATION)
        .nonceSupplier(() -> nonce)
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
