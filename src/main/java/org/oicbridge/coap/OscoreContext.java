package org.oicbridge.coap;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.dtls.cipher.CCMBlockCipher;
import org.oicbridge.config.IdentityConfig;

/**
 * A security context of the server (RFC 8613 section 3), with the algorithms that everybody has:
 * AES-CCM-16-64-128 and HKDF with SHA-256.
 */
final class OscoreContext {
  private static final int ALGORITHM = 10;
  private static final int KEY_LENGTH = 16;
  private static final int NONCE_LENGTH = 13;
  private static final int PARTIAL_IV_LENGTH = 5;
  private static final int TAG_LENGTH = 8;
  private static final int RECENT = 32;

  private final String identity;
  private final byte[] senderId;
  private final byte[] recipientId;
  private final SecretKey senderKey;
  private final SecretKey recipientKey;
  private final byte[] commonIv;
  private final OscoreSequence sequence;
  private final ReplayWindow window = new ReplayWindow();
  private final Map<Long, OscoreRequest> recent =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, OscoreRequest> eldest) {
          return size() > RECENT;
        }
      };
  private boolean synchronised;

  /**
   * Derives the keys.
   *
   * @param identity whom the context belongs to
   * @param sequence whence the numbers of what is sent are
   */
  OscoreContext(String identity, IdentityConfig.Oscore config, OscoreSequence sequence) {
    this.identity = identity;
    this.senderId = config.senderId().bytes();
    this.recipientId = config.recipientId().bytes();
    this.sequence = sequence;
    try {
      byte[] extracted = hmac(salt(config), config.secret().bytes());
      this.senderKey = aes(expand(extracted, info(senderId, "Key", KEY_LENGTH), KEY_LENGTH));
      this.recipientKey = aes(expand(extracted, info(recipientId, "Key", KEY_LENGTH), KEY_LENGTH));
      this.commonIv = expand(extracted, info(new byte[0], "IV", NONCE_LENGTH), NONCE_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC and AES", e);
    }
  }

  private static byte[] salt(IdentityConfig.Oscore config) {
    byte[] salt = config.salt().bytes();
    // RFC 5869 section 2.2; Java takes no empty key.
    return salt.length == 0 ? new byte[32] : salt;
  }

  private static SecretKey aes(byte[] key) {
    return new SecretKeySpec(key, "AES");
  }

  private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }

  /** RFC 5869 section 2.3, where one block is enough. */
  private static byte[] expand(byte[] extracted, byte[] info, int length)
      throws GeneralSecurityException {
    byte[] block = Arrays.copyOf(info, info.length + 1);
    block[info.length] = 1;
    return Arrays.copyOf(hmac(extracted, block), length);
  }

  /** The info array of section 3.2.1, without an ID context. */
  private static byte[] info(byte[] id, String type, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x85);
    bytes(out, id);
    out.write(0xf6);
    out.write(ALGORITHM);
    out.write(0x60 + type.length());
    out.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
    out.write(length);
    return out.toByteArray();
  }

  private static void bytes(ByteArrayOutputStream out, byte[] value) {
    if (value.length < 24) {
      out.write(0x40 + value.length);
    } else {
      out.write(0x58);
      out.write(value.length);
    }
    out.writeBytes(value);
  }

  String identity() {
    return identity;
  }

  byte[] recipientId() {
    return recipientId.clone();
  }

  /**
   * Decrypts a request.
   *
   * @throws GeneralSecurityException when it was not made with the keys of this context
   */
  byte[] open(byte[] partialIv, byte[] ciphertext) throws GeneralSecurityException {
    return CCMBlockCipher.decrypt(
        recipientKey, nonce(recipientId, partialIv), aad(partialIv), ciphertext, TAG_LENGTH);
  }

  /**
   * Encrypts a response.
   *
   * @param requestIv the partial IV of the request
   * @param ownIv a partial IV of its own, or null to use that of the request, which must not be
   *     done twice with different texts
   */
  byte[] seal(byte[] requestIv, byte[] ownIv, byte[] plaintext) {
    byte[] nonce = ownIv == null ? nonce(recipientId, requestIv) : nonce(senderId, ownIv);
    try {
      return CCMBlockCipher.encrypt(senderKey, nonce, aad(requestIv), plaintext, TAG_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES", e);
    }
  }

  /**
   * A partial IV that was never used for anything.
   *
   * @throws java.io.UncheckedIOException when there is none
   */
  byte[] nextPartialIv() {
    return OscoreOption.partialIv(sequence.next());
  }

  /** Section 5.2. */
  private byte[] nonce(byte[] id, byte[] partialIv) {
    byte[] nonce = new byte[NONCE_LENGTH];
    nonce[0] = (byte) id.length;
    System.arraycopy(id, 0, nonce, NONCE_LENGTH - PARTIAL_IV_LENGTH - id.length, id.length);
    System.arraycopy(partialIv, 0, nonce, NONCE_LENGTH - partialIv.length, partialIv.length);
    for (int i = 0; i < NONCE_LENGTH; i++) {
      nonce[i] ^= commonIv[i];
    }
    return nonce;
  }

  /** Section 5.4: the identifier and the partial IV of the request, in both directions. */
  private byte[] aad(byte[] requestIv) {
    ByteArrayOutputStream external = new ByteArrayOutputStream();
    external.writeBytes(new byte[] {(byte) 0x85, 1, (byte) 0x81, ALGORITHM});
    bytes(external, recipientId);
    bytes(external, requestIv);
    bytes(external, new byte[0]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x83);
    out.write(0x68);
    out.writeBytes("Encrypt0".getBytes(StandardCharsets.US_ASCII));
    bytes(out, new byte[0]);
    bytes(out, external.toByteArray());
    return out.toByteArray();
  }

  /** False until a request was certainly not recorded before this process began. */
  boolean synchronised() {
    return synchronised;
  }

  /** This request is fresh, and everything before it counts as seen. */
  void synchronise(long number) {
    synchronised = true;
    window.startAt(number);
  }

  boolean fresh(long number) {
    return window.fresh(number);
  }

  void accept(long number, OscoreRequest request) {
    if (window.fresh(number)) {
      window.accept(number);
    }
    recent.put(number, request);
  }

  /** The request of this number, null when it is forgotten. */
  OscoreRequest recent(long number) {
    return recent.get(number);
  }
}
