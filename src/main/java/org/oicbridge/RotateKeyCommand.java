package org.oicbridge;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "rotate-key",
    mixinStandardHelpOptions = true,
    description = "Encrypts the registry's credentials with a new key; the gateway may run.")
final class RotateKeyCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;

  @Option(
      names = "--new-key-env",
      paramLabel = "NAME",
      converter = KeyOption.Converter.class,
      description =
          "Environment variable with the new key, 32 bytes in base64; only when the key is given in"
              + " store.key. A key file gets a new one by itself.")
  private KeyOption newKey;

  @Override
  public Integer call() {
    return RegistryCommand.run(
        config, registry -> registry.rotateKey(newKey == null ? null : newKey.key()));
  }
}
