package org.oicbridge.peers;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes the files in which Prosody keeps its accounts, which it reads at each login: some
 * milliseconds for an account, where {@code prosodyctl register} takes a process for each.
 */
record ProsodyAccounts(ServerFiles files, String domain, ProsodyPeer.Options options) {

  void add(String name, String password) {
    String fields =
        switch (options.passwords()) {
          case SHA_1 -> hashed(password, "SHA-1", "HmacSHA1", 160);
          case SHA_256 -> hashed(password, "SHA-256", "HmacSHA256", 256);
          case PLAIN -> "[\"password\"] = \"" + password + "\";";
        };
    String file = "data/" + escape(domain) + "/accounts/" + escape(name) + ".dat";
    files.write(file, "return { " + fields + " };\n");
  }

  // RFC 5802 section 3: StoredKey = H(HMAC(SaltedPassword, "Client Key")), ServerKey likewise.
  private String hashed(String password, String digest, String hmac, int bits) {
    try {
      String salt = UUID.randomUUID().toString();
      PBEKeySpec spec =
          new PBEKeySpec(
              password.toCharArray(),
              salt.getBytes(StandardCharsets.UTF_8),
              options.iterations(),
              bits);
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2With" + hmac).generateSecret(spec).getEncoded();
      byte[] storedKey = MessageDigest.getInstance(digest).digest(mac(hmac, salted, "Client Key"));
      byte[] serverKey = mac(hmac, salted, "Server Key");
      return "[\"salt\"] = \"%s\"; [\"iteration_count\"] = %d; [\"stored_key\"] = \"%s\"; [\"server_key\"] = \"%s\";"
          .formatted(
              salt,
              options.iterations(),
              HexFormat.of().formatHex(storedKey),
              HexFormat.of().formatHex(serverKey));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] mac(String algorithm, byte[] key, String text)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key, algorithm));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  // util.datamanager's encoding of file names.
  private static String escape(String name) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
      escaped.append(plain ? String.valueOf((char) b) : "%%%02x".formatted(b));
    }
    return escaped.toString();
  }
}
