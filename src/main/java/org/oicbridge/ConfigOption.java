package org.oicbridge;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.oicbridge.config.ConfigException;
import org.oicbridge.config.GatewayConfig;
import picocli.CommandLine.Option;

/** The {@code --conf FILE} option; what is wrong with the file goes to standard error. */
final class ConfigOption {
  @Option(
      names = "--conf",
      paramLabel = "FILE",
      required = true,
      description = "The configuration; conf/gateway.yaml explains every key.")
  private Path file;

  /** The configuration, or empty when there are mistakes, which have then been printed. */
  Optional<GatewayConfig> read() {
    try {
      return Optional.of(GatewayConfig.read(file));
    } catch (ConfigException e) {
      e.mistakes().forEach(mistake -> System.err.println(file + ": " + mistake));
    } catch (IOException e) {
      System.err.println(file + ": can't be read: " + e);
    }
    return Optional.empty();
  }
}
