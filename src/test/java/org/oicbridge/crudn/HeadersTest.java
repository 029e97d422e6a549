package org.oicbridge.crudn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadersTest {
  private static final Headers SOME =
      Headers.of("Accept", " a ").with("X", "1").with("accept", "b");

  @Test
  void names_compareWithoutCase_andTheFirstWins() {
    assertThat(SOME.get("ACCEPT")).hasValue("a");
    assertThat(SOME.get("Date")).isEmpty();
    assertThat(SOME.size()).isEqualTo(3);
  }

  @Test
  void order_isKept() {
    List<String> all = new ArrayList<>();
    SOME.forEach((name, value) -> all.add(name + "=" + value));
    assertThat(all).containsExactly("Accept=a", "X=1", "accept=b");
  }

  @Test
  void headers_areImmutable() {
    assertThat(SOME.without("accept")).isEqualTo(Headers.of("X", "1"));
    assertThat(SOME.without("Date")).isSameAs(SOME);
    assertThat(SOME.with("Y", "2").size()).isEqualTo(4);
    assertThat(SOME.size()).isEqualTo(3);
    assertThat(Headers.NONE.size()).isZero();
  }

  @Test
  void headers_areEqual_whenTheirFieldsAre() {
    assertThat(Headers.of("A", "1")).isEqualTo(Headers.of("A", " 1"));
    assertThat(Headers.of("A", "1")).hasSameHashCodeAs(Headers.of("A", "1"));
    assertThat(Headers.of("A", "1")).isNotEqualTo(Headers.of("A", "2")).isNotEqualTo("A");
    assertThat(SOME.toString()).contains("Accept", "X");
  }
}
