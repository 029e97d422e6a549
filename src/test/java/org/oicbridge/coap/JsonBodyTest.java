package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.crudn.Status;

class JsonBodyTest {
  private static String cbor(String json) throws RequestFailed {
    return HexFormat.of().formatHex(JsonBody.toCbor(json));
  }

  private static String refused(String json) {
    RequestFailed failed = catchThrowableOfType(RequestFailed.class, () -> JsonBody.toCbor(json));
    assertThat(failed).as(json).isNotNull();
    assertThat(failed.response().status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(failed.response().problem().type()).isEqualTo("invalid-json");
    return failed.response().problem().detail();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          0|00
          -0|00
          23|17
          24|1818
          255|18ff
          256|190100
          65535|19ffff
          65536|1a00010000
          4294967295|1affffffff
          4294967296|1b0000000100000000
          9223372036854775807|1b7fffffffffffffff
          -1|20
          -24|37
          -25|3818
          -256|38ff
          -257|390100
          -4294967296|3affffffff
          -9223372036854775808|3b7fffffffffffffff
          1.0|fb3ff0000000000000
          1e2|fb4059000000000000
          -0.0|fb8000000000000000
          0.1|fb3fb999999999999a
          1.5|fb3ff8000000000000
          true|f5
          false|f4
          null|f6
          ""|60
          "ü"|62c3bc
          "\\ud800\\udd51"|64f0908591
          "\\u0000"|6100
          []|80
          {}|a0
          [1,2]|820102
          [1,2.5]|82fb3ff0000000000000fb4004000000000000
          [1,2.5,null]|8301fb4004000000000000f6
          [1,"a"]|82016161
          [[1],[2.5]]|82810181fb4004000000000000
          {"b":1,"a":[{"x":null}]}|a261620161 6181a16178f6
          {"z":1.0,"a":{"":0}}|a2617afb3ff00000000000006161a16000
          """)
  void json_becomesTheCborThatDevicesTake(String json, String hex) throws RequestFailed {
    assertThat(cbor(json)).isEqualTo(hex.replace(" ", ""));
  }

  @Test
  void longString_hasItsLengthInFull() throws RequestFailed {
    assertThat(cbor("\"" + "x".repeat(300) + "\"")).startsWith("79012c7878").hasSize(606);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":}|line 1, column 6
          {"a":1,"a":2}|Duplicate field 'a'
          {"a":1} x|line 1, column
          {"a":1}{}|line 1, column
          {'a':1}|line 1, column
          [1,]|line 1, column
          nul|line 1, column
          01|line 1, column
          NaN|line 1, column
          // x|line 1, column
          "a|line 1, column
          ` `|blank
          9223372036854775808|the value is an integer that does not fit
          {"a":[0,-9223372036854775809]}|/a/1 is an integer that does not fit
          {"a":1e400}|/a is a number that does not fit a 64-bit float
          {"a":"\\ud800"}|/a has half of a surrogate pair
          {"a":"\\udc00x"}|/a has half of a surrogate pair
          {"\\ud800":1}|has half of a surrogate pair
          """)
  void mistake_isToldWithItsPlace(String json, String detail) {
    assertThat(refused(json)).contains(detail);
  }

  @Test
  void mistakeInLaterLine_isToldWithThatLine() {
    assertThat(refused("{\n \"a\": 1,\n b\n}")).contains("line 3, column 2");
  }

  @Test
  void bombs_areRefused() throws RequestFailed {
    assertThat(cbor("[".repeat(32) + "]".repeat(32))).hasSize(64);
    assertThat(refused("[".repeat(33) + "]".repeat(33))).contains("nesting depth");
    assertThat(refused("[".repeat(100_000))).contains("nesting depth");
    assertThat(refused("1".repeat(100_000))).contains("length").hasSizeLessThan(300);
    assertThat(refused("{\"" + "k".repeat(10_000) + "\":1e999}")).hasSizeLessThan(300);
  }
}
