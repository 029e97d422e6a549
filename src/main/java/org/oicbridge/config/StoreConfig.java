package org.oicbridge.config;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where accounts, devices and identifiers are kept.
 *
 * @param postgres {@code postgresql://host[:port]/database}, or null for a SQLite file in {@code
 *     data.dir}
 * @param user of the PostgreSQL database
 * @param password of that user, or null; it never appears in {@link #toString()}
 * @param keyFile holds the key that credentials are encrypted with; null for {@code registry.key}
 *     in {@code data.dir}, which is made when it is missing
 * @param key that key itself, or null when it is in a file; it never appears in {@link #toString()}
 */
public record StoreConfig(URI postgres, String user, String password, Path keyFile, String key) {

  static StoreConfig read(Section section) {
    StoreConfig config =
        new StoreConfig(
            section.parsed("postgres", null, StoreConfig::postgres),
            section.text("user", "oicbridge"),
            section.text("password", null),
            section.parsed("keyFile", null, Path::of),
            section.text("key", null));
    if (config.keyFile != null && config.key != null) {
      section.mistake("key", "stands beside keyFile, expected only one of them");
    }
    return config;
  }

  private static URI postgres(String text) {
    URI uri = URI.create(text);
    boolean whole =
        "postgresql".equals(uri.getScheme())
            && uri.getHost() != null
            && uri.getUserInfo() == null
            && uri.getPath() != null
            && uri.getPath().matches("/[^/]+");
    if (!whole) {
      // Not what stands there: somebody may have put a password into it.
      throw new IllegalArgumentException(
          "expected postgresql://host[:port]/database, with user and password in keys of their own");
    }
    return uri;
  }

  @Override
  public String toString() {
    return postgres == null ? "SQLite" : postgres.toString();
  }
}
