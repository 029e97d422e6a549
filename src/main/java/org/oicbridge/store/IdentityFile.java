package org.oicbridge.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * The UUIDs that the gateway's own sessions bind with, one for each account. OIC Remote Access
 * section 7.1.1 wants a UUID maintained over the lifecycle of the client, so they are in a file
 * that is replaced as a whole: after a crash it is the old one or the new one.
 */
public final class IdentityFile {
  private static final String NAME = "identities.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path file;

  /**
   * Names the file; nothing is read yet.
   *
   * @param directory where it lies; made when missing
   */
  public IdentityFile(Path directory) {
    this.file = directory.resolve(NAME);
  }

  /**
   * The identifiers of these accounts. Those that have none get one, which is on disk before this
   * returns. Blocks.
   *
   * @throws IOException when the file can't be read or written, or is damaged
   */
  public Map<Jid, DeviceId> of(Collection<Jid> accounts) throws IOException {
    Map<String, String> stored = read();
    Map<Jid, DeviceId> ids = new LinkedHashMap<>();
    boolean changed = false;
    for (Jid account : accounts) {
      String id = stored.get(account.toString());
      if (id == null) {
        id = UUID.randomUUID().toString();
        stored.put(account.toString(), id);
        changed = true;
      }
      ids.put(account, deviceId(id));
    }
    if (changed) {
      write(stored);
    }
    return ids;
  }

  private DeviceId deviceId(String id) throws IOException {
    try {
      return new DeviceId(id);
    } catch (IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  private Map<String, String> read() throws IOException {
    if (!Files.exists(file)) {
      return new TreeMap<>();
    }
    try {
      return JSON.readValue(file.toFile(), new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw damaged(e);
    }
  }

  // New identifiers in the place of damaged ones would make every peer see a new device.
  private IOException damaged(Exception cause) {
    return new IOException(
        file + " is damaged; restore it, or remove it to bind with new identifiers", cause);
  }

  private void write(Map<String, String> ids) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path next = file.resolveSibling(NAME + ".new");
    byte[] bytes = (JSON.writeValueAsString(ids) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
