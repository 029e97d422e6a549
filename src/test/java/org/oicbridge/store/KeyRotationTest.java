package org.oicbridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.store.RegistryContract.HOME;
import static org.oicbridge.store.RegistryContract.LAMP;
import static org.oicbridge.store.RegistryContract.OFFICE;
import static org.oicbridge.store.RegistryContract.account;
import static org.oicbridge.store.RegistryContract.await;
import static org.oicbridge.store.RegistryContract.device;
import static org.oicbridge.store.RegistryContract.di;
import static org.oicbridge.store.RegistryContract.fails;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.StoreConfig;

/** Rotation of the key, above all while a gateway has the registry open. */
@Timeout(60)
class KeyRotationTest {
  private static final StoreConfig IN_FILE = new StoreConfig(null, null, null, null, null);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path dataDir;
  private final Vertx vertx = Vertx.vertx();
  private Registry registry;
  private Path keyFile;

  @BeforeEach
  void open() {
    keyFile = dataDir.resolve("registry.key");
  }

  @AfterEach
  void close() throws Exception {
    if (registry != null) {
      await(registry.close());
    }
    await(vertx.close());
  }

  private void open(StoreConfig config) throws Exception {
    registry = await(Registries.open(vertx, config, dataDir));
  }

  private void fill() throws Exception {
    await(registry.putAccount(account(HOME, 1)));
    await(
        registry.putDevices(
            IntStream.range(0, 300).mapToObj(i -> device(HOME, di(i), 1)).toList()));
    // Traces of an earlier content must go as well.
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    await(registry.deleteDevices(List.of(new StoredDevice.Key(HOME, LAMP))));
  }

  private static StoreConfig given(RegistryKey key) {
    return new StoreConfig(null, null, null, null, key.text());
  }

  @Test
  void inFile_leavesNothingOfTheOldAndTheOpenRegistryGoesOn() throws Exception {
    open(IN_FILE);
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    List<byte[]> old = new ArrayList<>(StoreFiles.ciphertexts(dataDir));
    await(registry.deleteDevices(List.of(new StoredDevice.Key(HOME, LAMP))));
    fill();
    old.addAll(StoreFiles.ciphertexts(dataDir));
    assertThat(old).hasSizeGreaterThan(300);
    assertThat(StoreFiles.windowsFound(dataDir, old)).as("they are there before").isNotEmpty();
    String oldKey = Files.readString(keyFile);
    Registry.Contents before = await(registry.load());

    String told = new Maintenance(IN_FILE, dataDir).rotateKey(null);

    assertThat(StoreFiles.windowsFound(dataDir, old)).isEmpty();
    assertThat(Files.readString(keyFile)).hasLineCount(1).isNotEqualTo(oldKey);
    assertThat(told).doesNotContain(Files.readString(keyFile).strip());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");

    assertThat(await(registry.load())).isEqualTo(before);
    await(registry.putDevices(List.of(device(OFFICE, LAMP, 2))));
    assertThat(await(registry.load()).devices()).contains(device(OFFICE, LAMP, 2));
    assertThat(StoreFiles.windowsFound(dataDir, old)).isEmpty();

    await(registry.close());
    String newKey = Files.readString(keyFile);
    Files.writeString(keyFile, oldKey);
    byte[] database = Files.readAllBytes(dataDir.resolve("registry.db"));
    fails(Registries.open(vertx, IN_FILE, dataDir), "is not the one that the registry");
    assertThat(Files.readAllBytes(dataDir.resolve("registry.db"))).isEqualTo(database);
    Files.writeString(keyFile, newKey);
    open(IN_FILE);
    assertThat(await(registry.load()).devices()).contains(device(OFFICE, LAMP, 2));
  }

