package org.oicbridge.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Debian's PostgreSQL as a child process on loopback, with data of its own. It refuses to be run by
 * root, so the packaged user runs it then.
 */
public final class PostgresPeer implements AutoCloseable {
  public static final String USER = "oicbridge";
  public static final String PASSWORD = "correct horse";
  public static final String DATABASE = "registry";

  private static final Duration START = Duration.ofSeconds(60);
  private static final String READY = "database system is ready to accept connections";
  private static final String PACKAGED_USER = "postgres";
  private static final int TRIES = 5;

  private final Path folder;
  private final int port;
  private ChildProcess process;
  private boolean made;

  private PostgresPeer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Makes its data and starts it; tries again when its port was taken. */
  public static PostgresPeer start() {
    Path folder = makeData();
    StringBuilder failures = new StringBuilder();
    for (int i = 0; i < TRIES; i++) {
      PostgresPeer peer = new PostgresPeer(folder, LoopbackPorts.free(1).get(0));
      if (peer.launch()) {
        return peer;
      }
      failures.append(peer.process.output()).append('\n');
      peer.process.close();
    }
    throw new IllegalStateException("PostgreSQL did not start:\n" + failures);
  }

  /** A database with nothing in it, the same one each time. */
  public synchronized URI emptyDatabase() {
    if (made) {
      ask(DATABASE, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    } else {
      ask("postgres", "CREATE DATABASE " + DATABASE);
      made = true;
    }
    return URI.create("postgresql://127.0.0.1:" + port + "/" + DATABASE);
  }

  /** The {@code store} section of a configuration for such a database. */
  public String store() {
    return "store: {postgres: \"%s\", user: %s, password: \"%s\"}%n"
        .formatted(emptyDatabase(), USER, PASSWORD);
  }

  /** Runs statements in a database and gives what psql prints. */
  public String ask(String database, String sql) {
    return run(
        Map.of("PGPASSWORD", PASSWORD),
        "psql",
        List.of("-h", "127.0.0.1", "-p", "" + port, "-U", USER, "-d", database, "-qAt", "-c", sql));
  }

  /** Stops it with its sessions, waits for its end and starts it on the same port. */
  public void restart() {
    stop();
    startAgain();
  }

  /** Stops it with its sessions and waits for its end. */
  public void stop() {
    control("fast");
  }

  /** Ends it like a crash, and waits for its end. */
  public void kill() {
    control("immediate");
  }

  /** Starts it on the same port, after {@link #stop} or {@link #kill}. */
  public void startAgain() {
    process.close();
    if (!launch()) {
      throw new IllegalStateException("PostgreSQL did not start again:\n" + process.output());
    }
  }

  /** Where the files of its tables are. */
  public Path tables() {
    return data().resolve("base");
  }

  /** Where all its files are, the write-ahead log among them. */
  public Path data() {
    return folder.resolve("data");
  }

  /** Its processes: the one that was started and those that serve connections, write and so on. */
  public List<Long> processes() {
    return process.processes();
  }

  /** Everything that it printed since it was started last. */
  public String log() {
    return process.output();
  }

  @Override
  public void close() {
    if (!process.endsWithin(Duration.ZERO)) {
      kill();
    }
    process.close();
    delete(folder);
  }

  // pg_ctl takes the process id from the data, so it can hit no other server.
  private void control(String mode) {
    run(Map.of(), "pg_ctl", List.of("stop", "-w", "-D", data(folder), "-m", mode));
    if (!process.endsWithin(START)) {
      throw new IllegalStateException("PostgreSQL did not stop:\n" + process.output());
    }
  }

  private boolean launch() {
    List<String> command = new ArrayList<>(asWhom());
    command.add(Peers.require("postgres").toString());
    command.addAll(List.of("-D", data(folder), "-p", "" + port));
    command.addAll(List.of("-c", "listen_addresses=127.0.0.1"));
    command.addAll(List.of("-c", "unix_socket_directories=" + folder));
    // After a crash each file would be synced by itself, which takes half a minute on a slow disk.
    command.addAll(List.of("-c", "recovery_init_sync_method=syncfs"));
    process = ChildProcess.start(temporaryFolder(), Map.of(), command);
    return process.awaitOutput(START, List.of(READY));
  }

  private static Path makeData() {
    Peers.require("postgres");
    try {
      Path folder = temporaryFolder();
      Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
      if (isRoot()) {
        var owner =
            folder
                .getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(PACKAGED_USER);
        Files.setOwner(folder, owner);
        Files.setOwner(password, owner);
      }
      run(
          Map.of(),
          "initdb",
          List.of(
              "-D",
              data(folder),
              "-U",
              USER,
              "-A",
              "scram-sha-256",
              "-E",
              "UTF8",
              "--no-sync",
              "--locale=C",
              "--pwfile=" + password));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String data(Path folder) {
    return folder.resolve("data").toString();
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** What stands before a command; it is replaced by the command, so signals reach that. */
  private static List<String> asWhom() {
    return isRoot()
        ? List.of(
            Peers.require("setpriv").toString(),
            "--reuid=" + PACKAGED_USER,
            "--regid=" + PACKAGED_USER,
            "--init-groups")
        : List.of();
  }

  private static String run(
      Map<String, String> environment, String program, List<String> arguments) {
    List<String> command = new ArrayList<>(asWhom());
    command.add(Peers.require(program).toString());
    command.addAll(arguments);
    try {
      Path output = Files.createTempFile("oic-bridge-run", ".log");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
        String text = Files.readString(output);
        if (process.isAlive() || process.exitValue() != 0) {
          throw new IllegalStateException(command + " failed:\n" + text);
        }
        return text.strip();
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

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory(
          "oic-bridge-postgres",
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
