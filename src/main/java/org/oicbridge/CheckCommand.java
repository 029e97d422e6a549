package org.oicbridge;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.oicbridge.config.GatewayConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Reads a configuration and prints every mistake in it with its path.")
final class CheckCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;

  @Override
  public Integer call() {
    Optional<GatewayConfig> read = config.read();
    read.ifPresent(
        gateway -> {
          long devices = gateway.accounts().stream().mapToLong(a -> a.devices().size()).sum();
          System.out.printf("ok: %d accounts, %d devices%n", gateway.accounts().size(), devices);
        });
    return read.isPresent() ? 0 : 2;
  }
}
