package org.oicbridge.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.oicbridge.sandbox.EmbeddedXmppServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The embedded XMPP server in a process of its own, until its input ends. It says {@code ready},
 * its port and the file with its certificate authority.
 */
@Command(name = "server-child", hidden = true)
final class ServerChild implements Callable<Integer> {
  @Option(names = "--accounts", required = true)
  private int accounts;

  @Option(names = "--tls")
  private boolean tls;

  @Option(names = "--iterations", defaultValue = "10000")
  private int iterations;

  @Option(names = "--resumption", defaultValue = "-1")
  private int resumption;

  @Override
  public Integer call() throws Exception {
    Map<String, String> passwords = new HashMap<>();
    for (int account = 0; account < accounts; account++) {
      passwords.put(Site.user(account), Site.PASSWORD);
    }
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    EmbeddedXmppServer server =
        new EmbeddedXmppServer(
            vertx,
            new EmbeddedXmppServer.Options(Site.DOMAIN, passwords)
                .withTls(tls ? EmbeddedXmppServer.Tls.REQUIRED : EmbeddedXmppServer.Tls.NONE)
                .withIterations(iterations)
                .withResumption(resumption));
    int port = Wait.of(server.start(), "the XMPP server");
    Path authority = Files.createTempFile("authority", ".pem");
    authority.toFile().deleteOnExit();
    Files.write(authority, server.certificateAuthority().getBytes());
    System.out.println("ready " + port + " " + authority);
    while (System.in.read() >= 0) {
      // Nobody says anything.
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return 0;
  }
}
