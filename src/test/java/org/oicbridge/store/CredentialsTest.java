package org.oicbridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.store.RegistryContract.HOME;
import static org.oicbridge.store.RegistryContract.LAMP;
import static org.oicbridge.store.RegistryContract.OFFICE;
import static org.oicbridge.store.RegistryContract.PASSWORD;
import static org.oicbridge.store.RegistryContract.account;
import static org.oicbridge.store.RegistryContract.await;
import static org.oicbridge.store.RegistryContract.device;
import static org.oicbridge.store.RegistryContract.fails;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.StoreConfig;

/** What of the credentials is on disk, and what a key opens. */
@Timeout(60)
class CredentialsTest {
  private static final StoreConfig CONFIG = new StoreConfig(null, null, null, null, null);

  @TempDir Path dataDir;
  private final Vertx vertx = Vertx.vertx();
  private Registry registry;

  @BeforeEach
  void open() throws Exception {
    registry = await(Registries.open(vertx, CONFIG, dataDir));
    await(registry.putAccount(account(HOME, 1)));
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
  }

  @AfterEach
  void close() throws Exception {
    await(registry.close());
    await(vertx.close());
  }

  @Test
  void credentials_areNowhereInTheFiles() throws Exception {
    byte[] password = PASSWORD.getBytes(StandardCharsets.UTF_8);
    byte[] key = "canary-device-key".getBytes(StandardCharsets.UTF_8);

    assertThat(Files.readString(dataDir.resolve("registry.db-wal"), StandardCharsets.ISO_8859_1))
        .as("what is not secret is there")
        .contains("kitchen-lamp");
    assertThat(StoreFiles.windowsFound(dataDir, List.of(password, key))).isEmpty();
    await(registry.close());
    assertThat(StoreFiles.windowsFound(dataDir, List.of(password, key))).isEmpty();
  }

  @Test
  void credentials_canNotBeSwappedBetweenRowsOrColumns() throws Exception {
    await(registry.putAccount(account(OFFICE, 2)));
    StoreFiles.change(
        dataDir,
        "UPDATE accounts SET active_password = (SELECT active_password FROM accounts WHERE jid ="
            + " 'home@example.com') WHERE jid = 'office@example.com'");
    fails(registry.load(), "accounts office@example.com active_password is damaged or misplaced");

    await(registry.putAccount(account(OFFICE, 2)));
    await(registry.load());
    StoreFiles.change(dataDir, "UPDATE accounts SET pending_password = active_password");
    fails(registry.load(), "pending_password is damaged or misplaced");
  }

  @Test
  void files_areForTheirOwnerOnly() throws Exception {
    for (String name : List.of("registry.db", "registry.db-wal", "registry.key")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.resolve(name))))
          .as(name)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void open_refusesAMissingKeyWhileThereAreCredentials() throws Exception {
    await(registry.close());
    Path key = dataDir.resolve("registry.key");
    Files.move(key, dataDir.resolve("away"));

    fails(Registries.open(vertx, CONFIG, dataDir), "registry.key is missing");
    assertThat(key).doesNotExist();

    Files.move(dataDir.resolve("away"), key);
    registry = await(Registries.open(vertx, CONFIG, dataDir));
    assertThat(await(registry.load()).accounts()).containsExactly(account(HOME, 1));
  }

  @Test
  void open_makesAKeyWhileThereAreNoCredentials() throws Exception {
    await(registry.deleteAccount(HOME));
    await(registry.close());
    Files.delete(dataDir.resolve("registry.key"));

    registry = await(Registries.open(vertx, CONFIG, dataDir));
    await(registry.putAccount(account(HOME, 1)));
    assertThat(await(registry.load()).accounts()).containsExactly(account(HOME, 1));
  }

  @Test
  void open_refusesAWrongKeyAndChangesNothing() throws Exception {
    await(registry.close());
    Path database = dataDir.resolve("registry.db");
    byte[] before = Files.readAllBytes(database);
    RegistryKey wrong = RegistryKey.random();
    StoreConfig config = new StoreConfig(null, null, null, null, wrong.text());

    fails(Registries.open(vertx, config, dataDir), "store.key is not the one");
    fails(
        Registries.open(vertx, new StoreConfig(null, null, null, null, "zzz"), dataDir),
        "store.key");
    Path unreadable = dataDir.resolve("wrong.key");
    Files.writeString(unreadable, "not a key\n");
    fails(
        Registries.open(vertx, new StoreConfig(null, null, null, unreadable, null), dataDir),
        "wrong.key is not base64");

    assertThat(Files.readAllBytes(database)).isEqualTo(before);
    registry = await(Registries.open(vertx, CONFIG, dataDir));
    assertThat(await(registry.load()).accounts()).containsExactly(account(HOME, 1));
  }

  @Test
  void open_refusesTablesOfANewerRelease() throws Exception {
    await(registry.close());
    StoreFiles.change(
        dataDir,
        "INSERT INTO registry_migrations SELECT 2, '2', description, type, 'V2__later.sql',"
            + " checksum, installed_by, installed_on, execution_time, success FROM"
            + " registry_migrations WHERE version = '1'");

    fails(Registries.open(vertx, CONFIG, dataDir), "the registry can't be opened");

    StoreFiles.change(dataDir, "DELETE FROM registry_migrations WHERE version = '2'");
    registry = await(Registries.open(vertx, CONFIG, dataDir));
  }
}
