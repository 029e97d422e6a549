package org.oicbridge.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the file in which the first release kept what its sessions bind with, once: it has
 * another name afterwards. OIC Remote Access section 7.1.1 wants that UUID maintained over the
 * lifecycle of the client.
 */
final class IdentityImport {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityImport.class);
  private static final String NAME = "identities.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  IdentityImport(Path dataDir) {
    this.file = dataDir.resolve(NAME);
  }

  /** Takes the identifiers over, all or none; identifiers that are there already win. */
  void into(RegistryStore store) throws StoreException {
    if (!Files.exists(file)) {
      return;
    }
    Map<Jid, DeviceId> ids = read();
    store
        .transactions()
        .run(
            connection -> {
              IdentityRows identities = new IdentityRows(connection);
              for (Map.Entry<Jid, DeviceId> id : ids.entrySet()) {
                identities.getOrPut(
                    IdentityRows.ACCOUNT, AccountRows.text(id.getKey()), id.getValue().text());
              }
              return ids.size();
            });
    Path imported = file.resolveSibling(NAME + ".imported");
    try {
      Files.move(file, imported, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StoreException(file + " can't be renamed to " + imported + ": " + e, e);
    }
    LOG.info("took the identifiers of {} accounts over from {}", ids.size(), file);
  }

  private Map<Jid, DeviceId> read() throws StoreException {
    try {
      Map<Jid, DeviceId> ids = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
      Map<String, String> texts =
          JSON.readValue(file.toFile(), new TypeReference<TreeMap<String, String>>() {});
      texts.forEach((jid, id) -> ids.put(Jid.parse(jid), new DeviceId(id)));
      return ids;
    } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
      // New identifiers in the place of damaged ones would make every peer see a new device.
      throw new StoreException(
          file + " is damaged; restore it, or remove it to bind with new identifiers", e);
    } catch (IOException e) {
      throw new StoreException(file + " can't be read: " + e, e);
    }
  }
}
