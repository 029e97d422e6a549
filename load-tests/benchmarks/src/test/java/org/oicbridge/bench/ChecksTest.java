package org.oicbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What makes a benchmark fail instead of measuring something else. */
class ChecksTest {
  @Test
  void counted_takesEachNumberOnce() {
    Counted answers = new Counted();
    assertThat(answers.fault(200, "{\"n\":7}")).isNull();
    assertThat(answers.fault(200, "{\"n\":8}")).isNull();
    assertThat(answers.fault(200, "{\"n\":7}")).contains("twice");
  }

  @Test
  void counted_takesNothingButTheDevicesAnswer() {
    assertThat(new Counted().fault(503, "{\"n\":7}")).contains("503");
    assertThat(new Counted().fault(200, "{\"error\":\"x\"}")).contains("error");
  }

  @Test
  void tally_failsWithTheFirstFault() {
    Tally tally = new Tally(2);
    assertThat(tally.next()).isTrue();
    tally.failed("a wrong answer");
    tally.failed("another");
    assertThatThrownBy(tally::count).hasMessage("a wrong answer");
  }

  @Test
  void echoWork_tellsAnAnswerFromAnothers() {
    String answer = EchoWork.answer(EchoWork.question(12));
    assertThat(EchoWork.isAnswer(answer, 12)).isTrue();
    assertThat(EchoWork.isAnswer(answer, 13)).isFalse();
    assertThat(EchoWork.isAnswer(EchoWork.question(12), 12)).isFalse();
  }

  @Test
  void echoWork_documentsAreOfOneSize() throws Exception {
    byte[] question =
        org.oicbridge.envelope.EnvelopeWriter.write(
            EchoWork.question("00000000-0000-4000-8000-000000000001", 100_000));
    byte[] answer =
        org.oicbridge.envelope.EnvelopeWriter.write(
            EchoWork.answer(EchoWork.question("00000000-0000-4000-8000-000000000001", 100_000)));
    assertThat(question.length).isBetween(515, 535);
    assertThat(answer.length).isBetween(515, 535);
  }

  @Test
  void spread_hasTheMedianOfOddAndEvenNumbers() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(1, 2, 3));
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(1, 2.5, 4));
  }

  @Test
  void latencies_givesTheOnesAtTheShare() {
    Latencies latencies = new Latencies();
    for (int i = 1; i <= 200; i++) {
      latencies.add(i * 1000L);
    }
    assertThat(latencies.micros(0.5)).isEqualTo(100);
    assertThat(latencies.micros(0.99)).isEqualTo(198);
    assertThat(latencies.micros(1)).isEqualTo(200);
  }
}
