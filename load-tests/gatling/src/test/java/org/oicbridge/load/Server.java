package org.oicbridge.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.sandbox.EmbeddedXmppServer;

/**
 * The XMPP server of a simulation: the embedded one in this process, or a Prosody of its own.
 *
 * @param domain of its JIDs
 * @param port of 127.0.0.1, with STARTTLS
 * @param trust PEM file of the authority that issued its certificate
 * @param streams how many clients are connected, as far as it says
 */
record Server(String domain, int port, Path trust, IntSupplier streams, AutoCloseable whole)
    implements AutoCloseable {
  static final String PASSWORD = "correct horse";

  private static final long STOP_SECONDS = 5;
  private static final String CONNECTED = "Client connected";

  /**
   * Starts the one that {@code load.xmpp} names, embedded or prosody.
   *
   * @param folder where its certificate may be written
   */
  static Server start(Collection<String> users, Path folder) throws IOException {
    String kind = Settings.text("xmpp");
    return switch (kind == null ? "embedded" : kind) {
      case "embedded" -> embedded(users, folder);
      case "prosody" -> prosody(users);
      default ->
          throw new IllegalArgumentException(
              "load.xmpp is \"" + kind + "\", expected embedded or prosody");
    };
  }

  private static Server embedded(Collection<String> users, Path folder) throws IOException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    EmbeddedXmppServer server =
        new EmbeddedXmppServer(
            vertx,
            new EmbeddedXmppServer.Options(
                "localhost",
                users.stream().collect(Collectors.toMap(Function.identity(), u -> PASSWORD))));
    int port = server.start().await();
    Path trust =
        Files.write(folder.resolve("authority.pem"), server.certificateAuthority().getBytes());
    return new Server(
        "localhost",
        port,
        trust,
        () -> server.faults().counters().await().streams(),
        () -> {
          await(server.stop());
          await(vertx.close());
        });
  }

  /** Within a time, since this may be a process that ends in the middle. */
  private static void await(Future<?> stopped) throws Exception {
    stopped.toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
  }

  private static Server prosody(Collection<String> users) {
    ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
    server.addUsers(users, PASSWORD);
    return new Server(
        server.domain(),
        server.port(),
        server.caFile(),
        () -> Math.toIntExact(server.log().lines().filter(l -> l.contains(CONNECTED)).count()),
        server);
  }

  @Override
  public void close() throws Exception {
    whole.close();
  }
}
