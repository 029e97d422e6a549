package org.oicbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Small runs of every benchmark: all that is measured is measured, and every answer is checked.
 * What the figures are is of no interest here.
 */
@Timeout(300)
class BenchIT {
  @Test
  void bytestreams_measuresEachOnBothLinks() throws Exception {
    String report =
        bench(
            "bytestreams --rounds 1 --warm-up 100 --measure 0.5 --cells 4x1,1x4 --links TCP,TLS"
                + " --sessions 20");
    assertThat(report)
        .contains("us of CPU per round trip, 4x1 over TCP")
        .contains("us of CPU per round trip, 1x4 over TLS")
        .containsPattern("(?m)^  gateway +[0-9.]+ / ")
        .containsPattern("(?m)^  smack +[0-9.]+ / ")
        .containsPattern("(?m)^  smack_stanzas +[0-9.]+ / ")
        .containsPattern("(?m)^  relay +[0-9.]+ / ");
  }

  @Test
  void bytestreams_judgesTheCellsThatHaveABound() throws Exception {
    String report =
        bench(
            "bytestreams --rounds 1 --warm-up 100 --measure 0.5 --cells 64x1 --links TCP"
                + " --sessions 0");
    assertThat(report)
        .containsPattern("smack / gateway = .*, bound at least 5.00: (met|missed)")
        .containsPattern("gateway / relay = .*, bound at least 0.750: (met|missed)");
  }

  @Test
  void logins_measuresBoth() throws Exception {
    String report = bench("logins --rounds 1 --sessions 20 --warm-up 20 --logins 40");
    assertThat(report)
        .containsPattern("over TCP: smack / gateway = .*, bound at least 4.00: (met|missed)")
        .containsPattern("over TLS: smack / gateway = .*, bound at least 1.50: (met|missed)");
  }

  @Test
  void proxy_measuresBoth() throws Exception {
    String report =
        bench("proxy --rounds 1 --warm-up 50 --measure 0.5 --concurrency 1,4 --devices 2");
    assertThat(report)
        .containsPattern("median at 1: gateway / proxy2 = .*, bound at most 1.00: (met|missed)")
        .containsPattern("CPU second at 4: gateway / proxy2 = .*, bound at least 2.00: ");
  }

  @Test
  void roundtrip_goesThroughTheEmbeddedServer() throws Exception {
    String report =
        bench("roundtrip --rounds 1 --warm-up 50 --measure 0.5 --devices 2 --servers EMBEDDED");
    assertThat(report)
        .containsPattern("with embedded: gateway = .*, bound at most 250: (met|missed)");
  }

  @Test
  void roundtrip_goesThroughProsody() throws Exception {
    boolean there = Files.isExecutable(java.nio.file.Path.of("/usr/bin/prosody"));
    Assumptions.assumeTrue(there || "true".equals(System.getenv("OIC_BRIDGE_REQUIRE_PEERS")));
    String report =
        bench("roundtrip --rounds 1 --warm-up 50 --measure 0.5 --devices 2 --servers PROSODY");
    assertThat(report)
        .containsPattern("with prosody: gateway / server = .*, bound at most 1.00: (met|missed)");
  }

  @Test
  void latency_measuresEachLeg() throws Exception {
    String report = bench("latency --rounds 1 --rate 200 --warm-up 50 --measure 0.5 --devices 2");
    assertThat(report)
        .containsPattern("(?m)^  http +[0-9.]+ / ")
        .containsPattern("(?m)^  xmpp +[0-9.]+ / ")
        .containsPattern("(?m)^  coap +[0-9.]+ / ")
        .containsPattern("us at the median: added = .*, bound at most 300: (met|missed)");
  }

  @Test
  void jmh_measuresTimeAndAllocation() throws Exception {
    String report = bench("jmh --forks 1 --iterations 1 --seconds 0.1");
    assertThat(report)
        .containsPattern("StanzaReaderBenchmark.read .* us .* B")
        .containsPattern("EnvelopeBenchmark.read .* us .* B")
        .containsPattern("BlocksBenchmark.put .* us .* B")
        .containsPattern("BodiesBenchmark.toCbor .* us .* B")
        .containsPattern("ForeignPresenceBenchmark.drop: bound .*: (met|missed)");
  }

  private static String bench(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
    command.addAll(List.of(arguments.split(" ", -1)));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("OIC_BRIDGE_LOG", "warn");
    Process process = builder.start();
    String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(report).isZero();
    return report;
  }
}
