package org.oicbridge.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A server that runs as a child of this JVM. What it prints goes to {@code output.log} in its
 * folder; the folder is deleted when it ends. It is ended by its own handle, at the latest by a
 * shutdown hook.
 */
final class ChildProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path folder;
  private final Process process;
  private final Thread reader;
  private final Thread hook;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private ChildProcess(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
    this.reader = new Thread(this::read, "output-of-" + process.pid());
    this.reader.setDaemon(true);
    this.hook = new Thread(this::end, "end-" + process.pid());
  }

  static ChildProcess start(Path folder, Map<String, String> environment, List<String> command) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.environment().putAll(environment);
      ChildProcess child = new ChildProcess(folder, builder.start());
      Runtime.getRuntime().addShutdownHook(child.hook);
      child.reader.start();
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until each text was printed; false when the time or the process ends before that. */
  boolean awaitOutput(Duration time, List<String> texts) {
    return await(
        time,
        printed ->
            texts.stream().allMatch(text -> printed.stream().anyMatch(l -> l.contains(text))));
  }

  /** Waits until the newest line is as expected; false likewise. */
  boolean awaitLast(Duration time, Predicate<String> expected) {
    return await(
        time, printed -> !printed.isEmpty() && expected.test(printed.get(printed.size() - 1)));
  }

  private synchronized boolean await(Duration time, Predicate<List<String>> expected) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!expected.test(lines)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (ended || left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a program ran", e);
      }
    }
    return true;
  }

  boolean endsWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server started", e);
    }
  }

  /** The process and all that it has started. */
  List<Long> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  /** Ends it with SIGKILL and leaves its folder, for another one to go on there. */
  void kill() {
    List<ProcessHandle> helpers = process.descendants().toList();
    process.destroyForcibly();
    helpers.forEach(ProcessHandle::destroyForcibly);
    if (!endsWithin(PATIENCE)) {
      throw new IllegalStateException(process.pid() + " survives SIGKILL");
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  /** Sends it a signal such as STOP or CONT. */
  void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Everything it printed so far. */
  synchronized String output() {
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(hook);
    try {
      reader.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (Files.exists(folder)) {
      delete(folder);
    }
  }

  /** Ends it and leaves its folder as it is, for another one. */
  void leaveFiles() {
    end();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void end() {
    List<ProcessHandle> helpers = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    helpers.forEach(ProcessHandle::destroyForcibly);
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        Writer log = Files.newBufferedWriter(folder.resolve("output.log"))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        log.write(line + "\n");
        log.flush();
        add(line);
      }
    } catch (IOException e) {
      add("(reading its output failed: " + e + ")");
    } finally {
      markEnded();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void markEnded() {
    ended = true;
    notifyAll();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
