package org.oicbridge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oicbridge.config.StoreConfig;
import org.oicbridge.peers.PostgresPeer;

/** The registry in a real PostgreSQL. */
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
    database = server.newDatabase();
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
    String name = database.getPath().substring(1);
    server.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");

    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));

    assertThat(await(registry.load()).devices()).containsExactly(device(HOME, LAMP, 1));
  }
}
