package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.peers.LibcoapServer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.SmackStream;
import org.oicbridge.peers.StanzaKind;
import org.oicbridge.peers.TlsMode;

/** The commands as a person runs them: processes, standard output, signals, exit codes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CommandsIT {
  private final List<Process> started = new ArrayList<>();

  @TempDir Path directory;

  private Process launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("bin/oic-bridge"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(directory.resolve("stderr").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    started.add(process);
    return process;
  }

  @AfterEach
  void endWhatWasStarted() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private static String lineStartingWith(String start, Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith(start)) {
      line = out.readLine();
    }
    return line;
  }

  private String stderr() throws IOException {
    return Files.readString(directory.resolve("stderr"));
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void demo_saysReadyServesItsDevicesAndStopsCleanlyOnSigterm() throws Exception {
    Process demo =
        launch("demo", "--http", "127.0.0.1:0", "--xmpp", "127.0.0.1:0", "--coap", "127.0.0.1:0");
    String ready = lineStartingWith("ready", demo);
    assertThat(ready).as(stderr()).isNotNull();

    String devices = ready.substring(ready.indexOf("http"));
    HttpResponse<String> answer = get(devices);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().split("\"online\"", -1)).hasSize(4);

    demo.destroy();
    assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).as(stderr()).isZero();
  }

  @Test
  void demo_refusesToListenBeyondLoopback() throws Exception {
    Process demo = launch("demo", "--http", "0.0.0.0:0");
    assertThat(demo.waitFor()).isEqualTo(2);
    assertThat(stderr()).contains("--http").contains("loopback");
  }

  @Test
  void run_servesWithoutAnXmppServerAndStopsCleanly() throws Exception {
    Path conf = directory.resolve("gateway.yaml");
    Files.writeString(
        conf,
        """
        data: {dir: "%s"}
        http: {port: 0}
        accounts:
          - {jid: home@localhost, password: home, address: 127.0.0.1, port: 1, tls: none}
        """
            .formatted(directory.resolve("data")));
    Process run = launch("run", "--conf", conf.toString());
    String serving = lineStartingWith("serving", run);
    assertThat(serving).as(stderr()).isNotNull();

    String base = serving.substring(serving.indexOf("http"), serving.indexOf("/api"));
    assertThat(get(base + "/livez").statusCode()).isEqualTo(200);
    assertThat(get(base + "/readyz").statusCode()).isEqualTo(200);

    run.destroy();
    assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(stderr()).isZero();
    assertThat(directory.resolve("data/registry.db")).exists();
  }

  @Test
  void run_closesStreamsAndSaysGoodbyeOnSigterm() throws Exception {
    String di = "aaaaaaaa-0000-4000-8000-000000000031";
    Duration soon = Duration.ofSeconds(30);
    try (ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.asShipped());
        LibcoapServer device = LibcoapServer.start()) {
      server.addUser("home", "correct horse");
      Path conf = directory.resolve("gateway.yaml");
      Files.writeString(
          conf,
          """
          data: {dir: "%s"}
          http: {port: 0}
          xmpp: {trust: "%s"}
          accounts:
            - jid: home@%s
              password: correct horse
              address: 127.0.0.1
              port: %d
              devices:
                - {di: %s, rt: oic.d.sensor, endpoint: "coap://127.0.0.1:%d"}
          """
              .formatted(
                  directory.resolve("data"),
                  server.caFile(),
                  server.domain(),
                  server.port(),
                  di,
                  device.port()));
      String jid = "home@" + server.domain() + "/OIC/1.0/oic.d.sensor/" + di;
      try (SmackPeer smack =
          SmackPeer.login(
              SmackLogin.at(
                  server,
                  TlsMode.STARTTLS,
                  "home",
                  "correct horse",
                  "OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000031"))) {
        Process run = launch("run", "--conf", conf.toString());
        smack.awaitAvailable(jid, soon);
        SmackStream stream = smack.open(jid, StanzaKind.MESSAGE, 4096);
        stream.write("<rest xmlns='rest.oic.org'><url method='GET'>/time</url></rest>");
        assertThat(stream.readDocument(soon)).contains("200 OK");

        run.destroy();
        assertThat(stream.readDocument(soon)).as("the stream is closed").isNull();
        smack.awaitUnavailable(jid, soon);
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).as(stderr()).isZero();
      }
    }
  }

  @Test
  void check_printsEveryMistakeWithItsPath() throws Exception {
    Path conf = directory.resolve("wrong.yaml");
    Files.writeString(
        conf,
        """
        http: {port: 99999}
        routing: {dedline: 5}
        accounts:
          - {jid: nobody, password: x}
        """);
    Process check = launch("check", "--conf", conf.toString());
    assertThat(check.waitFor()).isEqualTo(2);
    assertThat(stderr())
        .contains("http.port is \"99999\"")
        .contains("routing.dedline is not a key")
        .contains("accounts[0].jid is wrong");
  }

  @Test
  void check_acceptsTheReferenceConfiguration() throws Exception {
    Process check = launch("check", "--conf", "conf/gateway.yaml");
    assertThat(check.waitFor()).as(stderr()).isZero();
  }
}
