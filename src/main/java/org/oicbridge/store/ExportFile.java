package org.oicbridge.store;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingKey;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig;
import com.google.crypto.tink.util.SecretBytes;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Set;

/** The whole registry as one encrypted file: AES-256-GCM in segments of 1 MiB. */
final class ExportFile {
  private static final byte[] PURPOSE =
      "oic-bridge registry export".getBytes(StandardCharsets.UTF_8);

  private final Path file;
  private final StreamingAead cipher;

  ExportFile(Path file, RegistryKey key) {
    this.file = file;
    this.cipher = cipher(key);
  }

  /** Writes all rows into a new file, which is not there when that fails. */
  int write(RegistryRows rows) throws SQLException, StoreException {
    try (FileChannel channel = create()) {
      boolean whole = false;
      try {
        int count = write(rows, channel);
        whole = true;
        return count;
      } finally {
        if (!whole) {
          Files.deleteIfExists(file);
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new StoreException(file + " can't be written: " + e, e);
    }
  }

  private FileChannel create() throws IOException, StoreException {
    try {
      return FileChannel.open(
          file,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new StoreException(file + " is there already, expected the name of a new file", e);
    }
  }

  private int write(RegistryRows rows, FileChannel channel)
      throws GeneralSecurityException, IOException, SQLException, StoreException {
    // Ended by hand: closing it writes the last segment, and closes the channel.
    var encrypted = cipher.newEncryptingStream(Channels.newOutputStream(channel), PURPOSE);
    Writer out = new BufferedWriter(new OutputStreamWriter(encrypted, StandardCharsets.UTF_8));
    int count = rows.writeTo(out);
    out.close();
    try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    return count;
  }

  /** Inserts all rows of the file; the transaction must be rolled back when that fails. */
  int read(RegistryRows rows) throws SQLException, StoreException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(rows, channel);
    } catch (IOException e) {
      throw new StoreException(file + " can't be read: " + e, e);
    }
  }

  private int read(RegistryRows rows, FileChannel channel) throws SQLException, StoreException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                cipher.newDecryptingStream(Channels.newInputStream(channel), PURPOSE),
                StandardCharsets.UTF_8))) {
      return rows.readFrom(in);
    } catch (GeneralSecurityException | IOException e) {
      throw new StoreException(
          file + " is damaged, or was encrypted with another key; nothing was imported", e);
    }
  }

  @AccessesPartialKey
  private static StreamingAead cipher(RegistryKey key) {
    try {
      StreamingAeadConfig.register();
      return KeysetHandle.newBuilder()
          .addEntry(
              KeysetHandle.importKey(
                      AesGcmHkdfStreamingKey.create(
                          PredefinedStreamingAeadParameters.AES256_GCM_HKDF_1MB,
                          SecretBytes.copyFrom(key.bytes(), InsecureSecretKeyAccess.get())))
                  .withFixedId(1)
                  .makePrimary())
          .build()
          .getPrimitive(RegistryConfiguration.get(), StreamingAead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
