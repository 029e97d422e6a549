package org.oicbridge.crudn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcePathTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "'' '' '' /",
        "/ '' '' /",
        "/a/light a|light '' /a/light",
        "a/light a|light '' /a/light",
        "/a/ a| '' /a/",
        "//a |a '' //a",
        "/a//b a||b '' /a//b",
        "/a?x=1&y=2 a x=1|y=2 /a?x=1&y=2",
        "/a?&x&&y& a x|y /a?x&y",
        "/a? a '' /a",
        "?x '' x /?x",
        "/a?b?c/d a b?c/d /a?b?c/d",
        "/a#f?x a '' /a",
        "/a%2Fb/%3f a/b|? '' /a%2Fb/%3F",
        "/a?x=%26%3D a x=&= /a?x=%26=",
        "/%E2%82%AC \u20ac '' /%E2%82%AC",
        "/\u20ac \u20ac '' /%E2%82%AC",
        "/a%25 a% '' /a%25",
        "/a+b~$!'*(),;:@ a+b~$!'*(),;:@ '' /a+b~$!'*(),;:@",
        "/... ... '' /...",
      },
      quoteCharacter = '`')
  void text_isReadAndWritten(String text, String segments, String query, String written) {
    ResourcePath path = ResourcePath.parse(unquote(text));
    assertThat(String.join("|", path.segments())).isEqualTo(unquote(segments));
    assertThat(String.join("|", path.query())).isEqualTo(unquote(query));
    assertThat(path).hasToString(written);
    assertThat(ResourcePath.parse(written)).isEqualTo(path);
  }

  private static String unquote(String text) {
    return text.equals("''") ? "" : text;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%",
        "/%4",
        "/%4g",
        "/%g4",
        "/%-1",
        "/%+1",
        "/a?%",
        "/%c3",
        "/%c0%80",
        "/%ed%a0%80",
        "/.",
        "/..",
        "/a/../b",
        "/%2e%2E",
        "/a/."
      })
  void text_thatIsBroken_isRefused(String text) {
    assertThatThrownBy(() -> ResourcePath.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parts_mustFitCoapOptions() {
    String longest = "\u00e4".repeat(127) + "a";
    assertThat(new ResourcePath(List.of(longest), List.of(longest)).segments())
        .containsExactly(longest);
    assertThatThrownBy(() -> new ResourcePath(List.of(longest + "a"), List.of()))
        .hasMessage("path segment has 256 bytes, at most 255 fit a CoAP option");
    assertThatThrownBy(() -> new ResourcePath(List.of(), List.of(longest + "a")))
        .hasMessage("query parameter has 256 bytes, at most 255 fit a CoAP option");
  }

  @Test
  void text_isBounded() {
    String longest = "/" + ("a".repeat(254) + "/").repeat(8) + "1234567";
    assertThat(ResourcePath.parse(longest)).hasToString(longest);
    assertThatThrownBy(() -> ResourcePath.parse(longest + "8"))
        .hasMessage("path has 2049 characters, at most 2048 are taken");
  }

  @Test
  void rootHasOneForm() {
    assertThat(new ResourcePath(List.of(""), List.of()))
        .isEqualTo(new ResourcePath(List.of(), List.of()));
  }

  @Test
  void path_hasNoQuery() {
    assertThat(ResourcePath.parse("/a%20b?c").path()).isEqualTo("/a%20b");
    assertThat(ResourcePath.parse("?c").path()).isEqualTo("/");
  }

  @Property(tries = 300)
  void path_isReadAsItWasWritten(@ForAll("paths") ResourcePath path) {
    assertThat(ResourcePath.parse(path.toString())).isEqualTo(path);
  }

  @Provide
  Arbitrary<ResourcePath> paths() {
    Arbitrary<String> part =
        Arbitraries.strings()
            .all()
            .ofMaxLength(20)
            .map(text -> text.replaceAll("\\p{Cs}", "x"))
            .filter(text -> !text.matches("\\.\\.?"));
    return Combinators.combine(
            part.list().ofMaxSize(4), part.filter(text -> !text.isEmpty()).list().ofMaxSize(3))
        .as(ResourcePath::new);
  }
}
