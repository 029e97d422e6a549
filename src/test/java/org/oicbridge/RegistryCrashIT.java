package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.peers.PostgresPeer;
import org.oicbridge.peers.ProsodyPeer;

/**
 * A gateway that is killed while devices are imported; {@code scripts/registry-crash} does more.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RegistryCrashIT {
  private static final int AT_LEAST = 100;
  private static final Duration ONLINE = Duration.ofSeconds(60);

  @TempDir Path data;
  private ProsodyPeer server;
  private ManyDevices devices;

  @BeforeEach
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
    devices = new ManyDevices(server, 20, 200);
    devices.addAccounts();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void killedGateway_hasEveryAcknowledgedDeviceInSqlite() throws Exception {
    try (ImportCrash crash = new ImportCrash(devices, "", System.nanoTime(), ONLINE)) {
      assertPassed(crash.killed(data, AT_LEAST));
    }
  }

  @Test
  void killedGateway_hasEveryAcknowledgedDeviceInPostgres() throws Exception {
    try (PostgresPeer database = PostgresPeer.start();
        ImportCrash crash = new ImportCrash(devices, database.store(), System.nanoTime(), ONLINE)) {
      assertPassed(crash.killed(data, AT_LEAST));
    }
  }

  @Test
  void restartedDatabase_losesNothingAcknowledged() throws Exception {
    try (PostgresPeer database = PostgresPeer.start();
        ImportCrash crash = new ImportCrash(devices, database.store(), System.nanoTime(), ONLINE)) {
      ImportCrash.Round round = crash.databaseRestarted(data, AT_LEAST, database::restart);
      assertPassed(round);
      assertThat(round.acknowledged()).isEqualTo(devices.devices());
    }
  }

  private static void assertPassed(ImportCrash.Round round) {
    assertThat(round.wrong()).as("%s", round).isEmpty();
    assertThat(round.acknowledged()).isGreaterThanOrEqualTo(AT_LEAST);
    assertThat(round.online()).isEqualTo(round.acknowledged());
    assertThat(round.there()).isGreaterThanOrEqualTo(round.acknowledged());
  }
}
