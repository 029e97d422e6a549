package org.oicbridge.peers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debian's ejabberd as a child process on loopback. Its Erlang is started without ejabberdctl,
 * which would change to another user when root calls it, and without distribution, so that neither
 * a node name nor epmd is shared with anything else on the machine.
 */
public final class EjabberdPeer implements RestartableServer {
  static final String DOMAIN = "ejabberd.test";
  private static final Duration START = Duration.ofSeconds(60);
  private static final int TRIES = 3;
  private static final String CONFIGURATION = "ejabberd.yml";
  private static final Pattern ERL_LIBS = Pattern.compile("(?m)^ERL_LIBS='([^']+)'");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerFiles files;
  private final int port;
  private final int directTlsPort;
  private final int apiPort;
  private ChildProcess process;

  private EjabberdPeer(ServerFiles files, ChildProcess process, List<Integer> ports) {
    this.files = files;
    this.process = process;
    this.port = ports.get(0);
    this.directTlsPort = ports.get(1);
    this.apiPort = ports.get(2);
  }

  /** The one hash in which ejabberd keeps its passwords; it offers that SCRAM only, and PLAIN. */
  public enum ScramHash {
    SHA_1("sha"),
    SHA_256("sha256");

    /** Value of {@code auth_scram_hash}. */
    final String key;

    ScramHash(String key) {
      this.key = key;
    }
  }

  /** How the server is set up. */
  public record Options(ServerLimits limits, ScramHash hash) {

    /** Debian's packaged configuration: {@code auth_password_format: scram}, SHA-1. */
    public static Options asShipped() {
      return new Options(ServerLimits.AS_SHIPPED, ScramHash.SHA_1);
    }

    /** For a fleet: no rate limit, no ban, any number of sessions, SCRAM-SHA-256. */
    public static Options tuned() {
      return new Options(ServerLimits.TUNED, ScramHash.SHA_256);
    }

    public Options withLimits(ServerLimits value) {
      return new Options(value, hash);
    }

    public Options withHash(ScramHash value) {
      return new Options(limits, value);
    }
  }

  /** Starts it and waits until all its ports listen; tries again when one was taken. */
  public static EjabberdPeer start(Options options) {
    StringBuilder failures = new StringBuilder();
    for (int i = 0; i < TRIES; i++) {
      ServerFiles files = ServerFiles.create("ejabberd", DOMAIN);
      List<Integer> ports = LoopbackPorts.free(3);
      files.write(CONFIGURATION, EjabberdConfiguration.yaml(files, ports, options));
      ChildProcess process = launch(files.folder());
      if (listens(process, ports)) {
        return new EjabberdPeer(files, process, ports);
      }
      failures.append(process.output()).append('\n');
      process.close();
    }
    throw new IllegalStateException("ejabberd did not start:\n" + failures);
  }

  private static ChildProcess launch(Path files) {
    Path control = Peers.require("ejabberdctl");
    String folder = files.toString();
    Map<String, String> environment =
        Map.of(
            "EJABBERD_CONFIG_PATH",
            folder + "/" + CONFIGURATION,
            "EJABBERD_LOG_PATH",
            folder + "/ejabberd.log",
            "ERL_LIBS",
            erlangLibraries(control),
            "ERL_CRASH_DUMP_BYTES",
            "0",
            "HOME",
            folder);
    return ChildProcess.start(
        files,
        environment,
        List.of(
            Peers.require("erl").toString(),
            "+K",
            "true",
            "+P",
            "250000",
            "+sbwt",
            "none",
            "-mnesia",
            "dir",
            "\"" + folder + "/spool\"",
            "-ejabberd",
            "log_rotate_count",
            "0",
            "-s",
            "ejabberd",
            "-noinput"));
  }

  private static boolean listens(ChildProcess process, List<Integer> ports) {
    return process.awaitOutput(
        START, ports.stream().map(p -> "connections at 127.0.0.1:" + p + " for ").toList());
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void restart() {
    process = launch(files.folder());
    if (!listens(process, List.of(port, directTlsPort, apiPort))) {
      throw new IllegalStateException("ejabberd did not start again:\n" + process.output());
    }
  }

  @Override
  public String domain() {
    return DOMAIN;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int directTlsPort() {
    return directTlsPort;
  }

  @Override
  public Path caFile() {
    return files.caFile();
  }

  @Override
  public void addUser(String name, String password) {
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("user", name)
            .put("host", DOMAIN)
            .put("password", password)
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + "/api/register"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("registering " + name + ": " + response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while registering " + name, e);
    }
  }

  @Override
  public String log() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
  }

  // The folder depends on the machine's architecture; Debian writes it into its own script.
  private static String erlangLibraries(Path control) {
    try {
      Matcher found = ERL_LIBS.matcher(Files.readString(control));
      if (!found.find()) {
        throw new IllegalStateException(control + " sets no ERL_LIBS: is it Debian's ejabberd?");
      }
      return found.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
