package org.oicbridge.bench;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the XMPP server is, as options of a child process. */
final class Site {
  static final String DOMAIN = "localhost";
  static final String PASSWORD = "secret";

  @Option(names = "--port", required = true)
  int port;

  @Option(names = "--ca", required = true)
  Path authority;

  @Option(names = "--tls")
  boolean tls;

  @Option(names = "--accounts", required = true)
  int accounts;

  /** The process whose CPU time is read beside the child's own. */
  @Option(names = "--server", required = true)
  long server;

  /** Whether the server offers stream management and it is used. */
  boolean management;

  static Site of(int port, Path authority, boolean tls, int accounts, long server) {
    Site site = new Site();
    site.port = port;
    site.authority = authority;
    site.tls = tls;
    site.accounts = accounts;
    site.server = server;
    return site;
  }

  /** These options as they are written. */
  List<String> arguments() {
    return List.of(
        "--port",
        String.valueOf(port),
        "--ca",
        authority.toString(),
        "--tls=" + tls,
        "--accounts",
        String.valueOf(accounts),
        "--server",
        String.valueOf(server));
  }

  /** The name of an account. */
  static String user(int account) {
    return "user" + account;
  }
}
