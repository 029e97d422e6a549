package org.oicbridge.sandbox;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.oicbridge.crudn.Jid;

/** Who may log in. It keeps keys for each mechanism, not the passwords. */
final class Accounts {
  private static final int SALT_BYTES = 16;
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
    this.domain = domain;
    credentials =
        passwords.entrySet().parallelStream()
            .collect(
                Collectors.toUnmodifiableMap(
                    account -> Jid.parse(account.getKey() + "@" + domain),
                    account -> derive(account.getValue(), iterations)));
  }

  private Map<ScramMechanism, ScramCredentials> derive(String password, int iterations) {
    Map<ScramMechanism, ScramCredentials> keys = new EnumMap<>(ScramMechanism.class);
    for (ScramMechanism mechanism : ScramMechanism.values()) {
      keys.put(
          mechanism,
          new ScramCredentials(mechanism, password, randomBytes(SALT_BYTES), iterations));
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
