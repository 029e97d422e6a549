package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OscoreSequenceTest {
  private static final long NOW = OscoreSequence.EPOCH + 5_000_000;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("oscore.sequence");
  }

  private OscoreSequence open(long clock) throws IOException {
    return OscoreSequence.open(file, () -> clock);
  }

  @Test
  void clockSetBack_bringsNoNumberTwice() throws Exception {
    OscoreSequence first = open(NOW);
    long last = 0;
    for (int i = 0; i < 10; i++) {
      last = first.next();
    }

    assertThat(open(NOW - 1_000_000).next()).isGreaterThan(last);
    assertThat(open(0).next()).as("a clock that was never set").isGreaterThan(last);
    assertThat(open(NOW).next()).as("within the same millisecond").isGreaterThan(last);
  }

  @Test
  void moreThanWasReserved_isReservedAnew() throws Exception {
    OscoreSequence first = open(NOW);
    long last = 0;
    for (long i = 0; i <= OscoreSequence.RESERVE; i++) {
      last = first.next();
    }

    assertThat(open(NOW).next()).isGreaterThan(last);
  }

  @Test
  void clockThatIsCertainlyWrong_isNotTrustedAlone() {
    assertThatThrownBy(() -> open(OscoreSequence.EPOCH - 1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> OscoreSequence.open(null, () -> 0)).isInstanceOf(IOException.class);
  }

  @Test
  void fileThatIsNoNumber_isTold() throws Exception {
    Files.writeString(file, "x");

    assertThatThrownBy(() -> open(NOW)).isInstanceOf(IOException.class).hasMessageContaining("x");
    assertThat(file).hasContent("x");
  }

  @Test
  void numbers_endAtFiveBytes() throws Exception {
    OscoreSequence sequence =
        OscoreSequence.open(null, () -> OscoreSequence.EPOCH + OscoreSequence.END - 2);
    sequence.next();

    assertThat(OscoreOption.partialIv(sequence.next())).hasSize(5);
    assertThatThrownBy(sequence::next)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("used up");
  }

  @Test
  void fileThatCanNotBeWritten_yieldsNoNumber() throws Exception {
    OscoreSequence sequence = open(NOW);
    for (long i = 0; i < OscoreSequence.RESERVE; i++) {
      sequence.next();
    }
    Files.createDirectories(folder.resolve("oscore.sequence.new"));

    assertThatThrownBy(sequence::next).isInstanceOf(UncheckedIOException.class);
  }
}
