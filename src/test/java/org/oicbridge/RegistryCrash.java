package org.oicbridge;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.oicbridge.peers.PostgresPeer;
import org.oicbridge.peers.ProsodyPeer;

/**
 * Kills the gateway in the middle of an import again and again: {@code RegistryCrash [ROUNDS
 * [sqlite | postgres]]}. With PostgreSQL, that is restarted as well, in the middle of the rounds.
 * Prints a line for each round; exits with 1 when one lost a device or left one half written.
 */
public final class RegistryCrash {
  private RegistryCrash() {}

  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    boolean postgres = args.length > 1 && args[1].equals("postgres");
    long seed = System.nanoTime();
    System.out.printf(
        "%d rounds with %s, seed %d%n", rounds, postgres ? "PostgreSQL" : "SQLite", seed);
    int passed = 0;
    try (ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
        PostgresPeer database = postgres ? PostgresPeer.start() : null) {
      ImportCrash.accounts(server);
      for (int round = 1; round <= rounds; round++) {
        if (database != null && round == rounds / 2 + 1) {
          database.restart();
          System.out.println("PostgreSQL restarted");
        }
        String store = database == null ? "" : store(database);
        try (ImportCrash crash = new ImportCrash(server, store, List.of(), seed + round)) {
          Path data = Files.createTempDirectory("oic-bridge-crash");
          ImportCrash.Round result = crash.round(data);
          System.out.printf(
              "round %d: killed after %d acknowledged lines; after the restart %d devices, %d of the"
                  + " acknowledged online under their full JID%n",
              round, result.acknowledged(), result.there(), result.online());
          result.wrong().forEach(wrong -> System.out.println("  WRONG " + wrong));
          passed += result.wrong().isEmpty() ? 1 : 0;
        }
      }
    }
    System.out.printf("%d of %d rounds passed%n", passed, rounds);
    System.exit(passed == rounds ? 0 : 1);
  }

  /** The {@code store} section for a database that nobody used yet. */
  static String store(PostgresPeer database) {
    return "store: {postgres: \"%s\", user: %s, password: %s}%n"
        .formatted(database.emptyDatabase(), PostgresPeer.USER, PostgresPeer.PASSWORD);
  }
}
