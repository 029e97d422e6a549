package org.oicbridge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.oicbridge.peers.ProsodyPeer;

/**
 * Kills a gateway with SIGKILL in the middle of an import, starts it anew, and looks whether every
 * acknowledged device is online under the full JID that it must have, and nothing is half there.
 * Prosody is real, the gateway a process of its own.
 */
final class ImportCrash implements AutoCloseable {
  static final int ACCOUNTS = 100;
  static final int DEVICES = 1000;

  private static final String TOKEN = "a-token-for-this-run";
  private static final Duration ONLINE = Duration.ofMinutes(3);
  private static final String RT = "oic.d.sensor";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ProsodyPeer server;
  private final String store;
  private final List<String> wrapper;
  private final Random random;
  private Path folder;
  private Process gateway;
  private String url;

  /**
   * Prepares the rounds.
   *
   * @param store the {@code store} section of the configuration, empty for SQLite
   * @param wrapper a command that runs the gateway, such as strace, or empty
   */
  ImportCrash(ProsodyPeer server, String store, List<String> wrapper, long seed) {
    this.server = server;
    this.store = store;
    this.wrapper = List.copyOf(wrapper);
    this.random = new Random(seed);
  }

  /** Makes the accounts; once for a server. */
  static void accounts(ProsodyPeer server) {
    server.addUsers(Stream.iterate(0, i -> i + 1).limit(ACCOUNTS).map(i -> "u" + i).toList(), "pw");
  }

  /**
   * What a round showed.
   *
   * @param acknowledged how many devices were acknowledged before the process was killed
   * @param there how many devices there were after the restart
   * @param online how many of the acknowledged ones were online under their full JID
   * @param wrong what was not as it must be; empty when the round passed
   */
  record Round(int acknowledged, int there, int online, List<String> wrong) {}

  /** One round with a registry of its own. */
  Round round(Path data) throws IOException, InterruptedException {
    folder = data;
    start();
    int killAfter = 200 + random.nextInt(DEVICES - 300);
    Map<String, String> acknowledged = importUntil(killAfter);
    start();
    return check(acknowledged);
  }

  /** Imports everything and gives how many lines were acknowledged. */
  int importAll(Path data) throws IOException, InterruptedException {
    folder = data;
    start();
    return importUntil(Integer.MAX_VALUE).size();
  }

  private void start() throws IOException {
    Path conf = folder.resolve("gateway.yaml");
    Files.writeString(conf, configuration());
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(List.of("bin/oic-bridge", "run", "--conf", conf.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("stderr").toFile()));
    builder.environment().put("OIC_BRIDGE_LOG", "warn");
    gateway = builder.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("serving ")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException(
          "the gateway did not start: " + Files.readString(folder.resolve("stderr")));
    }
    url = line.substring("serving ".length());
  }

  private String configuration() {
    StringBuilder yaml = new StringBuilder();
    yaml.append("data: {dir: \"").append(folder.resolve("data")).append("\"}\n");
    yaml.append("http: {port: 0, token: ").append(TOKEN).append("}\n");
    yaml.append("xmpp: {trust: \"").append(server.caFile()).append("\"}\n").append(store);
    yaml.append("accounts:\n");
    for (int i = 0; i < ACCOUNTS; i++) {
      yaml.append(
          "  - {jid: u%d@%s, password: pw, address: 127.0.0.1, port: %d}%n"
              .formatted(i, server.domain(), server.port()));
    }
    return yaml.toString();
  }

  private static String di(int number) {
    return "00000000-0000-4000-9000-%012d".formatted(number);
  }

  private String account(int number) {
    return "u" + number % ACCOUNTS + "@" + server.domain();
  }

  private String jid(int number) {
    return account(number) + "/OIC/1.0/" + RT + "/" + di(number);
  }

  /** Streams the devices; kills the gateway once so many lines are acknowledged. */
  private Map<String, String> importUntil(int killAfter) throws InterruptedException {
    StringBuilder lines = new StringBuilder();
    Map<String, String> jids = new HashMap<>();
    for (int i = 0; i < DEVICES; i++) {
      jids.put(di(i), jid(i));
      lines
          .append(
              new JsonObject()
                  .put("di", di(i))
                  .put("account", account(i))
                  .put("rt", RT)
                  .put("name", "sensor " + i)
                  .put("endpoint", "coap://127.0.0.1:9/" + i)
                  .encode())
          .append('\n');
    }
    Map<String, String> acknowledged = new LinkedHashMap<>();
    HttpRequest request =
        request(url)
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
            .build();
    try {
      Iterator<String> answers =
          http.send(request, HttpResponse.BodyHandlers.ofLines()).body().iterator();
      while (answers.hasNext() && acknowledged.size() < killAfter) {
        JsonObject answer = new JsonObject(answers.next());
        if (answer.getInteger("status") == 201) {
          acknowledged.put(answer.getString("di"), jids.get(answer.getString("di")));
        }
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      // The connection ends with the process; what was read before counts.
    }
    if (killAfter <= DEVICES) {
      gateway.destroyForcibly().waitFor();
    }
    return acknowledged;
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create(target)).header("Authorization", "Bearer " + TOKEN);
  }

  private Round check(Map<String, String> acknowledged) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ONLINE.toNanos();
    List<String> wrong = new ArrayList<>();
    Map<String, JsonObject> there = Map.of();
    int online = 0;
    while (online < acknowledged.size() && System.nanoTime() - deadline < 0) {
      there = devices();
      online = 0;
      for (Map.Entry<String, String> device : acknowledged.entrySet()) {
        JsonObject found = there.get(device.getKey());
        if (found != null
            && found.getString("state").equals("online")
            && found.getString("jid").equals(device.getValue())) {
          online++;
        }
      }
      // A program that waits for a server, not a test: nothing tells from outside.
      TimeUnit.MILLISECONDS.sleep(500);
    }
    for (String di : acknowledged.keySet()) {
      if (!there.containsKey(di)) {
        wrong.add(di + " was acknowledged and is gone");
      }
    }
    if (online < acknowledged.size()) {
      wrong.add(acknowledged.size() - online + " are not online under their full JID");
    }
    there.forEach(
        (di, device) -> {
          boolean whole =
              device.getJsonArray("rt").equals(new JsonArray().add(RT))
                  && device.getString("name").startsWith("sensor ")
                  && device.getString("origin").equals("hosted");
          if (!whole) {
            wrong.add("half written: " + device.encode());
          }
        });
    gateway.destroy();
    gateway.waitFor();
    return new Round(acknowledged.size(), there.size(), online, wrong);
  }

  private Map<String, JsonObject> devices() throws IOException, InterruptedException {
    Map<String, JsonObject> devices = new LinkedHashMap<>();
    String next = "";
    while (next != null) {
      HttpRequest request = request(url + "?limit=1000&origin=hosted" + next).build();
      JsonObject page =
          new JsonObject(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
      for (Object device : page.getJsonArray("devices")) {
        devices.put(((JsonObject) device).getString("di"), (JsonObject) device);
      }
      String cursor = page.getString("next");
      next = cursor == null ? null : "&cursor=" + cursor;
    }
    return devices;
  }

  @Override
  public void close() {
    if (gateway != null) {
      gateway.descendants().forEach(ProcessHandle::destroyForcibly);
      gateway.destroyForcibly();
    }
  }
}
