package org.oicbridge.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs a short version of each simulation in a process of its own, as {@code load-tests/run}. */
class SimulationsIT {
  private static final int ASSERTION_FAILED = 2;
  private static final long PATIENCE_SECONDS = 180;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SteadyCrudn",
        "ObserveEvents",
        "LoginStorm",
        "NoisyTenant",
        "Bytestreams",
        "CoapCrudn"
      })
  void simulation_holdsItsAssertionsAndWritesItsReport(String name) throws Exception {
    Path folder = LoadTest.folder().resolve(name + "-short");
    int code = run(name, folder);
    assertThat(code).as(output(folder)).isZero();
    assertThat(LoadTest.report(folder)).as(output(folder)).isPresent();
  }

  @Test
  void assertionThatDoesNotHold_failsTheRun() throws Exception {
    Path folder = LoadTest.folder().resolve("BrokenPromise");
    int code = run("BrokenPromise", folder);
    assertThat(code).as(output(folder)).isEqualTo(ASSERTION_FAILED);
    assertThat(output(folder)).contains("the promise was broken");
  }

  private static int run(String name, Path folder) throws IOException, InterruptedException {
    delete(folder);
    Files.createDirectories(folder);
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-Dload.short=true",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LoadTest.class.getName(),
                    name,
                    folder.toString()))
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("%s ends:%n%s", name, output(folder))
          .isTrue();
      return process.exitValue();
    } finally {
      process.destroy();
    }
  }

  private static String output(Path folder) throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  /** A report of an earlier build must not count. */
  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
