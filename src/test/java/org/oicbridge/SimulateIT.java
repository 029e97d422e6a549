package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway between the devices of {@code simulate} and the server of {@code xmpp-server}. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SimulateIT {
  private static final int DEVICES = 30;
  private static final int ACCOUNTS = 4;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final List<Process> started = new ArrayList<>();

  @TempDir Path directory;

  @AfterEach
  void endWhatWasStarted() throws InterruptedException {
    for (Process process : started) {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  /** Starts a command and gives its line that begins in this way. */
  private String launch(String start, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("bin/oic-bridge"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(directory.resolve("stderr").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    started.add(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    while (line != null && !line.startsWith(start)) {
      line = out.readLine();
    }
    assertThat(line).as(Files.readString(directory.resolve("stderr"))).isNotNull();
    return line;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void fleet_isImportedLogsInAndAnswersThroughTheServer() throws Exception {
    Path list = directory.resolve("fleet.ndjson");
    launch(
        "ready " + DEVICES + " devices",
        "simulate",
        "--devices",
        "" + DEVICES,
        "--accounts",
        "" + ACCOUNTS,
        "--list",
        list.toString());
    launch(
        "ready 127.0.0.1",
        "xmpp-server",
        "--xmpp",
        "127.0.0.1:0",
        "--direct-tls",
        "0",
        "--accounts",
        "" + ACCOUNTS,
        "--dir",
        directory.toString());
    Path conf = directory.resolve("gateway.yaml");
    Files.writeString(conf, Files.readString(conf) + "http: {port: 0}\n");
    String serving = launch("serving", "run", "--conf", conf.toString());
    String api = serving.substring(serving.indexOf("http"));

    HttpResponse<String> imported =
        send(
            HttpRequest.newBuilder(URI.create(api))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofFile(list)));
    assertThat(imported.body().lines())
        .hasSize(DEVICES)
        .allSatisfy(line -> assertThat(new JsonObject(line).getInteger("status")).isEqualTo(201));

    String di = new JsonObject(Files.readAllLines(list).get(DEVICES - 1)).getString("di");
    while (online(api) < DEVICES) {
      Thread.onSpinWait();
    }
    String light = api + "/" + di + "/resources/light?via=xmpp";
    send(
        HttpRequest.newBuilder(URI.create(light))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"value\":true}")));
    assertThat(send(HttpRequest.newBuilder(URI.create(light))).body()).contains("true");
  }

  private static int online(String api) throws Exception {
    JsonArray devices =
        new JsonObject(send(HttpRequest.newBuilder(URI.create(api + "?limit=1000"))).body())
            .getJsonArray("devices");
    return (int)
        devices.stream()
            .filter(device -> "online".equals(((JsonObject) device).getString("state")))
            .count();
  }
}
