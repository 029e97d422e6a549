package org.oicbridge.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Finds the programs that {@code scripts/install-peers} installs and runs the short-lived ones. */
public final class Peers {
  private static final String REQUIRED = "OIC_BRIDGE_REQUIRE_PEERS";

  private Peers() {}

  /**
   * Skips the running test when the program is not installed; fails it instead when the environment
   * says {@code OIC_BRIDGE_REQUIRE_PEERS=true}, as {@code .ci/run} does.
   *
   * @param program file name, for example {@code prosody}
   * @return where it is
   */
  public static Path require(String program) {
    Optional<Path> found = find(program);
    if (found.isEmpty()) {
      missing(program + " is not installed: run scripts/install-peers");
    }
    return found.get();
  }

  /** Skips the running test for want of something, or fails it when the environment says so. */
  static void missing(String message) {
    if (Boolean.parseBoolean(System.getenv(REQUIRED))) {
      Assertions.fail(message);
    }
    Assumptions.abort(message);
  }

  /**
   * Runs a program to its end and gives what it printed, standard error included.
   *
   * @throws IllegalStateException when it is still running after the time; it is ended then
   */
  public static String run(Duration time, String program, String... arguments) {
    List<String> command =
        Stream.concat(Stream.of(require(program).toString()), Stream.of(arguments)).toList();
    try {
      Path output = Files.createTempFile("oic-bridge-run", ".log");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(command + " still ran after " + time);
        }
        return Files.readString(output, StandardCharsets.UTF_8);
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }

  // Debian puts servers into /usr/sbin, which is not on every user's PATH, and PostgreSQL's into a
  // folder for each of its versions.
  private static Optional<Path> find(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(
            Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/bin"), postgresFolders())
        .flatMap(folders -> folders)
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Stream<String> postgresFolders() {
    String[] versions = Path.of("/usr/lib/postgresql").toFile().list();
    return versions == null
        ? Stream.empty()
        : Stream.of(versions)
            .sorted(Comparator.reverseOrder())
            .map(version -> "/usr/lib/postgresql/" + version + "/bin");
  }
}
