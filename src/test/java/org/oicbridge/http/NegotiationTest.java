package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json|true",
        "APPLICATION/JSON; q=0.5|true",
        "*/*|true",
        "application/*|true",
        "text/html, */*;q=0.1|true",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|true",
        "''|true",
        ",|false",
        "text/html|false",
        "application/cbor|false",
        "application/json;q=0|false",
        "application/json;q=0.000|false",
        "application/json;q=x|false",
        "application/json;q=0, */*|false",
        "*/*;q=0, application/json|true",
        "application/*;q=0, */*|false",
        "application/json;charset=utf-8;q=1|true",
        "text/event-stream|false",
        "application/jsonx|false"
      })
  void accept_decidesByTheMostSpecificRange(String accept, boolean taken) {
    assertThat(Accept.takesJson(accept)).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=1|1",
        "wait=300|300",
        "WAIT = 20|20",
        "wait=\"20\"|20",
        "respond-async, wait=5; x=y|5",
        "return=minimal; wait=9, wait=7|7",
        "wait=5, wait=900|5"
      })
  void prefer_givesTheFirstWait(String prefer, int seconds) {
    assertThat(Preferences.wait(List.of(prefer)))
        .hasValueSatisfying(wait -> assertThat(wait.toSeconds()).isEqualTo(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "respond-async", "waiting=5", "x=\"wait\"", "return=minimal;wait=5"})
  void prefer_withoutWaitGivesNone(String prefer) {
    assertThat(Preferences.wait(List.of(prefer))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "wait=", "wait=0", "wait=301", "wait=\"", "wait=+5", "wait=٣"})
  void prefer_outOfRangeIsRefused(String prefer) {
    assertThatThrownBy(() -> Preferences.wait(List.of(prefer)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("1 to 300");
  }
}
