package org.oicbridge.crudn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JidTest {
  @ParameterizedTest
  @CsvSource({
    "home@example.com, home@example.com",
    "Home@Example.COM/OIC/1.0/oic.d.light/ABC, home@example.com/OIC/1.0/oic.d.light/ABC",
    "example.com, example.com",
    "example.com/res, example.com/res",
    "a@b/c@d, a@b/c@d",
    "a@b/c d, a@b/c d",
    "a@[2001:db8::1], a@[2001:db8::1]",
    "M\u00dcLLER@B\u00dcCHER.example/\u00c4, m\u00fcller@b\u00fccher.example/\u00c4",
    "\u03a3@x, \u03c3@x",
    "a@b/\u212b, a@b/\u00c5",
    "\uff21@x, a@x",
    "a@Example.com./r, a@example.com/r",
    "a@my_host, a@my_host",
    "a@192.0.2.1, a@192.0.2.1",
  })
  void address_isNormalised(String text, String expected) {
    assertThat(Jid.parse(text)).hasToString(expected);
    assertThat(Jid.parse(expected)).isEqualTo(Jid.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@b",
        "a@",
        "/c",
        "a@b/",
        "a@/c",
        "a b@c",
        "a\"@c",
        "a&b@c",
        "a<@c",
        "a:b@c",
        "a@b@c",
        "a\u0000@b",
        "a@b/\u0007",
        "a@b c",
        "a@\u0000",
        "\u2665@b",
        "a@b/\ud800",
        "a@exa<mple",
        "a@\"",
        "a@.",
        "a@..",
        "a@.b",
        "a@b..c",
        "a@[::1",
        "a@[",
        "a@[]",
        "a@b%c",
        "a@b'c"
      })
  void textThatIsNoAddress_isRefused(String text) {
    assertThatThrownBy(() -> Jid.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s@b", "b@%s", "a@b/%s"})
  void part_hasAtMost1023Bytes(String pattern) {
    String longest = "a".repeat(1023);
    if (!pattern.startsWith("b@")) {
      assertThat(Jid.parse(pattern.formatted(longest))).hasToString(pattern.formatted(longest));
    }
    assertThatThrownBy(() -> Jid.parse(pattern.formatted(longest + "a")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Jid.parse(pattern.formatted("\u00e4".repeat(512))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void resource_isAddedAndTakenAway() {
    Jid bare = Jid.parse("a@b");
    Jid full = bare.withResource("c");
    assertThat(bare.isBare()).isTrue();
    assertThat(full.isBare()).isFalse();
    assertThat(full).isEqualTo(Jid.parse("a@b/c"));
    assertThat(full.bare()).isEqualTo(bare);
    assertThat(bare.bare()).isSameAs(bare);
  }

  @Test
  void oic_tellsOfTheDevice() {
    assertThat(Jid.parse("a@b/OIC/1.0/oic.d.light/ABC").oic())
        .hasValue(new OicResource("oic.d.light", new DeviceId("abc")));
    assertThat(Jid.parse("a@b/phone").oic()).isEmpty();
    assertThat(Jid.parse("a@b").oic()).isEmpty();
  }
}
