package org.oicbridge.measure;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.oicbridge.GatewayProcess;
import org.oicbridge.Main;

/**
 * A gateway in a JVM of its own, with the devices in another, and its accounts on a server. Each
 * account has the gateway's own session besides those of its devices.
 */
final class FleetSite implements AutoCloseable {
  static final String PASSWORD = "password";
  private static final int AT_ONCE = 16;
  private static final int LINES = 500;
  private static final long PATIENCE_SECONDS = 600;

  private final Path directory;
  private final int accounts;
  private final int sessions;
  private final HttpClient http = HttpClient.newHttpClient();
  private final JavaProcess devices;
  private final FleetServer server;
  private final JavaProcess gateway;
  private final URI api;

  /**
   * Starts both; the gateway has no account yet.
   *
   * @param sessions on all accounts together
   * @param heap such as {@code 512m}
   * @param xmpp more of the gateway's section {@code xmpp}, in the flow style of YAML
   */
  FleetSite(
      Path directory, FleetServer server, int sessions, int accounts, String heap, String xmpp)
      throws IOException {
    this.directory = directory;
    this.server = server;
    this.accounts = accounts;
    this.sessions = sessions;
    devices =
        start(
            "devices",
            List.of(),
            Main.class,
            "ready",
            "simulate",
            "--devices",
            String.valueOf(sessions - accounts),
            "--accounts",
            String.valueOf(accounts),
            "--domain",
            server.domain(),
            "--list",
            list().toString());
    Path conf = directory.resolve("run.yaml");
    Files.writeString(
        conf,
        """
        data: {dir: "%s"}
        http: {port: 0, token: %s}
        coap: {host: 127.0.0.1}
        xmpp: {trust: "%s", %s}
        """
            .formatted(
                directory.resolve("data"),
                GatewayProcess.authorization().replaceFirst(".* ", ""),
                server.authority(),
                xmpp));
    gateway =
        start(
            "gateway",
            List.of("-Xmx" + heap),
            MeasuredGateway.class,
            "serving",
            "run",
            "--conf",
            conf.toString());
    api = URI.create(gateway.ready().substring("serving ".length())).resolve("/api/v1/");
  }

  private JavaProcess start(
      String name, List<String> options, Class<?> main, String word, String... arguments)
      throws IOException {
    return new JavaProcess(
        directory.resolve(name + ".log"), options, main, List.of(arguments), word);
  }

  /** The localpart of an account, as {@code simulate} has it. */
  static String user(int number) {
    return "user" + number;
  }

  private Path list() {
    return directory.resolve("devices.ndjson");
  }

  int sessions() {
    return sessions;
  }

  JavaProcess gateway() {
    return gateway;
  }

  /** Registers all accounts and devices, and waits until all sessions are online. */
  void logIn() throws IOException, InterruptedException {
    int port = server.directTlsPort();
    forAccounts(
        account ->
            HttpRequest.newBuilder()
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofString(
                        new JsonObject()
                            .put("address", "127.0.0.1")
                            .put("port", port)
                            .put("tls", "direct")
                            .put("credential", base64(PASSWORD))
                            .encode())));
    register();
    awaitOnline(sessions);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Forgets all accounts and devices, and waits until no session is left. */
  void logOut() throws IOException, InterruptedException {
    forAccounts(account -> HttpRequest.newBuilder().DELETE());
    awaitOnline(0);
  }

  /** How a request for an account begins. */
  private interface Call {
    HttpRequest.Builder of(String account);
  }

  private void forAccounts(Call call) throws IOException {
    List<String> jids =
        IntStream.range(0, accounts)
            .mapToObj(number -> user(number) + "@" + server.domain())
            .toList();
    for (int from = 0; from < accounts; from += AT_ONCE) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (String jid : jids.subList(from, Math.min(from + AT_ONCE, accounts))) {
        answers.add(
            http.sendAsync(request("accounts/" + jid, call.of(jid)), BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        check(answer.join());
      }
    }
  }

  private void register() throws IOException, InterruptedException {
    List<String> lines = Files.readAllLines(list());
    for (int from = 0; from < lines.size(); from += LINES) {
      String some = String.join("\n", lines.subList(from, Math.min(from + LINES, lines.size())));
      HttpResponse<String> answer =
          http.send(
              request(
                  "devices",
                  HttpRequest.newBuilder()
                      .header("Content-Type", "application/x-ndjson")
                      .POST(BodyPublishers.ofString(some + "\n"))),
              BodyHandlers.ofString());
      check(answer);
      if (answer.body().contains("\"type\":")) {
        throw new IOException("not registered: " + answer.body().lines().findFirst());
      }
    }
  }

  private HttpRequest request(String path, HttpRequest.Builder builder) {
    String[] header = GatewayProcess.authorization().split(": ", 2);
    return builder.uri(api.resolve(path)).header(header[0], header[1]).build();
  }

  private static void check(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(answer.uri() + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  /** How many sessions are online now. */
  long online() throws IOException, InterruptedException {
    return online(metrics());
  }

  private static long online(String metrics) {
    return Probe.metric(metrics, "oicgw_xmpp_sessions", "state=\"online\"");
  }

  String metrics() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(request("/metrics", HttpRequest.newBuilder()), BodyHandlers.ofString());
    check(answer);
    return answer.body();
  }

  /** Waits until so many sessions are online, and none of them is detached. */
  void awaitOnline(long count) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String metrics = metrics();
    while (online(metrics) != count || Probe.metric(metrics, "oicgw_xmpp_detached", "") != 0) {
      if (System.nanoTime() - until > 0) {
        throw new IOException(online() + " sessions are online, expected " + count);
      }
      TimeUnit.MILLISECONDS.sleep(200);
      metrics = metrics();
    }
  }

  @Override
  public void close() {
    gateway.close();
    devices.close();
    server.close();
  }
}
