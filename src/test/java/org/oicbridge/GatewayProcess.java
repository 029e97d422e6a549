package org.oicbridge;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code bin/oic-bridge run} as a process of its own, and a caller of its API. */
public final class GatewayProcess implements AutoCloseable {
  private static final String TOKEN = "a-token-for-this-run";
  private static final String SERVING = "serving ";
  private static final String COAP = "coap port ";
  private static final int STOP_SECONDS = 60;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final URI api;
  private final int coapPort;

  private GatewayProcess(Process process, URI api, int coapPort) {
    this.process = process;
    this.api = api;
    this.coapPort = coapPort;
  }

  /**
   * Starts it and waits until it serves.
   *
   * @param folder gets its configuration, its log and, in {@code data}, what it keeps
   * @param yaml what the configuration has besides
   */
  public static GatewayProcess start(Path folder, String yaml) throws IOException {
    Path conf = configure(folder, yaml);
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder("bin/oic-bridge", "run", "--conf", conf.toString())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("OIC_BRIDGE_LOG", "warn");
    Process process = builder.start();
    // What it prints later is little, and the pipe holds it.
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    int coapPort = -1;
    while (line != null && !line.startsWith(SERVING)) {
      if (line.startsWith(COAP) && !line.startsWith(COAP + "none")) {
        coapPort = Integer.parseInt(line.substring(COAP.length(), line.indexOf(',')));
      }
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("the gateway did not start: " + Files.readString(log));
    }
    return new GatewayProcess(process, URI.create(line.substring(SERVING.length())), coapPort);
  }

  private static Path configure(Path folder, String yaml) throws IOException {
    return Files.writeString(
        folder.resolve("gateway.yaml"),
        "data: {dir: \"%s\"}%nhttp: {port: 0, token: %s}%n".formatted(data(folder), TOKEN) + yaml);
  }

  /** Where it keeps what it must not forget. */
  static Path data(Path folder) {
    return folder.resolve("data");
  }

  public static String authorization() {
    return "Authorization: Bearer " + TOKEN;
  }

  public int port() {
    return api.getPort();
  }

  /** Where it serves plain CoAP, -1 when it does not. */
  public int coapPort() {
    return coapPort;
  }

  public long pid() {
    return process.pid();
  }

  /** The hosted devices by their identifier, as the API lists them. */
  public Map<String, JsonObject> devices() throws IOException, InterruptedException {
    Map<String, JsonObject> devices = new LinkedHashMap<>();
    String next = "";
    while (next != null) {
      JsonObject page = new JsonObject(get(api + "?limit=1000&origin=hosted" + next));
      for (Object device : page.getJsonArray("devices")) {
        devices.put(((JsonObject) device).getString("di"), (JsonObject) device);
      }
      String cursor = page.getString("next");
      next = cursor == null ? null : "&cursor=" + cursor;
    }
    return devices;
  }

  /** How many changes its registry has kept since it was started. */
  int changesKept() throws IOException, InterruptedException {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("oicgw_store_writes_seconds_count{outcome=\"kept\""))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** All metrics in Prometheus' text format. */
  public String metrics() throws IOException, InterruptedException {
    return get(api.resolve("/metrics").toString());
  }

  private String get(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + TOKEN).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(url + " answered " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /** Ends it with SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it with SIGTERM and gives its exit status. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      kill();
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
