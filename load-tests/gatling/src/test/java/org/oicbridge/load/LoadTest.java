package org.oicbridge.load;

import io.gatling.app.Gatling$;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.prefs.Preferences;
import java.util.stream.Stream;

/**
 * Runs a simulation of this package: {@code LoadTest NAME FOLDER}. The folder gets Gatling's report
 * and what the gateway logged. The exit code is Gatling's, 2 when an assertion does not hold, or 3
 * when there is no report.
 */
public final class LoadTest {
  private static final int NO_REPORT = 3;
  private static final String FOLDER = "load.folder";

  private LoadTest() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[1]).toAbsolutePath();
    System.setProperty(FOLDER, folder.toString());
    System.setProperty("logback.configurationFile", "logback-load.xml");
    Files.createDirectories(folder);
    askNobodyForNewReleases(folder);
    int code =
        Gatling$.MODULE$.fromArgs(
            new String[] {
              "--simulation",
              LoadTest.class.getPackageName() + "." + args[0],
              "--results-folder",
              folder.toString()
            });
    Optional<Path> report = report(folder);
    System.out.println("report " + report.map(Path::toString).orElse("missing"));
    System.exit(code == 0 && report.isEmpty() ? NO_REPORT : code);
  }

  /** Where the files of this run go. */
  static Path folder() {
    return Path.of(System.getProperty(FOLDER, "target/load"));
  }

  /**
   * Gatling asks Maven Central for its newest release, unless the user's preferences say that it
   * did so lately; these preferences say so, and are those of this run alone.
   */
  private static void askNobodyForNewReleases(Path folder) {
    System.setProperty("java.util.prefs.userRoot", folder.resolve("preferences").toString());
    Preferences.userRoot()
        .node("/io/gatling/latestVersion")
        .putLong("lastCheckTimestamp", Long.MAX_VALUE / 2);
  }

  /** Gatling's page of a folder with one run. */
  static Optional<Path> report(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, 2)) {
      return files.filter(file -> file.getFileName().toString().equals("index.html")).findFirst();
    }
  }
}
