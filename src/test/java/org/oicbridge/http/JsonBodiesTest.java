package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.fuzz.Fuzz;

class JsonBodiesTest {
  private static String read(String text) {
    return JsonBodies.read(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "1",
        "-0.5e3",
        "\"x\"",
        "true",
        "null",
        " {\"a\":[{\"b\":null}]} ",
        "{\"ä\":\"\\ud83d\\ude00\"}",
        "18446744073709551616"
      })
  void json_isTakenAsItStands(String text) {
    assertThat(read(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\r\n\t"})
  void nothing_isNoBody(String text) {
    assertThat(read(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{\"a\":1,\n \"a\":2}`|line 2, column|Duplicate field 'a'",
        "`{\"a\":{\"b\":1,\"b\":2}}`|line 1, column|Duplicate field 'b'",
        "`{\n\n  x}`|line 3, column|Unexpected character",
        "`{} {}`|line 1, column 4|something follows",
        "`1 2`|line 1, column|something follows",
        "`{}x`|line 1, column|Unrecognized token",
        "`{`|line 1, column|end-of-input",
        "`[1,]`|line 1, column|Unexpected character",
        "`'a'`|line 1, column|Unexpected character",
        "`NaN`|line 1, column|Non-standard token",
        "`01`|line 1, column|Leading zeroes",
        "`\"\t\"`|line 1, column|unquoted character",
        "`/* a */ 1`|line 1, column|Unexpected character ('/'"
      })
  void text_thatIsNoJsonIsRefusedWithItsPlace(String text, String where, String why) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(where)
        .hasMessageContaining(why)
        .hasMessageNotContaining("com.fasterxml")
        .hasMessageNotContaining("Feature")
        .hasMessageNotContaining("[Source");
  }

  @Test
  void depth_isLimitedTo32() {
    assertThat(read("[".repeat(32) + "]".repeat(32))).isNotNull();
    assertThat(read("[" + "{\"a\":[]},".repeat(50) + "1]")).isNotNull();
    assertThatThrownBy(() -> read("[".repeat(33) + "]".repeat(33)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("line 1, column 33: it nests deeper than 32 levels");
    assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(Refusal.class);
  }

  @Test
  void number_ofTenThousandDigitsIsRefused() {
    assertThatThrownBy(() -> read("9".repeat(10_000)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("a number or name is too long");
  }

  @Test
  void bytes_thatAreNotUtf8AreRefused() {
    for (byte[] bytes :
        new byte[][] {
          {'"', (byte) 0xff, '"'},
          {'"', (byte) 0xc0, (byte) 0xaf, '"'},
          {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
          {(byte) 0xfe, (byte) 0xff, 0, '1'}
        }) {
      assertThatThrownBy(() -> JsonBodies.read(bytes))
          .isInstanceOf(Refusal.class)
          .hasMessage("the body is not UTF-8");
    }
    assertThatThrownBy(() -> JsonBodies.read(new byte[] {0, '1'})).isInstanceOf(Refusal.class);
  }

  @Test
  void fuzz_findsNothing() {
    assertThat(Fuzz.run(new JsonBodiesFuzz(), 20_000, 1)).isZero();
  }
}
