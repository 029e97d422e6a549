package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.peers.Peers;

/** The parser of the XMPP servers beside the gateway's. */
@Timeout(120)
class TwoParsersIT {
  private static final String PROGRAM = "src/test/resources/org/oicbridge/xmpp/expat.py";

  @TempDir Path folder;

  private final TwoParsers parsers = new TwoParsers(this::expat);

  @Test
  void goodStreams_areReadAlike() throws Exception {
    parsers.agreeOnWhatIsGood();
  }

  @Test
  void badStreams_areRefused() throws Exception {
    parsers.refuseWhatIsBad();
  }

  @Test
  void damagedStreams_areReadAlikeOrRefused() throws Exception {
    parsers.agreeOnWhatIsDamaged(50_000, System.nanoTime());
  }

  private List<String> expat(List<byte[]> streams) throws Exception {
    Path input = folder.resolve("streams");
    Path output = folder.resolve("trees");
    Files.write(input, streams.stream().map(HexFormat.of()::formatHex).toList());
    Process python =
        new ProcessBuilder(Peers.require("python3").toString(), PROGRAM)
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(python.exitValue()).isZero();
    List<String> trees = Files.readAllLines(output);
    assertThat(trees).hasSize(streams.size());
    return Arrays.asList(
        trees.stream().map(tree -> tree.equals("refused") ? null : tree).toArray(String[]::new));
  }
}
