package org.oicbridge.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The whole gateway as {@code run} starts it, with one account and its devices. */
final class GatewayProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ChildJvm process;
  private final int port;
  private final int devices;

  private GatewayProcess(ChildJvm process, int port, int devices) {
    this.process = process;
    this.port = port;
    this.devices = devices;
  }

  /**
   * Starts it.
   *
   * @param site the XMPP server, which is spoken to without TLS
   * @param devices the ports of the CoAP devices
   */
  static GatewayProcess start(Consumer<String> listener, Site site, List<Integer> devices) {
    try {
      Path directory = Files.createTempDirectory("oic-bridge-bench");
      Path file = directory.resolve("gateway.yaml");
      Files.writeString(file, configuration(directory, site, devices));
      ChildJvm process =
          ChildJvm.start(
              listener,
              System.getProperty("java.class.path"),
              List.of(),
              List.of("org.oicbridge.Main", "run", "--conf", file.toString()));
      return new GatewayProcess(
          process, URI.create(process.await("serving ")).getPort(), devices.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String configuration(Path directory, Site site, List<Integer> devices) {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        data: {dir: "%s"}
        http: {host: 127.0.0.1, port: 0}
        coap: {host: 127.0.0.1, nstart: 64}
        xmpp: {streamManagement: %s}
        accounts:
          - jid: %s@%s
            password: %s
            address: 127.0.0.1
            port: %d
            tls: none
            devices:
        """
            .formatted(
                directory, site.management, Site.user(0), Site.DOMAIN, Site.PASSWORD, site.port));
    for (int i = 0; i < devices.size(); i++) {
      yaml.append(
          "      - {di: %s, rt: oic.d.light, endpoint: \"coap://127.0.0.1:%d\"}%n"
              .formatted(di(i), devices.get(i)));
    }
    return yaml.toString();
  }

  private static String di(int device) {
    return "00000000-0000-4000-8000-%012x".formatted(device);
  }

  /**
   * The counters of all devices, once all of them answer.
   *
   * @param query what to add to each, such as {@code ?via=xmpp}
   */
  List<String> counters(String query) throws InterruptedException {
    List<String> uris = new ArrayList<>();
    for (int i = 0; i < devices; i++) {
      String uri = "/api/v1/devices/" + di(i) + "/resources/counter" + query;
      awaitAnswer(URI.create("http://127.0.0.1:" + port + uri));
      uris.add(uri);
    }
    return uris;
  }

  private static void awaitAnswer(URI uri) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    while (true) {
      try {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return;
        }
        if (System.nanoTime() > end) {
          throw new IllegalStateException(uri + " still answers " + answer.body());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      // Another process: there is nothing here that could tell when it is ready.
      Thread.sleep(50);
    }
  }

  /** The port of its HTTP API. */
  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}
