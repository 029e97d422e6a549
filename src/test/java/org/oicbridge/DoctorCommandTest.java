package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.sandbox.EmbeddedXmppServer;
import picocli.CommandLine;

@Timeout(60)
class DoctorCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    return new CommandLine(new DoctorCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|Missing required parameter",
        "127.0.0.1:0|the port is \"0\"",
        "127.0.0.1:x|the port is \"x\"",
        ":5222|expected HOST[:PORT]",
        "127.0.0.1 -o xml|-o is \"xml\"",
        "127.0.0.1 --tls ssl|--tls is \"ssl\"",
        "192.0.2.1 --tls none|for loopback only",
        "127.0.0.1 --trust /no/such/file|--trust is",
        "127.0.0.1 --domain a@b|is not a domain",
        "127.0.0.1 --probe|--probe needs --account",
        "127.0.0.1 --password-env X|a password needs --account",
        "127.0.0.1 --account a|--account is \"a\"",
        "127.0.0.1 --account a@b.test|--password-env or --password-file",
        "127.0.0.1 --account a@b.test --domain c.test --password-env X|not of the domain c.test",
        "127.0.0.1 --account a@b.test --password-env NO_SUCH_VARIABLE|NO_SUCH_VARIABLE is not set",
        "127.0.0.1 --account a@b.test --password-file /no/such/file|can't be read",
      })
  void wrongUse_isExplainedAndConnectsNowhere(String arguments, String explanation) {
    assertThat(execute(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(explanation);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void report_isPrintedAndDecidesTheExitCode(@TempDir Path dir) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      EmbeddedXmppServer server =
          new EmbeddedXmppServer(
              vertx,
              new EmbeddedXmppServer.Options("example.test", Map.of("alice", "secret"))
                  .withIterations(4096));
      int port = server.start().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
      Path trust = dir.resolve("ca.pem");
      Files.writeString(trust, server.certificateAuthority().toString());
      Path password = dir.resolve("password");
      Files.writeString(password, "secret\n");
      List<String> arguments =
          new ArrayList<>(List.of("127.0.0.1:" + port, "--trust", trust.toString(), "-o", "json"));
      arguments.addAll(List.of("--account", "alice@example.test"));
      arguments.addAll(List.of("--password-file", password.toString()));
      assertThat(execute(arguments.toArray(String[]::new))).as(out.toString()).isZero();
      JsonObject report = new JsonObject(out.toString());
      assertThat(report.getString("domain")).isEqualTo("example.test");
      assertThat(report.getBoolean("fit")).isTrue();
      assertThat(report.getJsonArray("findings"))
          .contains(
              new JsonObject()
                  .put("name", "login")
                  .put("value", "ok")
                  .put("level", "ok")
                  .put("meaning", ""));

      out.getBuffer().setLength(0);
      assertThat(execute("127.0.0.1:" + port, "--domain", "example.test")).isEqualTo(1);
      assertThat(out.toString())
          .contains("certificate trusted: no — CHANGE: ")
          .endsWith("result: 1 to change before a fleet can run\n");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }
}
