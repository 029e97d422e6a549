package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.peers.LibcoapClient;
import org.oicbridge.peers.ProsodyPeer;

/**
 * A password that is set over CoAP and over HTTP, right or wrong, comes out nowhere: not in the
 * files, not in the log at its finest level, not in an answer or an error.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CanaryIT {
  private static final String RIGHT = "canary-yellow-4711";
  private static final String WRONG = "canary-purple-4712";
  private static final String KEY = "canary-key-of-installer";
  private static final String TOKEN = "a-token-for-canaries";
  private static final LibcoapClient INSTALLER = LibcoapClient.withKey("installer", KEY);

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final StringBuilder answers = new StringBuilder();
  private String url;
  private int coap;
  private int coaps;

  @Test
  void password_comesOutNowhere() throws Exception {
    String threads = "";
    try (ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned())) {
      server.addUser("home", RIGHT);
      server.addUser("other", RIGHT);
      Process gateway = start(server);
      try {
        provisionOverCoap(server);
        provisionOverHttp(server);
        threads = threads(gateway);
      } finally {
        gateway.destroy();
        assertThat(gateway.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(answers.toString()).contains("\"Connected\"").contains("not-authorized");
    String log = Files.readString(folder.resolve("stderr"));
    assertThat(log).contains("TRACE").contains("DEBUG");
    Map<String, String> searched = new LinkedHashMap<>();
    searched.put("the answers", answers.toString());
    searched.put("the log", log);
    searched.put("the threads", threads);
    searched.putAll(files());
    assertThat(searched).containsKey("registry.db");
    assertThat(threads).contains("vert.x-eventloop-thread");
    searched.forEach(
        (where, text) ->
            canaries().forEach(canary -> assertThat(text.contains(canary)).as(where).isFalse()));
  }

  /** Every spelling in which a password or the installer's key could come out. */
  private static Stream<String> canaries() {
    return Stream.of(RIGHT, WRONG, KEY)
        .flatMap(
            text -> {
              byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
              StringBuilder hex = new StringBuilder();
              StringBuilder list = new StringBuilder();
              for (byte b : bytes) {
                hex.append("%02x".formatted(b));
                list.append(list.isEmpty() ? "" : ", ").append(b);
              }
              return Stream.of(
                  text,
                  // Without its end, which depends on what follows.
                  Base64.getEncoder().encodeToString(bytes).substring(0, 20),
                  Base64.getUrlEncoder().encodeToString(bytes).substring(0, 20),
                  hex.toString(),
                  list.toString());
            });
  }

  /** The names of all threads and what they are at. */
  private static String threads(Process gateway) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process dump = new ProcessBuilder(jcmd, String.valueOf(gateway.pid()), "Thread.print").start();
    return new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve("data"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(
            file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private Process start(ProsodyPeer server) throws IOException {
    Path conf = folder.resolve("gateway.yaml");
    Files.writeString(
        conf,
        """
        data: {dir: "%s"}
        http: {port: 0, token: %s}
        xmpp: {trust: "%s"}
        coap:
          host: 127.0.0.1
          server:
            host: 127.0.0.1
            port: 0
            securePort: 0
            identities:
              - {name: installer, rights: [read, provision], psk: {identity: installer, key: %s}}
        """
            .formatted(folder.resolve("data"), TOKEN, server.caFile(), base64(KEY)));
    ProcessBuilder builder =
        new ProcessBuilder("bin/oic-bridge", "run", "--conf", conf.toString())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().put("OIC_BRIDGE_LOG", "trace");
    Process process = builder.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    String line = out.readLine();
    while (line != null) {
      lines.add(line);
      if (line.startsWith("serving ")) {
        url = line.substring("serving ".length(), line.indexOf("/api"));
        break;
      }
      line = out.readLine();
    }
    Matcher ports =
        Pattern.compile("coap port (\\d+), secure port (\\d+)").matcher(String.join("\n", lines));
    assertThat(ports.find()).as("%s", lines).isTrue();
    coap = Integer.parseInt(ports.group(1));
    coaps = Integer.parseInt(ports.group(2));
    return process;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void provisionOverCoap(ProsodyPeer server) {
    String user = "coaps://127.0.0.1:" + coaps + "/XMPPUserResURI";
    String xmpp = "coaps://127.0.0.1:" + coaps + "/XMPPResURI";
    try (LibcoapClient.Observation observer = INSTALLER.observe(xmpp, 100)) {
      answers.append(INSTALLER.post(user, user(server, WRONG)));
      answers.append(
          INSTALLER.post(
              xmpp,
              new JsonObject().put("address", "127.0.0.1").put("port", server.port()).encode()));
      assertThat(observer.sees("not-authorized", java.time.Duration.ofSeconds(30))).isTrue();
      answers.append(INSTALLER.post(user, user(server, RIGHT)));
      assertThat(observer.sees("\"Connected\"", java.time.Duration.ofSeconds(30))).isTrue();
      answers.append(observer.output());
    }
    answers.append(INSTALLER.get(user)).append(INSTALLER.get(xmpp));
    answers.append(
        LibcoapClient.plain()
            .post("coap://127.0.0.1:" + coap + "/XMPPUserResURI", user(server, RIGHT)));
    answers.append(INSTALLER.post(user, "{\"jid\":7,\"credential\":\"" + base64(RIGHT) + "\"}"));
    answers.append(INSTALLER.post(user, "{\"credential\":\"" + base64(RIGHT) + "\""));
    answers.append(INSTALLER.post(user, "{\"credential\":\"" + RIGHT + "!\"}"));
  }

  private static String user(ProsodyPeer server, String password) {
    return new JsonObject()
        .put("jid", "home@" + server.domain())
        .put("credential", base64(password))
        .encode();
  }

  private void provisionOverHttp(ProsodyPeer server) throws IOException, InterruptedException {
    String account = "/api/v1/accounts/other@" + server.domain();
    JsonObject body =
        new JsonObject()
            .put("address", "127.0.0.1")
            .put("port", server.port())
            .put("credential", base64(RIGHT));
    call("PUT", account, body.encode());
    call("PUT", account, body.copy().put("credential", base64(WRONG)).encode());
    call("PUT", account, body.copy().put("credential", RIGHT + "!").encode());
    call("PUT", account, body.copy().put("port", base64(RIGHT)).encode());
    call("PUT", account, body.encode().substring(0, body.encode().length() - 1));
    call("GET", account, null);
    call("GET", "/api/v1/accounts", null);
    call("GET", "/metrics", null);
    call("GET", "/api/v1/devices", null);
  }

  private void call(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    answers.append(answer.statusCode()).append(' ').append(answer.body()).append('\n');
  }
}
