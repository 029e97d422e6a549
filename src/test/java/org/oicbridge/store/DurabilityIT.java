package org.oicbridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.store.RegistryContract.await;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.StoreConfig;
import org.oicbridge.peers.Peers;

/** What was acknowledged is on disk, whatever becomes of the process. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DurabilityIT {
  private static final StoreConfig CONFIG = new StoreConfig(null, null, null, null, null);

  private final List<Process> started = new ArrayList<>();

  @TempDir Path directory;

  @AfterEach
  void endWhatWasStarted() throws InterruptedException {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @RepeatedTest(3)
  void killedWriter_losesNothingAcknowledgedAndLeavesNothingHalf() throws Exception {
    Path data = directory.resolve("data");
    Process writer = launch(RegistryWriter.command(data, 1_000_000));
    int acknowledged = 0;
    try (BufferedReader lines = writer.inputReader()) {
      while (acknowledged < 50) {
        acknowledged = Math.max(acknowledged, version(lines.readLine()));
      }
      // Not by the process itself, which would close the pipe with what is still in it.
      writer.toHandle().destroyForcibly();
      writer.waitFor();
      assertThat(writer.exitValue()).as("killed by SIGKILL").isEqualTo(128 + 9);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged = Math.max(acknowledged, version(line));
      }
    }

    Vertx vertx = Vertx.vertx();
    Registry registry = await(Registries.open(vertx, CONFIG, data));
    List<StoredDevice> devices = await(registry.load()).devices();
    long found = devices.get(0).version();
    assertThat(found).isGreaterThanOrEqualTo(acknowledged).isLessThanOrEqualTo(acknowledged + 1L);
    assertThat(devices).containsExactlyInAnyOrderElementsOf(RegistryWriter.group((int) found));
    await(registry.close());
    await(vertx.close());
  }

  @Test
  void acknowledgedGroup_wasSyncedBefore() throws Exception {
    int groups = 20;
    Path trace = directory.resolve("trace");
    List<String> command = new ArrayList<>();
    command.add(Peers.require("strace").toString());
    // With -y each descriptor is followed by the file that it is.
    command.addAll(List.of("-f", "-y", "-e", "trace=fsync,fdatasync,write", "-e", "signal=none"));
    command.addAll(List.of("-o", trace.toString()));
    command.addAll(RegistryWriter.command(directory.resolve("data"), groups));
    Process writer = launch(command);
    try (BufferedReader lines = writer.inputReader()) {
      String last = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
      assertThat(last)
          .as(Files.readString(directory.resolve("stderr")))
          .isEqualTo("kept " + groups);
    }
    writer.waitFor();

    int syncs = 0;
    int acknowledged = 0;
    for (String line : Files.readAllLines(trace)) {
      // A call that another thread's interrupts is written as unfinished and then as resumed.
      if (line.matches(".*(fsync|fdatasync)(\\(.*/registry\\.db-wal>| resumed>).*= 0")) {
        syncs++;
      } else if (line.contains("write(1<") && line.contains("\"kept ")) {
        assertThat(syncs).as("syncs before " + line).isPositive();
        syncs = 0;
        acknowledged++;
      }
    }
    assertThat(acknowledged).isEqualTo(groups);
  }

  /** Of an acknowledged group, or 0 for a line of the log or the beginning of a line. */
  private static int version(String line) {
    assertThat(line).as("a line of the writer").isNotNull();
    return line.matches("kept [0-9]+") ? Integer.parseInt(line.substring("kept ".length())) : 0;
  }

  private Process launch(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectError(directory.resolve("stderr").toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    started.add(process);
    return process;
  }
}
