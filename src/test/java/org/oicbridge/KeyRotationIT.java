package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.peers.PostgresPeer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.store.Registries;
import org.oicbridge.store.StoreFiles;

/** The key of the registry is changed by a process of its own while 110 sessions are up. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KeyRotationIT {
  private static final int ACCOUNTS = 10;
  private static final int DEVICES = 90;
  private static final String TOKEN = "a-token-for-this-test";
  private static final String PASSWORD = "correct horse battery";

  @TempDir Path directory;
  private Path data;
  private ProsodyPeer server;
  private PlainDevice device;
  private GatewayFixture gateway;

  /** Looks at a database past the registry. */
  private interface Database {
    List<byte[]> ciphertexts() throws Exception;

    /** Where something of these bytes is left. */
    List<String> traces(List<byte[]> old) throws Exception;
  }

  @BeforeEach
  void start() {
    data = directory.resolve("data");
    server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
    server.addUsers(IntStream.rangeClosed(0, ACCOUNTS).mapToObj(i -> "u" + i).toList(), PASSWORD);
    device = PlainDevice.start(new SessionFleet.NameResource("d"));
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    device.close();
    server.close();
  }

  @Test
  void rotation_leavesTheSessionsUpAndNothingOfTheOldKeyInSqlite() throws Exception {
    rotate(
        "",
        new Database() {
          @Override
          public List<byte[]> ciphertexts() throws Exception {
            return StoreFiles.ciphertexts(data);
          }

          @Override
          public List<String> traces(List<byte[]> old) throws Exception {
            return StoreFiles.windowsFound(data, old);
          }
        });
  }

  @Test
  void rotation_leavesTheSessionsUpAndNothingOfTheOldKeyInPostgres() throws Exception {
    try (PostgresPeer postgres = PostgresPeer.start()) {
      rotate(
          postgres.store(),
          new Database() {
            @Override
            public List<byte[]> ciphertexts() {
              List<byte[]> all = new ArrayList<>();
              for (String column : StoreFiles.ENCRYPTED) {
                postgres
                    .ask(PostgresPeer.DATABASE, "SELECT " + column)
                    .lines()
                    .filter(line -> line.startsWith("\\x"))
                    .forEach(line -> all.add(HexFormat.of().parseHex(line.substring(2))));
              }
              return all;
            }

            @Override
            public List<String> traces(List<byte[]> old) throws IOException {
              postgres.ask("postgres", "CHECKPOINT");
              try (Stream<Path> files = Files.walk(postgres.tables())) {
                return StoreFiles.windowsIn(files.filter(Files::isRegularFile).toList(), old);
              }
            }
          });
      gateway.close();
      gateway = null;
    }
  }

  private void rotate(String store, Database database) throws Exception {
    String yaml =
        "http: {port: 0, token: %s}%nxmpp: {trust: \"%s\"}%n".formatted(TOKEN, server.caFile())
            + store;
    gateway = GatewayFixture.start(data, yaml);
    IntStream.range(0, ACCOUNTS).forEach(this::putAccount);
    IntStream.range(0, DEVICES).forEach(this::putDevice);
    awaitAll(ACCOUNTS);
    List<SessionEvent> ended = gateway.ended();
    List<byte[]> old = database.ciphertexts();
    assertThat(old).as("the check, 10 passwords and 10 keys").hasSizeGreaterThanOrEqualTo(21);
    assertThat(database.traces(old)).as("they are there before").isNotEmpty();
    Path keyFile = data.resolve("registry.key");
    String oldKey = Files.readString(keyFile);

    String told = rotateKey(yaml);

    assertThat(told).contains("the registry is encrypted with key").doesNotContain(oldKey.strip());
    assertThat(Files.readString(keyFile)).hasLineCount(1).isNotEqualTo(oldKey);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");
    assertThat(database.traces(old)).isEmpty();
    assertDevicesAnswer();

    putAccount(ACCOUNTS);
    gateway.awaitAccounts(account(ACCOUNTS));
    assertThat(database.traces(old)).isEmpty();
    assertDevicesAnswer();
    assertThat(gateway.ended()).isEqualTo(ended);

    gateway.close();
    gateway = null;
    assertOldKeyOpensNothing(oldKey, yaml);
    gateway = GatewayFixture.start(data, yaml);
    awaitAll(ACCOUNTS + 1);
    assertDevicesAnswer();
  }

  private String account(int number) {
    return "u" + number + "@" + server.domain();
  }

  private static String di(int number) {
    return "00000000-0000-4000-8000-%012d".formatted(number);
  }

  /** One that has a key, and answers nobody; its session is up all the same. */
  private static String secured(int account) {
    return "00000000-0000-4000-8001-%012d".formatted(account);
  }

  private void putAccount(int number) {
    JsonObject body =
        new JsonObject()
            .put("address", "127.0.0.1")
            .put("port", server.port())
            .put("credential", base64(PASSWORD));
    put("/api/v1/accounts/" + account(number), body);
    if (number < ACCOUNTS) {
      JsonObject secured =
          new JsonObject()
              .put("account", account(number))
              .put("rt", "oic.d.sensor")
              .put("endpoint", "coaps://127.0.0.1:9")
              .put(
                  "psk",
                  new JsonObject()
                      .put("identity", "sensor-" + number)
                      .put("key", base64("the key of sensor " + number)));
      put("/api/v1/devices/" + secured(number), secured);
    }
  }

  private void putDevice(int number) {
    JsonObject body =
        new JsonObject()
            .put("account", account(number % ACCOUNTS))
            .put("rt", "oic.d.sensor")
            .put("endpoint", device.endpoint() + "/d/" + di(number));
    put("/api/v1/devices/" + di(number), body);
  }

  private void put(String path, JsonObject body) {
    GatewayFixture.Answer answer =
        gateway.call(HttpMethod.PUT, path, body.encode(), "Authorization", "Bearer " + TOKEN);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void awaitAll(int accounts) {
    IntStream.range(0, accounts).forEach(i -> gateway.awaitAccounts(account(i)));
    IntStream.range(0, ACCOUNTS).forEach(i -> gateway.awaitOnline(secured(i)));
    IntStream.range(0, DEVICES).forEach(i -> gateway.awaitOnline(di(i)));
  }

  private void assertDevicesAnswer() {
    List<Future<GatewayFixture.Answer>> answers =
        IntStream.range(0, DEVICES)
            .mapToObj(
                i ->
                    gateway.send(
                        HttpMethod.GET,
                        "/api/v1/devices/" + di(i) + "/resources/name?via=xmpp",
                        null,
                        "Authorization",
                        "Bearer " + TOKEN))
            .toList();
    for (int i = 0; i < DEVICES; i++) {
      assertThat(GatewayFixture.await(answers.get(i)).text()).isEqualTo("\"" + di(i) + "\"");
    }
  }

  /** Changes the key by a process of its own and gives what that printed. */
  private String rotateKey(String yaml) throws Exception {
    Path conf =
        Files.writeString(
            directory.resolve("gateway.yaml"), "data: {dir: \"" + data + "\"}\n" + yaml);
    Path out = directory.resolve("rotate-key.log");
    Process process =
        new ProcessBuilder("bin/oic-bridge", "rotate-key", "--conf", conf.toString())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(out)).isZero();
    return Files.readString(out);
  }

  private void assertOldKeyOpensNothing(String oldKey, String yaml) throws Exception {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.writeString(copy.resolve("registry.key"), oldKey);
    Vertx vertx = Vertx.vertx();
    try {
      assertThatThrownBy(
              () ->
                  GatewayFixture.await(
                      Registries.open(
                          vertx, GatewayConfig.parse(yaml, name -> null).store(), copy)))
          .rootCause()
          .hasMessageContaining("is not the one that the registry is encrypted with");
    } finally {
      GatewayFixture.await(vertx.close());
    }
  }
}
