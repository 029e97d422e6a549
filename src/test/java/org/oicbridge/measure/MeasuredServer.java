package org.oicbridge.measure;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.oicbridge.sandbox.EmbeddedXmppServer;
import org.oicbridge.sandbox.ServerCounters;

/**
 * The embedded XMPP server as a process, which can do to its connections what a network does:
 * {@code MeasuredServer DIR ACCOUNTS PASSWORD PORT}. It takes {@code cut}, {@code heal} and {@code
 * count}, a line each, and answers with a line.
 */
final class MeasuredServer {
  private static final int ITERATIONS = 4096;
  private static final long SAMPLE_MILLIS = 100;

  /** Over which the rate is taken: a server that was busy accepts in bursts. */
  private static final int SAMPLES = 50;

  private final EmbeddedXmppServer server;
  private final Deque<Long> connections = new ArrayDeque<>();
  private long most;

  private MeasuredServer(EmbeddedXmppServer server) {
    this.server = server;
  }

  public static void main(String[] args) throws IOException {
    Vertx vertx = Vertx.vertx();
    Map<String, String> passwords =
        IntStream.range(0, Integer.parseInt(args[1]))
            .mapToObj(number -> "user" + number)
            .collect(Collectors.toMap(Function.identity(), user -> args[2]));
    EmbeddedXmppServer server =
        new EmbeddedXmppServer(
            vertx,
            new EmbeddedXmppServer.Options("localhost", passwords)
                .withDirectTls(Integer.parseInt(args[3]))
                .withIterations(ITERATIONS)
                .keptIn(Path.of(args[0])));
    server.start().await();
    MeasuredServer measured = new MeasuredServer(server);
    vertx.setPeriodic(SAMPLE_MILLIS, id -> measured.sample());
    System.out.println("ready " + server.directTlsPort());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(measured.answer(line));
    }
  }

  private void sample() {
    server.faults().counters().onSuccess(this::sampled);
  }

  private synchronized void sampled(ServerCounters counters) {
    connections.add(counters.connections());
    if (connections.size() > SAMPLES) {
      most = Math.max(most, counters.connections() - connections.remove());
    }
  }

  private String answer(String command) {
    return switch (command) {
      case "cut" -> {
        server.faults().refuseConnections().await();
        yield "cut " + server.faults().cut().await();
      }
      case "heal" -> {
        server.faults().allowConnections().await();
        yield "healed";
      }
      default -> {
        ServerCounters now = server.faults().counters().await();
        yield now.sessions() + " " + now.resumptions() + " " + peak();
      }
    };
  }

  /** Most connections in a second since the last question, over five seconds. */
  private synchronized double peak() {
    double peak = most / (SAMPLES * SAMPLE_MILLIS / 1000.0);
    most = 0;
    return peak;
  }
}
