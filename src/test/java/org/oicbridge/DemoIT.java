package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the README promises of {@code bin/oic-bridge demo}, asked of the running command. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DemoIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Process demo;
  private static String api;
  private static Map<String, JsonObject> devices;

  @BeforeAll
  static void start() throws IOException {
    demo =
        new ProcessBuilder(
                "bin/oic-bridge",
                "demo",
                "--http",
                "127.0.0.1:0",
                "--xmpp",
                "127.0.0.1:0",
                "--coap",
                "127.0.0.1:0")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("ready")) {
      line = out.readLine();
    }
    assertThat(line).isNotNull();
    api = line.substring(line.indexOf("http"));
    devices = new TreeMap<>();
    for (Object device : new JsonObject(get(api).body()).getJsonArray("devices")) {
      JsonObject json = (JsonObject) device;
      devices.put(json.getJsonArray("rt").getString(0), json);
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    demo.destroy();
    assertThat(demo.waitFor()).isZero();
  }

  private static HttpResponse<String> get(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  private static HttpResponse<String> post(String url, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String type, String path) {
    return api + "/" + devices.get(type).getString("di") + "/resources" + path + "?via=xmpp";
  }

  private static JsonObject problem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
    JsonObject problem = new JsonObject(response.body());
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("type")).startsWith("urn:oic-bridge:problem:");
    return problem;
  }

  @Test
  void devices_areThreeAndOnline() {
    assertThat(devices).containsOnlyKeys("oic.d.light", "oic.d.switch", "oic.d.thermostat");
    assertThat(devices.values())
        .allSatisfy(device -> assertThat(device.getString("state")).isEqualTo("online"));
    String di = devices.get("oic.d.light").getString("di");
    assertThat(devices.get("oic.d.light").getString("jid"))
        .isEqualTo("home@localhost/OIC/1.0/oic.d.light/" + di);
  }

  @Test
  void light_showsTheChangeThatWasMadeThroughXmpp() {
    String light = resource("oic.d.light", "/light");
    boolean before = new JsonObject(get(light).body()).getBoolean("value");
    assertThat(post(light, "{\"value\":" + !before + "}").statusCode()).isEqualTo(200);
    assertThat(new JsonObject(get(light).body()).getBoolean("value")).isEqualTo(!before);
  }

  @Test
  void everyResourceOfTheDevices_answers() {
    assertThat(new JsonObject(get(resource("oic.d.light", "/dimming")).body()).getMap())
        .containsKey("dimmingSetting");
    assertThat(new JsonObject(get(resource("oic.d.thermostat", "/temperature")).body()).getMap())
        .containsKey("temperature");
    assertThat(new JsonObject(get(resource("oic.d.switch", "/switch")).body()).getMap())
        .containsKey("value");
  }

  @Test
  void unknownPath_isNotFound() {
    problem(get(resource("oic.d.light", "/nothing")), 404);
  }

  @Test
  void wrongMethod_isNotAllowed() {
    String light = resource("oic.d.light", "/light");
    HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(light)).DELETE());
    problem(answer, 405);
    assertThat(answer.headers().firstValue("Allow")).isPresent();
  }

  @Test
  void bodyThatIsNotJson_isToldWithLineAndColumn() {
    JsonObject problem =
        problem(post(resource("oic.d.light", "/light"), "{\n  \"value\": tru\n}"), 400);
    assertThat(problem.getString("detail")).contains("line 2, column ");
  }

  @Test
  void unknownDevice_isNotFound() {
    JsonObject problem =
        problem(get(api + "/6f0aac04-2bb0-468d-b57c-16570a26ae48/resources/light"), 404);
    assertThat(problem.getString("type")).endsWith(":device-unknown");
  }
}
