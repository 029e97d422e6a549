package org.oicbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * The server's side of one SCRAM exchange (RFC 5802 section 3), without channel binding. Values in,
 * values out; a failure ends the exchange.
 */
final class ServerScram {
  private static final String NOT_AUTHORIZED = "not-authorized";
  private static final String MALFORMED = "malformed-request";

  private final ScramMechanism mechanism;
  private final Function<String, Optional<ScramCredentials>> accounts;
  private final String serverNonce;
  private String user;
  private String gs2Header;
  private String nonce;
  private String authMessage;
  private ScramCredentials credentials;

  /**
   * A new exchange.
   *
   * @param accounts what is kept of a user's password for this mechanism, empty for no such user
   * @param serverNonce printable characters without a comma, different at each exchange
   */
  ServerScram(
      ScramMechanism mechanism,
      Function<String, Optional<ScramCredentials>> accounts,
      String serverNonce) {
    this.mechanism = mechanism;
    this.accounts = accounts;
    this.serverNonce = serverNonce;
  }

  /** True once {@link #first} has succeeded. */
  boolean begun() {
    return credentials != null;
  }

  /** Who authenticates, as the client wrote it. */
  String user() {
    return user;
  }

  /** Takes the client-first-message and gives the server-first-message. */
  String first(String message) throws SaslFailure {
    int bareStart = message.indexOf(',', message.indexOf(',') + 1) + 1;
    gs2Header = message.substring(0, bareStart);
    checkGs2Header();
    String bare = message.substring(bareStart);
    String[] attributes = bare.split(",", -1);
    // A mandatory extension "m=" would stand first, so it is refused here as section 5.1 asks.
    user = attribute(attributes, 0, "n=");
    String clientNonce = attribute(attributes, 1, "r=");
    check(!clientNonce.isEmpty() && clientNonce.chars().allMatch(c -> c > ' ' && c < 127));
    user = decodeName(user);
    credentials = accounts.apply(user).orElseThrow(() -> new SaslFailure(NOT_AUTHORIZED));
    nonce = clientNonce + serverNonce;
    String answer =
        "r=" + nonce + ",s=" + base64(credentials.salt()) + ",i=" + credentials.iterations();
    authMessage = bare + "," + answer;
    return answer;
  }

  private void checkGs2Header() throws SaslFailure {
    check(gs2Header.endsWith(","));
    String flag = gs2Header.substring(0, gs2Header.indexOf(','));
    // "p" asks for a channel binding, which only a -PLUS mechanism would have.
    check(flag.equals("n") || flag.equals("y"));
    if (gs2Header.length() != flag.length() + 2) {
      // Nobody here may act for another.
      throw new SaslFailure("invalid-authzid");
    }
  }

  /**
   * Takes the client-final-message and gives the server-final-message; the client has proved that
   * it knows the password.
   */
  String last(String message) throws SaslFailure {
    int proofAt = message.lastIndexOf(",p=");
    check(proofAt >= 0);
    String withoutProof = message.substring(0, proofAt);
    String[] attributes = withoutProof.split(",", -1);
    String binding = attribute(attributes, 0, "c=");
    if (!binding.equals(base64(gs2Header.getBytes(UTF_8)))
        || !attribute(attributes, 1, "r=").equals(nonce)) {
      throw new SaslFailure(NOT_AUTHORIZED);
    }
    byte[] signed = (authMessage + "," + withoutProof).getBytes(UTF_8);
    byte[] key = decode(message.substring(proofAt + 3));
    byte[] clientSignature = mechanism.hmac(credentials.storedKey(), signed);
    check(key.length == clientSignature.length);
    for (int i = 0; i < key.length; i++) {
      key[i] ^= clientSignature[i];
    }
    if (!MessageDigest.isEqual(mechanism.hash(key), credentials.storedKey())) {
      throw new SaslFailure(NOT_AUTHORIZED);
    }
    return "v=" + base64(mechanism.hmac(credentials.serverKey(), signed));
  }

  private static String attribute(String[] attributes, int at, String name) throws SaslFailure {
    check(at < attributes.length && attributes[at].startsWith(name));
    return attributes[at].substring(name.length());
  }

  /** Undoes the escapes of a saslname (section 5.1). */
  private static String decodeName(String name) throws SaslFailure {
    String rest = name.replace("=2C", "").replace("=3D", "");
    check(!name.isEmpty() && rest.indexOf('=') < 0);
    return name.replace("=2C", ",").replace("=3D", "=");
  }

  private static byte[] decode(String base64) throws SaslFailure {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new SaslFailure(MALFORMED);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void check(boolean wellFormed) throws SaslFailure {
    if (!wellFormed) {
      throw new SaslFailure(MALFORMED);
    }
  }
}
