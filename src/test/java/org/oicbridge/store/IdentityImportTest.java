package org.oicbridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.store.RegistryContract.HOME;
import static org.oicbridge.store.RegistryContract.OFFICE;
import static org.oicbridge.store.RegistryContract.await;
import static org.oicbridge.store.RegistryContract.fails;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.StoreConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** The file of the first release becomes part of the registry. */
@Timeout(60)
class IdentityImportTest {
  private static final StoreConfig CONFIG = new StoreConfig(null, null, null, null, null);
  private static final String ID = "CCCCCCCC-0000-4000-8000-000000000001";

  @TempDir Path dataDir;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void file_isTakenOverOnce() throws Exception {
    Path file = dataDir.resolve("identities.json");
    Files.writeString(file, "{\"home@example.com\": \"" + ID + "\"}");

    Registry registry = await(Registries.open(vertx, CONFIG, dataDir));
    Map<Jid, DeviceId> ids = await(registry.gatewayIds(List.of(HOME, OFFICE)));
    assertThat(ids.get(HOME).text()).isEqualTo(ID);
    assertThat(ids.get(OFFICE).text()).isNotEqualTo(ID);
    await(registry.close());
    assertThat(file).doesNotExist();
    assertThat(dataDir.resolve("identities.json.imported")).content().contains(ID);

    registry = await(Registries.open(vertx, CONFIG, dataDir));
    assertThat(await(registry.gatewayIds(List.of(HOME, OFFICE)))).isEqualTo(ids);
    await(registry.close());
  }

  @Test
  void file_thatIsDamagedStopsTheStartAndIsLeftAlone() throws Exception {
    Path file = dataDir.resolve("identities.json");
    for (String damage :
        List.of(
            "{\"home@example.com\": ",
            "{\"home@example.com\": \"not a uuid!\"}",
            "{\"home@example.com\": null}",
            "null",
            "{\"@\": \"" + ID + "\"}",
            "{\"office@example.com\": \"" + ID + "\", \"home@example.com\": \"?\"}")) {
      Files.writeString(file, damage);

      fails(
          Registries.open(vertx, CONFIG, dataDir),
          file + " is damaged; restore it, or remove it to bind with new identifiers");
      assertThat(file).hasContent(damage);
    }
    Files.delete(file);
    Registry registry = await(Registries.open(vertx, CONFIG, dataDir));
    assertThat(await(registry.gatewayIds(List.of(OFFICE))).get(OFFICE).text()).isNotEqualTo(ID);
    await(registry.close());
  }
}
