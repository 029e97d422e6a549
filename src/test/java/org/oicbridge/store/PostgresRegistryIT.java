package org.oicbridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.config.StoreConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.peers.PostgresPeer;

/** The registry in a real PostgreSQL. */
@Timeout(120)
class PostgresRegistryIT extends RegistryContract {
  private static PostgresPeer server;
  private URI database;

  @BeforeAll
  static void start() {
    server = PostgresPeer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  @Override
  void open() throws Exception {
    database = server.emptyDatabase();
    super.open();
  }

  @Override
  StoreConfig config() {
    return new StoreConfig(database, PostgresPeer.USER, PostgresPeer.PASSWORD, null, null);
  }

  @Test
  void write_succeedsAfterTheServerWasRestarted() throws Exception {
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    server.restart();

    await(registry.putDevices(List.of(bare(HOME, di(1)))));

    assertThat(await(registry.load()).devices())
        .containsExactlyInAnyOrder(device(HOME, LAMP, 1), bare(HOME, di(1)));
  }

  @Test
  void write_succeedsAfterTheServerCrashed() throws Exception {
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    server.kill();
    server.startAgain();

    assertThat(await(registry.load()).devices()).containsExactly(device(HOME, LAMP, 1));
    await(registry.putAccount(account(HOME, 1)));
    assertThat(await(registry.load()).accounts()).containsExactly(account(HOME, 1));
  }

  @Test
  void write_failsClearlyWhileTheServerIsAwayAndLaterOnesSucceed() throws Exception {
    server.stop();
    Future<Void> lost = registry.putDevices(List.of(device(HOME, LAMP, 1)));
    fails(lost, "the database failed");

    server.startAgain();
    await(registry.putDevices(List.of(bare(HOME, di(1)))));
    assertThat(await(registry.load()).devices()).containsExactly(bare(HOME, di(1)));
  }

  @Test
  void write_succeedsAfterItsSessionWasEnded() throws Exception {
    server.ask(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + PostgresPeer.DATABASE
            + "'");

    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));

    assertThat(await(registry.load()).devices()).containsExactly(device(HOME, LAMP, 1));
  }

  @Test
  void write_whoseCommitIsNotAnsweredIsInDoubt() throws Exception {
    server.ask(
        PostgresPeer.DATABASE,
        """
        CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS
          $$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END$$;
        CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON devices DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION leave();
        """);
    Future<Void> lost = registry.putDevices(List.of(device(HOME, LAMP, 1)));
    fails(lost, "whether it was kept is not known");
    assertThat(((StoreException) lost.cause()).isInDoubt()).isTrue();

    server.ask(PostgresPeer.DATABASE, "DROP TRIGGER leave ON devices");
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    assertThat(await(registry.load()).devices()).containsExactly(device(HOME, LAMP, 1));
  }

  @Test
  void registry_movesFromSqliteAndBack() throws Exception {
    StoreConfig sqlite = new StoreConfig(null, null, null, null, null);
    Path first = dataDir.resolve("first");
    Registry origin = await(Registries.open(vertx, sqlite, first));
    Map<Jid, DeviceId> ids = await(origin.gatewayIds(List.of(HOME, OFFICE)));
    await(origin.putAccount(account(HOME, 1)));
    await(origin.putAccount(new StoredAccount(null, true, di(5), null, null, null, 1L << 40)));
    await(origin.putDevices(List.of(device(HOME, LAMP, 1), bare(OFFICE, di(1)))));
    Registry.Contents contents = await(origin.load());
    await(origin.close());
    await(registry.close());
    String key = RegistryKey.random().text();

    new Maintenance(sqlite, first).exportTo(dataDir.resolve("one"), key);
    new Maintenance(config(), dataDir).importFrom(dataDir.resolve("one"), key, true);
    registry = await(Registries.open(vertx, config(), dataDir));
    assertSame(registry, origin, contents);
    new Maintenance(config(), dataDir).exportTo(dataDir.resolve("two"), key);
    Path second = dataDir.resolve("second");
    new Maintenance(sqlite, second).importFrom(dataDir.resolve("two"), key, false);

    Registry back = await(Registries.open(vertx, sqlite, second));
    assertSame(back, origin, contents);
    assertThat(await(back.gatewayIds(List.of(OFFICE))).get(OFFICE)).isEqualTo(ids.get(OFFICE));
    await(back.close());
  }

  private static void assertSame(Registry there, Registry origin, Registry.Contents contents)
      throws Exception {
    assertThat(there.gatewayId().text()).isEqualTo(origin.gatewayId().text());
    Registry.Contents moved = await(there.load());
    assertThat(moved.accounts()).containsExactlyInAnyOrderElementsOf(contents.accounts());
    assertThat(moved.devices()).containsExactlyInAnyOrderElementsOf(contents.devices());
    assertThat(moved.owners()).isEqualTo(contents.owners());
  }

  @Test
  void key_isChangedWhileTheRegistryIsOpen() throws Exception {
    await(registry.putAccount(account(HOME, 1)));
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    Registry.Contents before = await(registry.load());
    RegistryKey old = new KeyFile(dataDir.resolve("registry.key")).read().get(0);

    new Maintenance(config(), dataDir).rotateKey(null);

    assertThat(await(registry.load())).isEqualTo(before);
    await(registry.putAccount(account(OFFICE, 2)));
    assertThat(await(registry.load()).accounts()).contains(account(OFFICE, 2));
    await(registry.close());
    StoreConfig withOld =
        new StoreConfig(database, PostgresPeer.USER, PostgresPeer.PASSWORD, null, old.text());
    fails(Registries.open(vertx, withOld, dataDir), "is not the one");
  }

  @Test
  void key_thatIsOldHasNothingLeftInTheTables() throws Exception {
    await(registry.putAccount(account(HOME, 1)));
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    List<byte[]> old = new ArrayList<>();
    for (String column : List.of("active_password FROM accounts", "key_secret FROM devices")) {
      String hex = server.ask(PostgresPeer.DATABASE, "SELECT " + column).substring("\\x".length());
      old.add(HexFormat.of().parseHex(hex));
    }
    server.ask("postgres", "CHECKPOINT");
    assertThat(StoreFiles.windowsIn(tableFiles(), old)).as("they are there before").isNotEmpty();

    new Maintenance(config(), dataDir).rotateKey(null);

    server.ask("postgres", "CHECKPOINT");
    assertThat(StoreFiles.windowsIn(tableFiles(), old)).isEmpty();
  }

  private static List<Path> tableFiles() throws IOException {
    try (Stream<Path> files = Files.walk(server.tables())) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void key_isHandedOverWhileTheRegistryIsOpen() throws Exception {
    await(registry.close());
    URI empty = server.emptyDatabase();
    RegistryKey old = RegistryKey.random();
    RegistryKey next = RegistryKey.random();
    StoreConfig given =
        new StoreConfig(empty, PostgresPeer.USER, PostgresPeer.PASSWORD, null, old.text());
    Path elsewhere = dataDir.resolve("elsewhere");
    Registry open = await(Registries.open(vertx, given, elsewhere));
    await(open.putAccount(account(HOME, 1)));

    assertThat(new Maintenance(given, elsewhere).rotateKey(next.text()))
        .contains("has taken it over");

    await(open.putAccount(account(OFFICE, 2)));
    assertThat(await(open.load()).accounts())
        .containsExactlyInAnyOrder(account(HOME, 1), account(OFFICE, 2));
    await(open.close());
    fails(Registries.open(vertx, given, elsewhere), "is not the one");
  }
}
