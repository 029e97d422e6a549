package org.oicbridge.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's strace, attached to running processes, looks at what they sync to the disk. */
public final class Strace implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);

  /** Process, seconds since 1970, call, descriptor; {@code -y} puts the file behind that. */
  private static final Pattern CALL =
      Pattern.compile("([0-9]+) +([0-9]+)\\.([0-9]{6}) (fsync|fdatasync)\\([0-9]+<(.*)>.*");

  /** A call that another thread's came into is written in two lines. */
  private static final Pattern RESUMED =
      Pattern.compile("([0-9]+) +[0-9.]+ <\\.\\.\\. (fsync|fdatasync) resumed>.*= 0");

  private final ChildProcess process;
  private final Path trace;

  private Strace(ChildProcess process, Path trace) {
    this.process = process;
    this.trace = trace;
  }

  /** A call that succeeded. */
  public record Sync(Instant begun, String file) {}

  /** Attaches it to processes, with those that they start from now on, and waits until it is. */
  public static Strace attach(List<Long> processes) {
    try {
      Path trace = Files.createTempFile("oic-bridge-trace", ".log");
      List<String> command = new ArrayList<>(List.of(Peers.require("strace").toString()));
      command.addAll(List.of("-f", "-y", "-ttt", "-e", "signal=none"));
      command.addAll(List.of("-e", "trace=fsync,fdatasync", "-o", trace.toString()));
      List<String> attached = new ArrayList<>();
      for (long pid : processes) {
        command.addAll(List.of("-p", Long.toString(pid)));
        attached.add("Process " + pid + " attached");
      }
      Path folder = Files.createTempDirectory("oic-bridge-strace");
      Strace strace = new Strace(ChildProcess.start(folder, Map.of(), command), trace);
      if (!strace.process.awaitOutput(START, attached)) {
        strace.close();
        throw new IllegalStateException("strace did not attach:\n" + strace.process.output());
      }
      return strace;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets go of the processes and gives what it has seen. */
  public List<Sync> end() {
    process.close();
    try {
      return syncs(Files.readAllLines(trace, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Sync> syncs(List<String> lines) {
    Map<String, Sync> begun = new HashMap<>();
    List<Sync> done = new ArrayList<>();
    for (String line : lines) {
      Matcher call = CALL.matcher(line);
      Matcher resumed = RESUMED.matcher(line);
      if (call.matches()) {
        Instant at =
            Instant.ofEpochSecond(
                Long.parseLong(call.group(2)), 1000L * Long.parseLong(call.group(3)));
        Sync sync = new Sync(at, call.group(5));
        if (line.endsWith(" = 0")) {
          done.add(sync);
        } else if (line.endsWith("<unfinished ...>")) {
          begun.put(call.group(1), sync);
        }
      } else if (resumed.matches() && begun.containsKey(resumed.group(1))) {
        done.add(begun.remove(resumed.group(1)));
      }
    }
    return done;
  }

  @Override
  public void close() {
    process.close();
    try {
      Files.deleteIfExists(trace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
