package org.oicbridge.bench;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where this module was built. */
final class BuildFolder {
  private BuildFolder() {}

  static Path path() {
    try {
      return Path.of(Bench.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toAbsolutePath()
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where another module of the load tests was built. */
  static Path of(String module) {
    return path().getParent().resolveSibling(module).resolve("target");
  }
}
