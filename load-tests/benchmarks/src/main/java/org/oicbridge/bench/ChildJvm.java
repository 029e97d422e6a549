package org.oicbridge.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A JVM that runs one command of {@link Bench}, or another program. It is told to end by closing
 * its input, and ended by its process when it does not.
 */
final class ChildJvm implements AutoCloseable {
  /** The heap that any of them has, more than any of them needs. */
  private static final List<String> OPTIONS =
      List.of("-Xmx2g", "-XX:+ExitOnOutOfMemoryError", "-Djavax.net.ssl.sessionCacheSize=256");

  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final BufferedReader output;
  private final Consumer<String> listener;

  private ChildJvm(Process process, Consumer<String> listener) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.listener = listener;
  }

  /** Starts a hidden command of {@link Bench}; every line that it prints goes to the listener. */
  static ChildJvm bench(Consumer<String> listener, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Bench.class.getName()));
    command.addAll(arguments);
    return start(listener, System.getProperty("java.class.path"), List.of(), command);
  }

  /** Starts a program with a class path and options of its own. */
  static ChildJvm start(
      Consumer<String> listener, String classPath, List<String> options, List<String> program) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(OPTIONS);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    command.addAll(program);
    try {
      return new ChildJvm(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start(),
          listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /**
   * Waits for the first line that starts so.
   *
   * @return the rest of that line
   * @throws IllegalStateException when the process ends without it
   */
  String await(String prefix) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        listener.accept(line);
        if (line.startsWith(prefix)) {
          return line.substring(prefix.length()).strip();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("the process ended without \"" + prefix + "\"");
  }

  /**
   * Reads to the end.
   *
   * @throws IllegalStateException when the exit code is not 0
   */
  void finish() {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        listener.accept(line);
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException("a child ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.destroy();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
