package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnacknowledgedTest {
  private static Unacknowledged with(int first, String... stanzas) {
    Unacknowledged kept = new Unacknowledged(first, 4, 10);
    for (String stanza : stanzas) {
      assertThat(kept.add(Buffer.buffer(stanza), null)).isTrue();
    }
    return kept;
  }

  private static List<String> contents(Unacknowledged kept) {
    List<String> all = new ArrayList<>();
    kept.forEach(stanza -> all.add(stanza.toString()));
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, -2, -3, Integer.MAX_VALUE})
  void acknowledged_areDroppedWhereverTheCountsAre(int first) {
    Unacknowledged kept = with(first, "a", "b", "c");
    assertThat(kept.sentCount()).isEqualTo(first + 3);
    assertThat(kept.acknowledge(first)).isTrue();
    assertThat(contents(kept)).containsExactly("a", "b", "c");
    assertThat(kept.acknowledge(first + 2)).isTrue();
    assertThat(contents(kept)).containsExactly("c");
    assertThat(kept.acknowledge(first + 2)).isTrue();
    assertThat(kept.acknowledge(first + 3)).isTrue();
    assertThat(kept.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, -2, -3, Integer.MAX_VALUE})
  void counts_outsideOfWhatIsOpenAreRefused(int first) {
    Unacknowledged kept = with(first, "a", "b", "c");
    assertThat(kept.acknowledge(first + 4)).isFalse();
    assertThat(kept.acknowledge(first - 1)).isFalse();
    assertThat(kept.acknowledge(first + 1)).isTrue();
    // Nor may it take back what it said.
    assertThat(kept.acknowledge(first)).isFalse();
    assertThat(contents(kept)).containsExactly("b", "c");
  }

  @Test
  void stanzas_overTheirNumberAreNotTaken() {
    Unacknowledged kept = with(0, "a", "b", "c", "d");
    assertThat(kept.add(Buffer.buffer("e"), null)).isFalse();
    assertThat(kept.sentCount()).isEqualTo(4);
    kept.acknowledge(1);
    assertThat(kept.add(Buffer.buffer("e"), null)).isTrue();
    assertThat(contents(kept)).containsExactly("b", "c", "d", "e");
  }

  @Test
  void stanzas_overTheBytesAreNotTaken() {
    Unacknowledged kept = with(0, "aaaaa", "bbbb");
    assertThat(kept.add(Buffer.buffer("cc"), null)).isFalse();
    assertThat(kept.add(Buffer.buffer("c"), null)).isTrue();
    kept.acknowledge(1);
    assertThat(kept.add(Buffer.buffer("ddddd"), null)).isTrue();
    assertThat(contents(kept)).containsExactly("bbbb", "c", "ddddd");
  }

  @Test
  void counts_areWrittenAndReadAsTheyWrap() {
    assertThat(SmElements.answer(-1).toXml())
        .isEqualTo("<a xmlns='urn:xmpp:sm:3' h='4294967295'/>");
    assertThat(SmElements.count(SmElements.answer(-1))).hasValue(-1);
    assertThat(SmElements.count(a("4294967296"))).isEmpty();
    assertThat(SmElements.count(a("-1"))).isEmpty();
    assertThat(SmElements.count(SmElements.request())).isEmpty();
  }

  private static Element a(String h) {
    return Element.named("a", SmElements.NAMESPACE).attribute("h", h).build();
  }
}
