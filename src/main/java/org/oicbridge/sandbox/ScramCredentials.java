package org.oicbridge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.common.StringPreparation;

/**
 * What the server keeps of a password for one mechanism (RFC 5802 section 2.3). Neither the
 * password nor the client's key can be had from it.
 */
final class ScramCredentials {
  private final byte[] salt;
  private final int iterations;
  private final byte[] storedKey;
  private final byte[] serverKey;

  /** Derives the keys, which takes some milliseconds. */
  ScramCredentials(ScramMechanism mechanism, String password, byte[] salt, int iterations) {
    char[] prepared = StringPreparation.SASL_PREPARATION.normalize(password.toCharArray());
    byte[] salted = mechanism.hi(prepared, salt, iterations);
    this.salt = salt;
    this.iterations = iterations;
    this.storedKey = mechanism.hash(mechanism.hmac(salted, "Client Key".getBytes(UTF_8)));
    this.serverKey = mechanism.hmac(salted, "Server Key".getBytes(UTF_8));
  }

  byte[] salt() {
    return salt;
  }

  int iterations() {
    return iterations;
  }

  byte[] storedKey() {
    return storedKey;
  }

  byte[] serverKey() {
    return serverKey;
  }
}
