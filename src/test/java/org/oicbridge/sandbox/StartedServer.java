package org.oicbridge.sandbox;

import static org.oicbridge.sandbox.RawXmppClient.DOMAIN;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.oicbridge.sandbox.EmbeddedXmppServer.Options;
import org.oicbridge.sandbox.EmbeddedXmppServer.Tls;

/**
 * A server in the clear with the accounts alice and bob, and what its clients say to it. Blocks.
 */
final class StartedServer implements AutoCloseable {
  static final Tuning TUNING = new Tuning(Duration.ofSeconds(30), 0, 10, Duration.ofMillis(20));

  private final Vertx vertx = Vertx.vertx();
  private final EmbeddedXmppServer server;
  private final int port;

  StartedServer(int resumption, Tuning tuning) throws Exception {
    Options options =
        new Options(DOMAIN, Map.of("alice", "alice's", "bob", "bob's"))
            .withIterations(16)
            .withTls(Tls.NONE)
            .withResumption(resumption);
    server = new EmbeddedXmppServer(vertx, options, tuning);
    port = await(server.start());
  }

  StartedServer() throws Exception {
    this(300, TUNING);
  }

  int port() {
    return port;
  }

  ServerFaults faults() {
    return server.faults();
  }

  ServerCounters counters() throws Exception {
    return await(faults().counters());
  }

  ServerCounters when(Predicate<ServerCounters> expected) throws Exception {
    return await(faults().when(expected));
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  RawXmppClient connect() throws Exception {
    return new RawXmppClient(port);
  }

  RawXmppClient loggedIn(String user) throws Exception {
    return RawXmppClient.loggedIn(port, user, user + "'s");
  }

  RawXmppClient bound(String user, String resource) throws Exception {
    return RawXmppClient.bound(port, user, user + "'s", resource);
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
  }

  /** An element of stream management. */
  static String sm(String name, String attributes) {
    return "<%s xmlns='urn:xmpp:sm:3'%s/>"
        .formatted(name, attributes.isEmpty() ? "" : " " + attributes);
  }

  /** Enables stream management with resumption and gives the id. */
  static String enable(RawXmppClient client) throws Exception {
    client.send(sm("enable", "resume='true'")).until("id='");
    String id = client.until("'");
    client.until("/>");
    return id.substring(0, id.length() - 1);
  }

  static String resume(String id, String h) {
    return sm("resume", "previd='%s' h='%s'".formatted(id, h));
  }

  static String resumed(String id, String h) {
    return sm("resumed", "previd='%s' h='%s'".formatted(id, h));
  }

  static String message(String to, String body) {
    return "<message to='%s'><body>%s</body></message>".formatted(to, body);
  }

  static String ping(String id) {
    return "<iq type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>".formatted(id);
  }

  /** Waits until all is handled that the client has said. */
  static String settle(RawXmppClient client) throws Exception {
    return client.send(ping("settled")).until("id='settled'") + client.until("/>");
  }
}
