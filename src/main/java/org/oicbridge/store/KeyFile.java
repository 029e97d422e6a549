package org.oicbridge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file with a key on a line, or two while the key is changed. It is replaced as a whole. */
final class KeyFile implements KeySource {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);

  private final Path file;

  KeyFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public boolean missing() {
    return !Files.exists(file);
  }

  @Override
  public RegistryKey first() throws StoreException {
    if (missing()) {
      write(List.of(RegistryKey.random()));
    }
    return read().get(0);
  }

  @Override
  public Optional<RegistryKey> find(String id, byte[] handover) throws StoreException {
    return read().stream().filter(key -> key.id().equals(id)).findFirst();
  }

  /** The keys in it, at least one. */
  List<RegistryKey> read() throws StoreException {
    List<RegistryKey> keys = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank()) {
          keys.add(RegistryKey.parse(line, "the key in " + file));
        }
      }
    } catch (IOException e) {
      throw new StoreException("the key file " + file + " can't be read: " + e, e);
    }
    if (keys.isEmpty()) {
      throw new StoreException("the key file " + file + " is empty");
    }
    return keys;
  }

  /** Tells the operator; a file that was put there by other means may have to be so. */
  void warnWhenOthersCanRead() {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.GROUP_READ)
          || permissions.contains(PosixFilePermission.OTHERS_READ)) {
        LOG.warn(
            "the key file {} can be read by others than its owner: {}, expected rw-------",
            file,
            PosixFilePermissions.toString(permissions));
      }
    } catch (IOException e) {
      LOG.warn("the permissions of the key file {} can't be read: {}", file, e.toString());
    }
  }

  /** Replaces it; the new content is on disk when this returns. */
  void write(List<RegistryKey> keys) throws StoreException {
    String text = keys.stream().map(key -> key.text() + "\n").collect(Collectors.joining());
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(next);
      try (FileChannel channel =
          FileChannel.open(
              next,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      // Only then does the name stand for the new content after a loss of power.
      try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new StoreException("the key file " + file + " can't be written: " + e, e);
    }
  }
}
