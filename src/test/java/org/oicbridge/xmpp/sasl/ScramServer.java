package org.oicbridge.xmpp.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The server's side of SCRAM (RFC 5802 section 3), apart from the library that the client uses. */
public final class ScramServer {
  private static final String SALT = "QSXCR+Q6sek8bf92";

  private final String hash;
  private final String password;
  private final long iterations;
  private String clientFirstBare;
  private String serverFirst;

  /** A server that knows this password. */
  public ScramServer(String mechanism, String password, long iterations) {
    this.hash = mechanism.endsWith("256") ? "256" : "1";
    this.password = password;
    this.iterations = iterations;
  }

  /** Takes the client's first message, in base64, and gives the challenge, in base64. */
  public String challenge(String clientFirst) {
    String text = decode(clientFirst);
    clientFirstBare = text.substring("n,,".length());
    String nonce = clientFirstBare.substring(clientFirstBare.indexOf(",r=") + 3);
    serverFirst = "r=" + nonce + "serverpart,s=" + SALT + ",i=" + iterations;
    return encode(serverFirst.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes the client's final message and gives the server's, or null when the proof is wrong. */
  public String verify(String clientFinal) throws GeneralSecurityException {
    String text = decode(clientFinal);
    String withoutProof = text.substring(0, text.indexOf(",p="));
    byte[] proof = Base64.getDecoder().decode(text.substring(text.indexOf(",p=") + 3));
    String message = clientFirstBare + "," + serverFirst + "," + withoutProof;
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA" + hash)
            .generateSecret(
                new PBEKeySpec(
                    password.toCharArray(),
                    Base64.getDecoder().decode(SALT),
                    (int) iterations,
                    hash.equals("1") ? 160 : 256))
            .getEncoded();
    byte[] clientKey = hmac(salted, "Client Key");
    MessageDigest digest = MessageDigest.getInstance(hash.equals("1") ? "SHA-1" : "SHA-256");
    byte[] signature = hmac(digest.digest(clientKey), message);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= signature[i];
    }
    if (!MessageDigest.isEqual(proof, clientKey)) {
      return null;
    }
    String signed = "v=" + encode(hmac(hmac(salted, "Server Key"), message));
    return encode(signed.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA" + hash);
    mac.init(new SecretKeySpec(key, "HmacSHA" + hash));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] data) {
    return Base64.getEncoder().encodeToString(data);
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
