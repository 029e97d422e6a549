package org.oicbridge.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.oicbridge.crudn.Jid;

/** Who may log in. It keeps keys for each mechanism, not the passwords. */
final class Accounts {
  private static final int SALT_BYTES = 16;
  private static final int SECRET_BYTES = 32;
  private static final int NONCE_BYTES = 18;

  private final String domain;
  private final SecureRandom random = new SecureRandom();
  private final Map<Jid, Map<ScramMechanism, ScramCredentials>> credentials;

  /**
   * Derives the keys, which takes some milliseconds of computing an account, on all cores.
   *
   * @param passwords by localpart
   */
  Accounts(String domain, Map<String, String> passwords, int iterations) {
    this(domain, passwords, iterations, randomSecret());
  }

  /**
   * Derives the keys with salts that follow from a secret, and are the same with the same one:
   * clients may keep their own keys for a salt.
   */
  Accounts(String domain, Map<String, String> passwords, int iterations, byte[] secret) {
    this.domain = domain;
    credentials =
        passwords.entrySet().parallelStream()
            .collect(
                Collectors.toUnmodifiableMap(
                    account -> Jid.parse(account.getKey() + "@" + domain),
                    account -> derive(account.getKey(), account.getValue(), iterations, secret)));
  }

  private static byte[] randomSecret() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  private static Map<ScramMechanism, ScramCredentials> derive(
      String user, String password, int iterations, byte[] secret) {
    Map<ScramMechanism, ScramCredentials> keys = new EnumMap<>(ScramMechanism.class);
    for (ScramMechanism mechanism : ScramMechanism.values()) {
      byte[] name = (mechanism.saslName() + " " + user).getBytes(StandardCharsets.UTF_8);
      byte[] salt = Arrays.copyOf(mechanism.hmac(secret, name), SALT_BYTES);
      keys.put(mechanism, new ScramCredentials(mechanism, password, salt, iterations));
    }
    return keys;
  }

  boolean has(Jid bare) {
    return credentials.containsKey(bare);
  }

  /** The bare JID of a user that has an account. */
  Optional<Jid> account(String user) {
    try {
      // A user name is a localpart; with more in it, it would name something else than it seems.
      return user.indexOf('@') >= 0 || user.indexOf('/') >= 0
          ? Optional.empty()
          : Optional.of(Jid.parse(user + "@" + domain)).filter(this::has);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Starts an exchange in which a client proves that it knows a password. */
  ServerScram authenticate(ScramMechanism mechanism) {
    return new ServerScram(
        mechanism, user -> account(user).map(jid -> credentials.get(jid).get(mechanism)), token());
  }

  /** Characters that nobody can guess: a nonce, a stream's identifier. */
  String token() {
    return Base64.getEncoder().encodeToString(randomBytes(NONCE_BYTES));
  }

  private byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
