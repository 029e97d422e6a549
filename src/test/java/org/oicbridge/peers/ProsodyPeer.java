package org.oicbridge.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Debian's Prosody as a child process on loopback; run by whoever runs the tests, root included.
 */
public final class ProsodyPeer implements RestartableServer {
  private static final String DOMAIN = "prosody.test";
  private static final Duration START = Duration.ofSeconds(20);
  private static final int TRIES = 5;
  private static final List<String> SERVING =
      List.of("Activated service 'c2s' on ", "'c2s_direct_tls' on ");

  private final ServerFiles files;
  private final List<String> command;
  private final String address;
  private final int port;
  private final int directTlsPort;
  private final ProsodyAccounts accounts;
  private ChildProcess process;

  private ProsodyPeer(
      ServerFiles files,
      List<String> command,
      ChildProcess process,
      String address,
      List<Integer> ports,
      ProsodyAccounts accounts) {
    this.files = files;
    this.command = command;
    this.address = address;
    this.process = process;
    this.port = ports.get(0);
    this.directTlsPort = ports.get(1);
    this.accounts = accounts;
  }

  /** Which SCRAM hashes Prosody offers follows from how it keeps its passwords. */
  public enum Passwords {
    /** {@code internal_hashed}, as shipped: SCRAM-SHA-1 and PLAIN. */
    SHA_1,
    /** {@code internal_hashed} with {@code password_hash = "SHA-256"}: SCRAM-SHA-256 and PLAIN. */
    SHA_256,
    /** {@code internal_plain}: SCRAM-SHA-256, SCRAM-SHA-1 and PLAIN. */
    PLAIN
  }

  /**
   * How the server is set up.
   *
   * @param iterations of PBKDF2 for new accounts, 4096 or more; Prosody's default is 10000
   * @param offerPlain whether PLAIN (and LOGIN) are offered over TLS
   * @param extra more global settings in Lua, which replace those of the same name
   */
  public record Options(
      ServerLimits limits, Passwords passwords, int iterations, boolean offerPlain, String extra) {

    /** Debian's packaged configuration. */
    public static Options asShipped() {
      return new Options(ServerLimits.AS_SHIPPED, Passwords.SHA_1, 10_000, true, "");
    }

    /** For a fleet: no rate limit, SCRAM-SHA-256 and SCRAM-SHA-1. */
    public static Options tuned() {
      return new Options(ServerLimits.TUNED, Passwords.PLAIN, 10_000, true, "");
    }

    public Options withLimits(ServerLimits value) {
      return new Options(value, passwords, iterations, offerPlain, extra);
    }

    public Options withPasswords(Passwords value) {
      return new Options(limits, value, iterations, offerPlain, extra);
    }

    public Options withIterations(int value) {
      return new Options(limits, passwords, value, offerPlain, extra);
    }

    public Options withExtra(String value) {
      return new Options(limits, passwords, iterations, offerPlain, value);
    }

    public Options withoutPlain() {
      return new Options(limits, passwords, iterations, false, extra);
    }
  }

  /** Starts it and waits until both client ports listen; tries again when a port was taken. */
  public static ProsodyPeer start(Options options) {
    return start(options, null);
  }

  /** Starts it in another network, where it listens at {@link NetworkNamespace#address()}. */
  public static ProsodyPeer start(Options options, NetworkNamespace network) {
    String program = Peers.require("prosody").toString();
    String address = network == null ? "127.0.0.1" : network.address();
    StringBuilder failures = new StringBuilder();
    for (int i = 0; i < TRIES; i++) {
      ServerFiles files = ServerFiles.create("prosody", DOMAIN);
      List<Integer> ports = LoopbackPorts.free(2);
      Path config =
          files.write("prosody.cfg.lua", configuration(files.folder(), address, ports, options));
      List<String> command = new ArrayList<>(network == null ? List.of() : network.command());
      command.addAll(List.of(program, "-F", "--config", config.toString()));
      ChildProcess process = ChildProcess.start(files.folder(), Map.of(), command);
      if (listens(process, address, ports)) {
        return new ProsodyPeer(
            files, command, process, address, ports, new ProsodyAccounts(files, DOMAIN, options));
      }
      failures.append(process.output()).append('\n');
      process.close();
    }
    throw new IllegalStateException("Prosody did not start:\n" + failures);
  }

  private static boolean listens(ChildProcess process, String address, List<Integer> ports) {
    return process.awaitOutput(START, SERVING)
        && process.output().contains("'c2s' on [" + address + "]:" + ports.get(0))
        && process.output().contains("'c2s_direct_tls' on [" + address + "]:" + ports.get(1));
  }

  /** Ends it as an operator does; its accounts stay for {@link #restart()}. */
  public void down() {
    process.leaveFiles();
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void restart() {
    process = ChildProcess.start(files.folder(), Map.of(), command);
    if (!listens(process, address, List.of(port, directTlsPort))) {
      throw new IllegalStateException("Prosody did not start again:\n" + process.output());
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
    accounts.add(name, password);
  }

  @Override
  public String log() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
  }

  private static String configuration(
      Path folder, String address, List<Integer> ports, Options options) {
    String common =
        """
        -- Prosody changes to the user "prosody" when root starts it, who cannot read this folder.
        run_as_root = true
        pidfile = "%1$s/prosody.pid"
        data_path = "%1$s/data"
        certificates = "%1$s/certs"
        log = { { levels = { min = "info" }, to = "stdout" } }
        interfaces = { "%5$s" }
        c2s_ports = { %2$d }
        c2s_direct_tls_ports = { %3$d }
        modules_disabled = { "s2s" }
        -- Debian's list without dialback, invites and the administration modules.
        modules_enabled = {
          "disco", "roster", "saslauth", "tls", "blocklist", "bookmarks", "carbons", "limits",
          "pep", "private", "smacks", "vcard4", "vcard_legacy", "csi_simple", "ping", "time",
          "uptime", "version", "posix"
        }
        c2s_require_encryption = true
        default_iteration_count = %4$d
        """
            .formatted(folder, ports.get(0), ports.get(1), options.iterations(), address);
    String passwords =
        switch (options.passwords()) {
          case SHA_1 -> "authentication = \"internal_hashed\"\n";
          case SHA_256 -> "authentication = \"internal_hashed\"\npassword_hash = \"SHA-256\"\n";
          case PLAIN -> "authentication = \"internal_plain\"\n";
        };
    String mechanisms =
        options.offerPlain()
            ? ""
            : "disable_sasl_mechanisms = { \"DIGEST-MD5\", \"PLAIN\", \"LOGIN\" }\n";
    String limits =
        switch (options.limits()) {
          case AS_SHIPPED -> "limits = { c2s = { rate = \"10kb/s\" } }\n";
          // An empty table would leave the module's built-in 10 kB/s in force.
          case TUNED ->
              """
              limits = { c2s = { rate = "100mb/s" } }
              network_settings = { nagle = false }
              csi_important_payloads = { "{http://jabber.org/protocol/ibb}data" }
              """;
        };
    return common
        + passwords
        + mechanisms
        + limits
        + options.extra()
        + "\nVirtualHost \""
        + DOMAIN
        + "\"\n";
  }
}
