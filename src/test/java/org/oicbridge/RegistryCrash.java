package org.oicbridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.oicbridge.peers.PostgresPeer;
import org.oicbridge.peers.ProsodyPeer;

/**
 * Kills the gateway in the middle of an import again and again: {@code RegistryCrash [ROUNDS
 * [sqlite | postgres]]}. With PostgreSQL, that is restarted as well: between two rounds, and in two
 * more rounds while an import runs, cleanly and by a crash. Prints lines for each round; exits with
 * 1 when one lost a device or left one half written.
 */
public final class RegistryCrash {
  private static final int ACCOUNTS = 100;
  private static final int DEVICES = 1000;
  private static final int AT_LEAST = 200;
  private static final Duration ONLINE = Duration.ofMinutes(3);

  private final ManyDevices devices;
  private final PostgresPeer database;
  private final long seed;
  private int played;
  private int passed;

  private RegistryCrash(ManyDevices devices, PostgresPeer database, long seed) {
    this.devices = devices;
    this.database = database;
    this.seed = seed;
  }

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    boolean postgres = args.length > 1 && args[1].equals("postgres");
    long seed = System.nanoTime();
    System.out.printf(
        "%d rounds with %s, seed %d%n", rounds, postgres ? "PostgreSQL" : "SQLite", seed);
    boolean all;
    try (ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
        PostgresPeer database = postgres ? PostgresPeer.start() : null) {
      ManyDevices devices = new ManyDevices(server, ACCOUNTS, DEVICES);
      devices.addAccounts();
      all = new RegistryCrash(devices, database, seed).play(rounds);
    }
    System.exit(all ? 0 : 1);
  }

  private boolean play(int rounds) throws Exception {
    ImportCrash.Round whole = round((crash, data) -> crash.whole(data));
    System.out.printf(
        "undisturbed: %d of %d lines acknowledged in %.1f s; killed after the last; ",
        whole.acknowledged(), DEVICES, whole.importing());
    describe(whole);
    for (int round = 1; round <= rounds; round++) {
      if (database != null && round == rounds / 2 + 1) {
        database.restart();
        System.out.println("PostgreSQL restarted");
      }
      ImportCrash.Round result = round((crash, data) -> crash.killed(data, AT_LEAST));
      System.out.printf(
          "round %d: killed after %d acknowledged lines; ", round, result.acknowledged());
      describe(result);
    }
    if (database != null) {
      restartedWithin("restarted", database::restart);
      restartedWithin(
          "crashed and started again",
          () -> {
            database.kill();
            database.startAgain();
          });
    }
    System.out.printf("%d of %d rounds passed%n", passed, played);
    return passed == played;
  }

  private void restartedWithin(String what, Runnable restart) throws Exception {
    ImportCrash.Round result =
        round((crash, data) -> crash.databaseRestarted(data, AT_LEAST, restart));
    System.out.printf(
        "PostgreSQL %s during an import: %d of its lines failed and were imported again; killed"
            + " after %d acknowledged lines; ",
        what, result.refused(), result.acknowledged());
    describe(result);
    result.reasons().forEach(reason -> System.out.println("  failed with " + reason));
  }

  private static void describe(ImportCrash.Round round) {
    System.out.printf(
        "after the restart %d devices, %d of the acknowledged online under their full JID within"
            + " %.1f s%n",
        round.there(), round.online(), round.restarting());
    round.wrong().forEach(wrong -> System.out.println("  WRONG " + wrong));
  }

  /** Plays a round. */
  private interface Play {
    ImportCrash.Round with(ImportCrash crash, Path data) throws Exception;
  }

  private ImportCrash.Round round(Play play) throws Exception {
    String store = database == null ? "" : database.store();
    Path data = Files.createTempDirectory("oic-bridge-crash");
    try (ImportCrash crash = new ImportCrash(devices, store, seed + played, ONLINE)) {
      ImportCrash.Round result = play.with(crash, data);
      played++;
      if (result.wrong().isEmpty()) {
        passed++;
        delete(data);
      } else {
        System.out.println("  kept for a look: " + data);
      }
      return result;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
