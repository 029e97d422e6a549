package org.oicbridge;

import java.util.Optional;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.store.Maintenance;
import org.oicbridge.store.StoreException;

/** What the commands for the registry have in common. */
final class RegistryCommand {
  private RegistryCommand() {}

  /** What such a command does; it gives what to tell. */
  interface Work {
    String on(Maintenance registry) throws StoreException;
  }

  /**
   * Does it and tells what came of it.
   *
   * @return 0, 1 when it failed, 2 when the configuration has mistakes
   */
  static int run(ConfigOption config, Work work) {
    Optional<GatewayConfig> read = config.read();
    if (read.isEmpty()) {
      return 2;
    }
    try {
      System.out.println(work.on(new Maintenance(read.get().store(), read.get().dataDir())));
      return 0;
    } catch (StoreException e) {
      System.err.println("oic-bridge: " + e.getMessage());
      return 1;
    }
  }
}
