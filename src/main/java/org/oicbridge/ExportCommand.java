package org.oicbridge;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Writes the whole registry into an encrypted file; the gateway may run.")
final class ExportCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "A new file.")
  private Path out;

  @Option(
      names = "--key-env",
      paramLabel = "NAME",
      required = true,
      converter = KeyOption.Converter.class,
      description = "Environment variable with the key of the file, 32 bytes in base64.")
  private KeyOption key;

  @Override
  public Integer call() {
    return RegistryCommand.run(
        config, registry -> "exported " + registry.exportTo(out, key.key()) + " rows to " + out);
  }
}
