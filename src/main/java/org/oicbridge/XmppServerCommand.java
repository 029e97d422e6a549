package org.oicbridge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.oicbridge.sandbox.EmbeddedXmppServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "xmpp-server",
    mixinStandardHelpOptions = true,
    description = "Runs the demo's XMPP server by itself, on loopback, with many accounts.")
final class XmppServerCommand implements Callable<Integer> {
  private static final String AUTHORITY = "authority.pem";
  private static final String CONFIGURATION = "gateway.yaml";

  @Spec private CommandSpec spec;

  @Option(
      names = "--xmpp",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:5222",
      converter = LoopbackAddress.Converter.class,
      description = "Where streams begin in the clear (${DEFAULT-VALUE}); port 0 for any free one.")
  private LoopbackAddress xmpp;

  @Option(
      names = "--direct-tls",
      paramLabel = "PORT",
      defaultValue = "5223",
      description = "Where they begin under TLS (${DEFAULT-VALUE}); 0 for any free one.")
  private int directTls;

  @Option(
      names = "--accounts",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many accounts, user0, user1 and so on (${DEFAULT-VALUE}).")
  private int accounts;

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      defaultValue = SimulatedAccounts.DOMAIN,
      description = "Its XMPP domain (${DEFAULT-VALUE}).")
  private String domain;

  @Option(
      names = "--password",
      paramLabel = "PASSWORD",
      defaultValue = "password",
      description = "The password of all accounts (${DEFAULT-VALUE}).")
  private String password;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "4096",
      description = "Rounds of the password hash (${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description =
          "Keeps its certificate for the next start, with the authority in "
              + AUTHORITY
              + ", and gets "
              + CONFIGURATION
              + ", with which a gateway serves its accounts by direct TLS.")
  private Path directory;

  @Override
  public Integer call() {
    Vertx vertx = Vertx.vertx(Gateway.vertxOptions());
    EmbeddedXmppServer server = server(vertx);
    Future<Integer> started =
        server
            .start()
            .compose(port -> vertx.executeBlocking(() -> write(server)).map(port))
            .onSuccess(port -> describe(server, port));
    return RunningProcess.serve(vertx, started, server::stop);
  }

  private EmbeddedXmppServer server(Vertx vertx) {
    if (accounts < 1) {
      throw new ParameterException(
          spec.commandLine(), "--accounts is " + accounts + ", expected 1 or more");
    }
    Map<String, String> passwords =
        IntStream.range(0, accounts)
            .mapToObj(SimulatedAccounts::user)
            .collect(Collectors.toMap(Function.identity(), user -> password));
    try {
      return new EmbeddedXmppServer(
          vertx,
          new EmbeddedXmppServer.Options(domain, passwords)
              .listeningOn(xmpp.host(), xmpp.port())
              .withDirectTls(directTls)
              .withIterations(iterations)
              .keptIn(directory));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Void write(EmbeddedXmppServer server) throws IOException {
    Path authority = directory.resolve(AUTHORITY).toAbsolutePath();
    StringBuilder yaml = new StringBuilder();
    yaml.append("data: {dir: \"").append(directory.resolve("data").toAbsolutePath());
    yaml.append("\"}\nxmpp: {trust: \"").append(authority).append("\"}\naccounts:\n");
    for (int number = 0; number < accounts; number++) {
      yaml.append(
          "  - {jid: %s@%s, password: \"%s\", address: \"%s\", port: %d, tls: direct}%n"
              .formatted(
                  SimulatedAccounts.user(number),
                  domain,
                  password,
                  xmpp.host(),
                  server.directTlsPort()));
    }
    Files.writeString(directory.resolve(CONFIGURATION), yaml);
    return null;
  }

  private void describe(EmbeddedXmppServer server, int port) {
    System.out.printf(
        "ready %s port %d, direct TLS port %d, %d accounts, %s%n",
        xmpp.host(), port, server.directTlsPort(), accounts, directory.resolve(CONFIGURATION));
  }
}
