package org.oicbridge.store;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.oicbridge.config.StoreConfig;

/**
 * A process that keeps groups of devices in a SQLite registry, the same devices with a higher
 * version each time, and prints a line for each group once it was acknowledged.
 */
final class RegistryWriter {
  static final int GROUP = 40;

  private RegistryWriter() {}

  /** Takes the data directory and the number of groups. */
  public static void main(String[] args) throws Exception {
    Registry registry =
        RegistryContract.await(
            Registries.open(
                Vertx.vertx(), new StoreConfig(null, null, null, null, null), Path.of(args[0])));
    for (int version = 1; version <= Integer.parseInt(args[1]); version++) {
      RegistryContract.await(registry.putDevices(group(version)));
      System.out.println("kept " + version);
      System.out.flush();
    }
    System.exit(0);
  }

  static List<StoredDevice> group(int version) {
    return IntStream.range(0, GROUP)
        .mapToObj(
            i -> RegistryContract.device(RegistryContract.HOME, RegistryContract.di(i), version))
        .toList();
  }

  static List<String> command(Path dataDir, int groups) {
    return List.of(
        ProcessHandle.current().info().command().orElseThrow(),
        "-cp",
        System.getProperty("java.class.path"),
        RegistryWriter.class.getName(),
        dataDir.toString(),
        Integer.toString(groups));
  }
}