  @Test
  void inFile_writesOfTheOpenRegistryThatComeInBetweenAreKept() throws Exception {
    open(IN_FILE);
    fill();
    Thread rotations =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 5; i++) {
                  new Maintenance(IN_FILE, dataDir).rotateKey(null);
                }
              } catch (StoreException e) {
                throw new IllegalStateException(e);
              }
            });
    rotations.start();
    int written = 0;
    while (rotations.isAlive() || written < 10) {
      await(registry.putDevices(List.of(device(OFFICE, di(written++), 1))));
    }
    rotations.join();

    Registry.Contents contents = await(registry.load());
    assertThat(contents.devices())
        .containsAll(IntStream.range(0, written).mapToObj(i -> device(OFFICE, di(i), 1)).toList());
    assertThat(contents.accounts()).containsExactly(account(HOME, 1));
  }

  @Test
  void inFile_goesOnWhereItWasInterruptedBeforeTheRows() throws Exception {
    open(IN_FILE);
    fill();
    RegistryKey old = new KeyFile(keyFile).read().get(0);
    RegistryKey next = RegistryKey.random();
    new KeyFile(keyFile).write(List.of(old, next));
    await(registry.putAccount(account(OFFICE, 2)));

    new Maintenance(IN_FILE, dataDir).rotateKey(null);

    assertThat(Files.readString(keyFile).strip()).isEqualTo(next.text());
    assertThat(await(registry.load()).accounts()).contains(account(HOME, 1), account(OFFICE, 2));
  }

  @Test
  void inFile_goesOnWhereItWasInterruptedAfterTheRows() throws Exception {
    open(IN_FILE);
    fill();
    RegistryKey old = new KeyFile(keyFile).read().get(0);
    new Maintenance(IN_FILE, dataDir).rotateKey(null);
    RegistryKey next = new KeyFile(keyFile).read().get(0);
    new KeyFile(keyFile).write(List.of(old, next));

    new Maintenance(IN_FILE, dataDir).rotateKey(null);

    assertThat(Files.readString(keyFile).strip()).isEqualTo(next.text());
    assertThat(await(registry.load()).accounts()).containsExactly(account(HOME, 1));
  }

  @Test
  void given_isTakenOverByTheOpenRegistry() throws Exception {
    RegistryKey first = RegistryKey.random();
    RegistryKey second = RegistryKey.random();
    RegistryKey third = RegistryKey.random();
    open(given(first));
    fill();
    List<byte[]> old = StoreFiles.ciphertexts(dataDir);
    Registry.Contents before = await(registry.load());

    String told = new Maintenance(given(first), dataDir).rotateKey(second.text(), LONG);

    assertThat(told).contains("has taken it over").doesNotContain(second.text());
    assertThat(StoreFiles.windowsFound(dataDir, old)).isEmpty();
    StoreFiles.ask(
        dataDir, "SELECT handover FROM registry", row -> assertThat(row.getBytes(1)).isNull());
    await(registry.putAccount(account(OFFICE, 2)));
    assertThat(await(registry.load()).devices())
        .containsExactlyInAnyOrderElementsOf(before.devices());
    assertThat(new Maintenance(given(second), dataDir).rotateKey(third.text(), LONG))
        .contains("has taken it over");
    assertThat(await(registry.load()).accounts()).contains(account(OFFICE, 2));

    await(registry.close());
    fails(Registries.open(vertx, given(first), dataDir), "store.key is not the one");
    fails(Registries.open(vertx, given(second), dataDir), "store.key is not the one");
    open(given(third));
    assertThat(await(registry.load()).accounts()).contains(account(OFFICE, 2));
  }

  @Test
  void given_withoutAGatewayIsNotHandedOver() throws Exception {
    RegistryKey first = RegistryKey.random();
    RegistryKey second = RegistryKey.random();
    open(given(first));
    fill();
    await(registry.close());

    new Maintenance(given(first), dataDir).rotateKey(second.text(), LONG);
    // Done again, as after an interruption.
    new Maintenance(given(first), dataDir).rotateKey(second.text(), LONG);

    open(given(second));
    assertThat(await(registry.load()).accounts()).containsExactly(account(HOME, 1));
  }

  @Test
  void given_isErasedWhenNobodyTakesIt() throws Exception {
    RegistryKey first = RegistryKey.random();
    RegistryKey second = RegistryKey.random();
    open(given(first));
    fill();
    await(registry.close());
    String told;
    // Somebody is there who never looks.
    try (DirLock lock = DirLock.ofGateway(dataDir)) {
      told = new Maintenance(given(first), dataDir).rotateKey(second.text(), Duration.ZERO);
    }

    assertThat(told).contains("no gateway took it over");
    fails(Registries.open(vertx, given(first), dataDir), "store.key is not the one");
    open(given(second));
  }

  @Test
  void rotate_refusesWhatDoesNotFit() throws Exception {
    RegistryKey first = RegistryKey.random();
    assertThatThrownBy(() -> new Maintenance(IN_FILE, dataDir).rotateKey(null))
        .hasMessageContaining("no registry");
    open(given(first));
    fill();
    Maintenance registryOfGiven = new Maintenance(given(first), dataDir);

    assertThatThrownBy(() -> registryOfGiven.rotateKey(null)).hasMessageContaining("must be given");
    assertThatThrownBy(() -> registryOfGiven.rotateKey("c2hvcnQ="))
        .hasMessageContaining("5 bytes, expected 32");
    assertThatThrownBy(() -> registryOfGiven.rotateKey("no base64!"))
        .hasMessageContaining("not base64")
        .hasMessageNotContaining("no base64!");
    assertThatThrownBy(() -> registryOfGiven.rotateKey(first.text()))
        .hasMessageContaining("expected another one");
    assertThatThrownBy(
            () ->
                new Maintenance(given(RegistryKey.random()), dataDir)
                    .rotateKey(RegistryKey.random().text()))
        .hasMessageContaining("is not the one");
    assertThat(await(registry.load()).accounts()).containsExactly(account(HOME, 1));
  }
}
