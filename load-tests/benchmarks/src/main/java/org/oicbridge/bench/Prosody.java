package org.oicbridge.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Debian's Prosody on a free port of loopback, without TLS, tuned for many stanzas. */
final class Prosody implements AutoCloseable {
  private final Process process;
  private final Site site;

  private Prosody(Process process, Site site) {
    this.process = process;
    this.site = site;
  }

  /** Starts it with so many accounts. */
  static Prosody start(int accounts) throws IOException {
    Path directory = Files.createTempDirectory("prosody");
    int port = freePort();
    Path users = Files.createDirectories(directory.resolve("data/" + Site.DOMAIN + "/accounts"));
    for (int account = 0; account < accounts; account++) {
      Files.writeString(
          users.resolve(Site.user(account) + ".dat"),
          "return { [\"password\"] = \"" + Site.PASSWORD + "\"; };\n");
    }
    Path config = directory.resolve("prosody.cfg.lua");
    Files.writeString(
        config,
        """
        run_as_root = true
        pidfile = "%1$s/prosody.pid"
        data_path = "%1$s/data"
        log = { { levels = { min = "info" }, to = "stdout" } }
        interfaces = { "127.0.0.1" }
        c2s_ports = { %2$d }
        c2s_direct_tls_ports = { }
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = false
        modules_enabled = { "disco", "roster", "saslauth", "smacks", "ping", "posix" }
        modules_disabled = { "s2s", "limits" }
        network_backend = "epoll"
        authentication = "internal_plain"
        VirtualHost "%3$s"
        """
            .formatted(directory, port, Site.DOMAIN));
    Process process =
        new ProcessBuilder("prosody", "-F", "--config", config.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder log = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      log.append(line).append('\n');
      if (line.contains("Activated service 'c2s' on [127.0.0.1]:" + port)) {
        drain(output);
        return new Prosody(process, Site.of(port, Path.of("none"), false, accounts, process.pid()));
      }
    }
    throw new IllegalStateException("Prosody did not start:\n" + log);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** It would stop at a full pipe. */
  private static void drain(BufferedReader output) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (output.readLine() != null) {
                  // Its log is of no interest once it runs.
                }
              } catch (IOException e) {
                // It has ended.
              }
            },
            "prosody-log");
    thread.setDaemon(true);
    thread.start();
  }

  Site site() {
    return site;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
