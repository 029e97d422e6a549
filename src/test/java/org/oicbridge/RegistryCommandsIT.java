package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.StoreConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.peers.OwnDisk;
import org.oicbridge.store.Registries;
import org.oicbridge.store.Registry;
import org.oicbridge.store.StoredAccount;

/** The commands for the registry as processes, while this process has it open. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RegistryCommandsIT {
  private static final Jid HOME = Jid.parse("home@example.com");

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private Path conf;

  /** What a command printed and returned. */
  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void configure() throws IOException {
    conf = Files.writeString(directory.resolve("gateway.yaml"), configuration("data", ""));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private String configuration(String dataDir, String store) {
    return "data: {dir: \"%s\"}\nstore: {%s}\n".formatted(directory.resolve(dataDir), store);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private Ended run(Map<String, String> environment, String... arguments) throws Exception {
    return run(List.of(), environment, arguments);
  }

  private Ended run(List<String> before, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(before);
    command.add("bin/oic-bridge");
    command.addAll(List.of(arguments));
    Path out = directory.resolve("stdout");
    Path err = directory.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static String newKey(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Base64.getEncoder().encodeToString(bytes);
  }

  private Registry open(String dataDir, String key) throws Exception {
    return await(
        Registries.open(
            vertx, new StoreConfig(null, null, null, null, key), directory.resolve(dataDir)));
  }

  private static StoredAccount account(long version) {
    return new StoredAccount(
        HOME,
        false,
        new DeviceId("aaaaaaaa-0000-4000-8000-000000000001"),
        new StoredAccount.Login(HOME, null, 5222, "starttls", "correct horse"),
        null,
        null,
        version);
  }

  @Test
  void rotateKey_changesTheKeyUnderAnOpenRegistry() throws Exception {
    Registry registry = open("data", null);
    await(registry.putAccount(account(1)));
    Path keyFile = directory.resolve("data/registry.key");
    String before = Files.readString(keyFile);

    Ended ended = run(Map.of(), "rotate-key", "--conf", conf.toString());

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(Files.readString(keyFile)).hasLineCount(1).isNotEqualTo(before);
    assertThat(ended.out() + ended.err())
        .doesNotContain(before.strip())
        .doesNotContain(Files.readString(keyFile).strip());
    await(registry.putAccount(account(2)));
    assertThat(await(registry.load()).accounts()).containsExactly(account(2));
    await(registry.close());
  }

  @Test
  void run_tellsInOneLineWhyTheRegistryCanNotBeOpened() throws Exception {
    Files.writeString(directory.resolve("data"), "no directory");

    Ended ended = run(Map.of(), "run", "--conf", conf.toString());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .hasLineCount(1)
        .startsWith("oic-bridge: could not start: data.dir " + directory.resolve("data"));
  }

  @Test
  void run_tellsInOneLineThatTheDiskIsFull() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));

    Ended ended =
        run(OwnDisk.command("size=40k", data), Map.of(), "run", "--conf", conf.toString());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .hasLineCount(1)
        .startsWith("oic-bridge: could not start: the registry can't be opened: " + data)
        .contains("database or disk is full");
  }

  @Test
  void run_tellsInOneLineThatTheDataDirIsReadOnly() throws Exception {
    Path data = Files.createDirectory(directory.resolve("data"));

    Ended ended = run(OwnDisk.command("ro", data), Map.of(), "run", "--conf", conf.toString());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .hasLineCount(1)
        .startsWith("oic-bridge: could not start: data.dir " + data + " can't be used: ")
        .contains("Read-only file system");
  }

  @Test
  void run_tellsInOneLineThatTheDatabaseIsAway() throws Exception {
    String nobody = "postgresql://127.0.0.1:1/registry";
    Files.writeString(conf, configuration("data", "postgres: \"" + nobody + "\", password: p"));

    Ended ended = run(Map.of(), "run", "--conf", conf.toString());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .hasLineCount(1)
        .startsWith("oic-bridge: could not start: the registry can't be opened: " + nobody)
        .contains("refused");
  }

  @Test
  void rotateKey_warnsOfAKeyFileThatOthersCanRead() throws Exception {
    Registry registry = open("data", null);
    await(registry.close());
    Path keyFile = directory.resolve("data/registry.key");
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));

    Ended ended = run(Map.of(), "rotate-key", "--conf", conf.toString());

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.err()).contains(keyFile + " can be read by others than its owner: rw-r--r--");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");
  }

  @Test
  void rotateKey_handsAGivenKeyOver() throws Exception {
    Files.writeString(conf, configuration("data", "key: \"${OLD_KEY}\""));
    Registry registry = open("data", newKey(1));
    await(registry.putAccount(account(1)));
    Map<String, String> keys = Map.of("OLD_KEY", newKey(1), "NEW_KEY", newKey(2));

    Ended ended = run(keys, "rotate-key", "--conf", conf.toString(), "--new-key-env", "NEW_KEY");

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("has taken it over");
    assertThat(ended.out() + ended.err()).doesNotContain(newKey(1)).doesNotContain(newKey(2));
    await(registry.putAccount(account(2)));
    await(registry.close());
    registry = open("data", newKey(2));
    assertThat(await(registry.load()).accounts()).containsExactly(account(2));
    await(registry.close());
  }

  @Test
  void exportAndImport_moveTheRegistry() throws Exception {
    Registry registry = open("data", null);
    await(registry.putAccount(account(1)));
    Path file = directory.resolve("export");
    Path other = Files.writeString(directory.resolve("other.yaml"), configuration("other", ""));
    Map<String, String> key = Map.of("EXPORT_KEY", newKey(3));

    Ended exported =
        run(
            key,
            "export",
            "--conf",
            conf.toString(),
            "--out",
            file.toString(),
            "--key-env",
            "EXPORT_KEY");
    assertThat(exported.status()).as(exported.err()).isZero();
    String[] toOther = {
      "import", "--conf", other.toString(), "--in", file.toString(), "--key-env", "EXPORT_KEY"
    };
    assertThat(run(Map.of("EXPORT_KEY", newKey(4)), toOther))
        .satisfies(wrong -> assertThat(wrong.status()).isEqualTo(1))
        .satisfies(wrong -> assertThat(wrong.err()).contains("nothing was imported"));
    assertThat(run(Map.of(), toOther))
        .satisfies(without -> assertThat(without.status()).isEqualTo(2))
        .satisfies(without -> assertThat(without.err()).contains("EXPORT_KEY is not set"));
    Ended imported = run(key, toOther);
    assertThat(imported.status()).as(imported.err()).isZero();
    await(registry.close());

    Registry moved = open("other", null);
    assertThat(await(moved.load()).accounts()).containsExactly(account(1));
    await(moved.close());
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("correct");
  }
}
