package org.oicbridge;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Fills the registry from an exported file; the gateway must not run.")
final class ImportCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;

  @Option(
      names = "--in",
      paramLabel = "FILE",
      required = true,
      description = "The file that export wrote.")
  private Path in;

  @Option(
      names = "--key-env",
      paramLabel = "NAME",
      required = true,
      converter = KeyOption.Converter.class,
      description = "Environment variable with the key of the file, 32 bytes in base64.")
  private KeyOption key;

  @Option(names = "--replace", description = "What is in the registry goes.")
  private boolean replace;

  @Override
  public Integer call() {
    return RegistryCommand.run(
        config,
        registry -> "imported " + registry.importFrom(in, key.key(), replace) + " rows from " + in);
  }
}
