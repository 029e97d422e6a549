package org.oicbridge.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A part of a measurement in a JVM of its own, on the class path of this one. */
final class JavaProcess implements AutoCloseable {
  private static final int STOP_SECONDS = 60;

  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final String ready;

  /**
   * Starts it and waits for its word.
   *
   * @param log gets what it has to say besides
   * @param options for the JVM
   * @param word how the line begins that says that it serves
   */
  JavaProcess(Path log, List<String> options, Class<?> main, List<String> arguments, String word)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As bin/oic-bridge has it.
    command.add("-Djavax.net.ssl.sessionCacheSize=256");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
    ready = await(log, word);
  }

  private String await(Path log, String word) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith(word)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException(process.info() + " did not start: " + Files.readString(log));
    }
    return line;
  }

  /** The line with which it said that it serves. */
  String ready() {
    return ready;
  }

  ProcessFiles files() {
    return new ProcessFiles(process.pid());
  }

  /** Writes a line to it and gives the next that it writes. */
  String ask(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
    return out.readLine();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
