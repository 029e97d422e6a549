package org.oicbridge.store;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A key of AES-256-GCM. Its text is 32 bytes in base64; its id tells it from others. */
final class RegistryKey {
  static final int BYTES = 32;
  private static final byte[] ID_OF = "oic-bridge registry key ".getBytes(StandardCharsets.UTF_8);

  private final byte[] bytes;
  private final String id;
  private final Aead aead;

  RegistryKey(byte[] bytes) {
    this.bytes = bytes.clone();
    this.id = id(bytes);
    this.aead = aead(bytes);
  }

  static RegistryKey random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new RegistryKey(bytes);
  }

  /**
   * Reads the text of a key.
   *
   * @param where names it in the message, which doesn't show it
   */
  static RegistryKey parse(String text, String where) throws StoreException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      throw new StoreException(where + " is not base64, expected " + BYTES + " bytes in base64");
    }
    if (bytes.length != BYTES) {
      throw new StoreException(
          where + " has " + bytes.length + " bytes, expected " + BYTES + " bytes in base64");
    }
    return new RegistryKey(bytes);
  }

  String id() {
    return id;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  String text() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * Encrypts.
   *
   * @param place what the bytes belong to; they can't be decrypted for another one
   */
  byte[] encrypt(byte[] plain, String place) throws StoreException {
    try {
      return aead.encrypt(plain, place.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new StoreException("encrypting failed", e);
    }
  }

  byte[] decrypt(byte[] encrypted, String place) throws StoreException {
    try {
      return aead.decrypt(encrypted, place.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      String readable = place.replace('\0', ' ');
      throw new StoreException("what is kept as " + readable + " is damaged or misplaced", e);
    }
  }

  private static String id(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ID_OF);
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(bytes), 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @AccessesPartialKey
  private static Aead aead(byte[] bytes) {
    try {
      AeadConfig.register();
      AesGcmParameters parameters =
          AesGcmParameters.builder()
              .setKeySizeBytes(BYTES)
              .setIvSizeBytes(12)
              .setTagSizeBytes(16)
              .setVariant(AesGcmParameters.Variant.NO_PREFIX)
              .build();
      AesGcmKey key =
          AesGcmKey.builder()
              .setParameters(parameters)
              .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
              .build();
      return KeysetHandle.newBuilder()
          .addEntry(KeysetHandle.importKey(key).withFixedId(1).makePrimary())
          .build()
          .getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "key " + id;
  }
}
