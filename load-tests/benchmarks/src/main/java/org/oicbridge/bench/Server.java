package org.oicbridge.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** An XMPP server in a process of its own, or the relay in its place. */
final class Server implements AutoCloseable {
  private final ChildJvm process;
  private final Site site;

  private Server(ChildJvm process, Site site) {
    this.process = process;
    this.site = site;
  }

  /** Starts the embedded server with so many accounts. */
  static Server embedded(Consumer<String> listener, boolean tls, int accounts) {
    return embedded(listener, tls, accounts, false);
  }

  /** The same, with stream management or without it. */
  static Server embedded(Consumer<String> listener, boolean tls, int accounts, boolean management) {
    ChildJvm process =
        ChildJvm.bench(
            listener,
            List.of(
                "server-child",
                "--accounts",
                String.valueOf(accounts),
                "--tls=" + tls,
                "--resumption=" + (management ? 300 : -1)));
    String[] where = process.await("ready ").split(" ", -1);
    Site site =
        Site.of(Integer.parseInt(where[0]), Path.of(where[1]), tls, accounts, process.pid());
    site.management = management;
    return new Server(process, site);
  }

  /** Starts the raw relay. */
  static Server relay(Consumer<String> listener) {
    ChildJvm process = ChildJvm.bench(listener, List.of("relay-child"));
    int port = Integer.parseInt(process.await("ready "));
    return new Server(process, Site.of(port, Path.of("none"), false, 1, process.pid()));
  }

  Site site() {
    return site;
  }

  @Override
  public void close() {
    process.close();
  }
}
