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

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.StoreConfig;

/** Files that a registry is moved by, above all wrong ones. */
@Timeout(60)
class ExportFileTest {
  private static final StoreConfig CONFIG = new StoreConfig(null, null, null, null, null);
  private static final String KEY = RegistryKey.random().text();

  private static final int DEVICES = 30;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Path from;
  private Path to;
  private Path file;
  private Registry.Contents contents;

  @BeforeEach
  void export() throws Exception {
    from = directory.resolve("from");
    to = directory.resolve("to");
    file = directory.resolve("export");
    Registry registry = await(Registries.open(vertx, CONFIG, from));
    await(registry.putAccount(account(HOME, 1)));
    // More than a segment of the file has room for.
    await(
        registry.putDevices(
            IntStream.range(0, DEVICES)
                .mapToObj(
                    i ->
                        new StoredDevice(
                            HOME,
                            di(i),
                            null,
                            "x".repeat(50_000),
                            URI.create("coap://192.0.2.7"),
                            "psk:kitchen",
                            null,
                            null,
                            null,
                            List.of(),
                            i))
                .toList()));
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    contents = await(registry.load());
    // While the registry is open.
    new Maintenance(CONFIG, from).exportTo(file, KEY);
    await(registry.close());
    assertThat(file).isRegularFile();
    assertThat(Files.size(file)).isGreaterThan(1 << 20);
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private Registry.Contents contentsOf(Path dataDir) throws Exception {
    Registry registry = await(Registries.open(vertx, CONFIG, dataDir));
    Registry.Contents loaded = await(registry.load());
    await(registry.close());
    return loaded;
  }

  private void refused(Path wrong, String key, String message) throws Exception {
    Maintenance registry = new Maintenance(CONFIG, to);
    assertThatThrownBy(() -> registry.importFrom(wrong, key, false))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(message);
    assertThat(contentsOf(to).accounts()).isEmpty();
    assertThat(contentsOf(to).devices()).isEmpty();
    new Maintenance(CONFIG, to).importFrom(file, KEY, true);
  }

  @Test
  void file_bringsEverythingAndShowsNothing() throws Exception {
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
        .doesNotContain("canary")
        .doesNotContain("home@example.com");
    new Maintenance(CONFIG, to).importFrom(file, KEY, false);

    Registry.Contents there = contentsOf(to);
    assertThat(there.accounts()).isEqualTo(contents.accounts());
    assertThat(there.devices()).containsExactlyInAnyOrderElementsOf(contents.devices());
    assertThat(there.owners()).isEqualTo(contents.owners());
    assertThat(Files.readString(to.resolve("registry.key")))
        .as("encrypted with the key of its own store")
        .isNotEqualTo(Files.readString(from.resolve("registry.key")));
  }

  @Test
  void import_refusesAnotherKey() throws Exception {
    refused(file, RegistryKey.random().text(), "encrypted with another key");
  }

  @Test
  void import_refusesATamperedFileAndImportsNothing() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    for (int at : new int[] {0, 50, bytes.length / 2, bytes.length - 1}) {
      byte[] tampered = bytes.clone();
      tampered[at] ^= 1;
      Path wrong = directory.resolve("tampered" + at);
      Files.write(wrong, tampered);
      refused(wrong, KEY, "damaged");
      // Only a new registry shows that nothing was imported.
      to = directory.resolve("to" + at);
    }
  }

  @Test
  void import_refusesAFileThatEndsEarly() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 30, 1 << 20, bytes.length - 1}) {
      Path wrong = directory.resolve("short" + length);
      Files.write(wrong, Arrays.copyOf(bytes, length));
      refused(wrong, KEY, "damaged");
      to = directory.resolve("to" + length);
    }
  }

  @Test
  void import_replacesOnlyWhenTold() throws Exception {
    Registry registry = await(Registries.open(vertx, CONFIG, to));
    await(registry.putDevices(List.of(device(OFFICE, LAMP, 1))));
    assertThatThrownBy(() -> new Maintenance(CONFIG, to).importFrom(file, KEY, true))
        .as("while a gateway runs")
        .hasMessageContaining("in use by another gateway");
    Registry.Contents before = await(registry.load());
    List<byte[]> old = StoreFiles.ciphertexts(to);
    old.remove(0);
    await(registry.close());

    assertThatThrownBy(() -> new Maintenance(CONFIG, to).importFrom(file, KEY, false))
        .hasMessageContaining("--replace");
    assertThat(contentsOf(to)).isEqualTo(before);

    new Maintenance(CONFIG, to).importFrom(file, KEY, true);
    assertThat(contentsOf(to).accounts()).isEqualTo(contents.accounts());
    assertThat(contentsOf(to).devices()).hasSize(DEVICES + 1);
    assertThat(StoreFiles.windowsFound(to, old)).isEmpty();
  }

  @Test
  void export_refusesAFileThatIsThere() throws Exception {
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> new Maintenance(CONFIG, from).exportTo(file, KEY))
        .hasMessageContaining("is there already");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThatThrownBy(() -> new Maintenance(CONFIG, to).exportTo(directory.resolve("other"), KEY))
        .hasMessageContaining("there is no registry");
  }
}
