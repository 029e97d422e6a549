package org.oicbridge.sandbox;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The SASL mechanisms of the server, best first (RFC 5802, RFC 7677), and their functions. */
enum ScramMechanism {
  SHA_256("SCRAM-SHA-256", "SHA-256", "HmacSHA256", "PBKDF2WithHmacSHA256", 32),
  SHA_1("SCRAM-SHA-1", "SHA-1", "HmacSHA1", "PBKDF2WithHmacSHA1", 20);

  private final String saslName;
  private final String digest;
  private final String hmac;
  private final String pbkdf2;
  private final int length;

  ScramMechanism(String saslName, String digest, String hmac, String pbkdf2, int length) {
    this.saslName = saslName;
    this.digest = digest;
    this.hmac = hmac;
    this.pbkdf2 = pbkdf2;
    this.length = length;
  }

  String saslName() {
    return saslName;
  }

  /** The length of its hash in bytes. */
  int length() {
    return length;
  }

  static Optional<ScramMechanism> named(String saslName) {
    for (ScramMechanism one : values()) {
      if (one.saslName.equals(saslName)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** {@code Hi(str, salt, i)} of RFC 5802 section 2.2. */
  byte[] hi(char[] password, byte[] salt, int iterations) {
    try {
      PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, length * 8);
      return SecretKeyFactory.getInstance(pbkdf2).generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + pbkdf2, e);
    }
  }

  /** {@code HMAC(key, str)}. */
  byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(hmac);
      mac.init(new SecretKeySpec(key, hmac));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + hmac, e);
    }
  }

  /** {@code H(str)}. */
  byte[] hash(byte[] message) {
    try {
      return MessageDigest.getInstance(digest).digest(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + digest, e);
    }
  }
}
