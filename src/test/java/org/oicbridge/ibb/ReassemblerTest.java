package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Ibb.Condition;

class ReassemblerTest {
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void assertRefused(Reassembler reassembler, int seq, String base64, Condition c) {
    assertThatThrownBy(() -> reassembler.take(seq, base64))
        .isInstanceOfSatisfying(BlockException.class, e -> assertThat(e.condition()).isEqualTo(c));
  }

  @Test
  void blocks_areDecodedInOrder() throws BlockException {
    Reassembler reassembler = new Reassembler(4096);

    assertThat(text(reassembler.take(0, "Zm9v"))).isEqualTo("foo");
    assertThat(text(reassembler.take(1, "YmE="))).isEqualTo("ba");
    assertThat(text(reassembler.take(2, ""))).isEmpty();
  }

  // XEP-0047 sets the text of its examples on lines of their own.
  @ParameterizedTest
  @ValueSource(strings = {" Zm9v", "Zm9v\n", "\r\n\tZm\n9v \n", "Z m 9 v"})
  void whiteSpace_isTolerated(String base64) throws BlockException {
    assertThat(text(new Reassembler(3).take(0, base64))).isEqualTo("foo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Zm9",
        "Zm9v=",
        "Zg==Zg==",
        "=",
        "====",
        "Zm9-",
        "Zm9_",
        "Zm9v\u00a0",
        "Zm9\u0000",
        "Zm\u20ac9",
        "Zm9v!",
        "Z=9v",
        "Zm9v\u000b"
      })
  void anythingElse_isRefused(String base64) {
    assertRefused(new Reassembler(4096), 0, base64, Condition.BAD_REQUEST);
  }

  @Test
  void blockLargerThanAgreed_isRefused() throws BlockException {
    assertThat(new Reassembler(3).take(0, "Zm9v")).hasSize(3);
    assertRefused(new Reassembler(2), 0, "Zm9v", Condition.BAD_REQUEST);
  }

  @ParameterizedTest
  @CsvSource({"0", "2", "-1", "65536"})
  void numberThatIsNotTheNext_isRefused(int seq) throws BlockException {
    Reassembler reassembler = new Reassembler(4096);
    reassembler.take(0, "Zm9v");

    assertRefused(reassembler, seq, "Zm9v", Condition.UNEXPECTED_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PA=A",
        "P===",
        "PHJl=c3Q",
        "PHJlc3Q",
        "PHJl*c3Q",
        "PHJlc3Q=PHI=",
        "PHJl-c3_",
        "="
      })
  void base64ThatIsNone_isRefused(String base64) {
    assertRefused(new Reassembler(4096), 0, base64, Condition.BAD_REQUEST);
  }

  @Test
  void number_wrapsBehind65535() throws BlockException {
    Reassembler reassembler = new Reassembler(4096);
    for (int seq = 0; seq <= 0xffff; seq++) {
      reassembler.take(seq, "");
    }
    assertThatCode(() -> reassembler.take(0, "Zm9v")).doesNotThrowAnyException();
    assertRefused(reassembler, 0x10001, "Zm9v", Condition.UNEXPECTED_REQUEST);
  }
}
