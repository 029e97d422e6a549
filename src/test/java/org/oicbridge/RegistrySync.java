package org.oicbridge;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.oicbridge.peers.PostgresPeer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.Strace;

/**
 * Counts by strace what an import of many devices syncs to the disk: {@code RegistrySync [sqlite |
 * postgres]}, both by default. Exits with 1 when there were fewer syncs of the registry's
 * write-ahead log than changes that were committed.
 */
public final class RegistrySync {
  private static final int ACCOUNTS = 100;
  private static final int DEVICES = 1000;
  private static final int GROUP = 50;

  private RegistrySync() {}

  public static void main(String[] args) throws Exception {
    boolean enough = true;
    try (ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned())) {
      ManyDevices devices = new ManyDevices(server, ACCOUNTS, DEVICES);
      devices.addAccounts();
      for (String store : args.length > 0 ? List.of(args) : List.of("sqlite", "postgres")) {
        enough &= store.equals("postgres") ? postgres(devices) : sqlite(devices);
      }
    }
    System.exit(enough ? 0 : 1);
  }

  private static boolean sqlite(ManyDevices devices) throws Exception {
    Path folder = Files.createTempDirectory("oic-bridge-sync");
    try (GatewayProcess gateway = GatewayProcess.start(folder, devices.yaml())) {
      Path data = GatewayProcess.data(folder);
      return count("SQLite", devices, gateway, List.of(gateway.pid()), data, "registry.db-wal");
    }
  }

  private static boolean postgres(ManyDevices devices) throws Exception {
    Path folder = Files.createTempDirectory("oic-bridge-sync");
    try (PostgresPeer database = PostgresPeer.start();
        GatewayProcess gateway = GatewayProcess.start(folder, devices.yaml() + database.store())) {
      return count("PostgreSQL", devices, gateway, database.processes(), database.data(), "pg_wal");
    }
  }

  private static boolean count(
      String store,
      ManyDevices devices,
      GatewayProcess gateway,
      List<Long> processes,
      Path folder,
      String log)
      throws Exception {
    try (Strace strace = Strace.attach(processes)) {
      int before = gateway.changesKept();
      Instant begun = Instant.now();
      ImportCall call =
          new ImportCall(gateway, ImportCall.Pace.NONE)
              .run(devices.lines(devices.all(), GROUP), answer -> {});
      Instant ended = Instant.now();
      int groups = gateway.changesKept() - before;
      Map<String, Long> syncs =
          strace.end().stream()
              .filter(sync -> !sync.begun().isBefore(begun) && !sync.begun().isAfter(ended))
              .map(sync -> Path.of(sync.file()))
              .filter(file -> file.startsWith(folder))
              .map(file -> folder.relativize(file).getName(0).toString())
              .collect(
                  Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
      long acknowledged = call.answers().stream().filter(ImportCall::acknowledged).count();
      long logged = syncs.getOrDefault(log, 0L);
      System.out.printf(
          "%s: %d of %d lines acknowledged in %.1f s; %d groups committed, %d syncs of %s; all that"
              + " was synced: %s%n",
          store, acknowledged, DEVICES, call.seconds(), groups, logged, log, syncs);
      return acknowledged == DEVICES && groups >= DEVICES / GROUP && logged >= groups;
    }
  }
}
