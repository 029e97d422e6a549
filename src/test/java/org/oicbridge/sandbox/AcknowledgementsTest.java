package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.xmpp.Element;

/** What is kept of the stanzas that a client was sent. */
class AcknowledgementsTest {
  private static Element stanza(int number) {
    return Element.named("message", Element.CLIENT).attribute("id", "" + number).build();
  }

  private static List<String> kept(Acknowledgements acknowledgements) {
    List<String> ids = new ArrayList<>();
    acknowledgements.forEach(stanza -> ids.add(stanza.attribute("id")));
    return ids;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, true, '0,1,2'",
    "0, 2, true, '2'",
    "0, 3, true, ''",
    "0, 4, false, '0,1,2'",
    "0, -1, false, '0,1,2'",
    "-2, -2, true, '0,1,2'",
    "-2, -1, true, '1,2'",
    "-2, 0, true, '2'",
    "-2, 1, true, ''",
    "-2, 2, false, '0,1,2'",
    "2147483646, -2147483648, true, '2'",
  })
  void acknowledge_letsGoWhatWasHandled(int start, int h, boolean taken, String rest) {
    Acknowledgements acknowledgements = new Acknowledgements(start);
    for (int i = 0; i < 3; i++) {
      assertThat(acknowledgements.keep(stanza(i), 1)).isTrue();
    }
    assertThat(acknowledgements.acknowledge(h)).isEqualTo(taken);
    assertThat(String.join(",", kept(acknowledgements))).isEqualTo(rest);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1000, Integer.MAX_VALUE - 1000})
  void acknowledge_inAnyStepsKeepsTheRestInOrder(int start) {
    SplittableRandom random = new SplittableRandom(start);
    Acknowledgements acknowledgements = new Acknowledgements(start);
    List<String> model = new ArrayList<>();
    int sent = 0;
    for (int i = 0; i < 5000; i++) {
      if (random.nextInt(3) > 0) {
        assertThat(acknowledgements.keep(stanza(sent), 10)).isTrue();
        model.add("" + sent++);
      } else {
        int more = random.nextInt(model.size() + 1);
        assertThat(acknowledgements.acknowledge(start + sent - model.size() + more)).isTrue();
        model.subList(0, more).clear();
      }
      assertThat(kept(acknowledgements)).isEqualTo(model);
    }
    assertThat(acknowledgements.sentCount()).isEqualTo(start + sent);
    assertThat(acknowledgements.drain()).hasSize(model.size());
    assertThat(acknowledgements.drain()).isEmpty();
  }

  @Test
  void keep_isBoundedInStanzas() {
    Acknowledgements acknowledgements = new Acknowledgements(0);
    Element stanza = stanza(0);
    for (int i = 0; i < Acknowledgements.MAX_STANZAS; i++) {
      assertThat(acknowledgements.keep(stanza, 1)).isTrue();
    }
    assertThat(acknowledgements.keep(stanza, 1)).isFalse();
    assertThat(acknowledgements.sentCount()).isEqualTo(Acknowledgements.MAX_STANZAS);
    assertThat(acknowledgements.acknowledge(1)).isTrue();
    assertThat(acknowledgements.keep(stanza, 1)).isTrue();
  }

  @Test
  void keep_isBoundedInBytes() {
    Acknowledgements acknowledgements = new Acknowledgements(0);
    Element stanza = stanza(0);
    assertThat(acknowledgements.keep(stanza, Acknowledgements.MAX_BYTES - 1)).isTrue();
    assertThat(acknowledgements.keep(stanza, 2)).isFalse();
    assertThat(acknowledgements.keep(stanza, 1)).isTrue();
    assertThat(acknowledgements.acknowledge(1)).isTrue();
    assertThat(acknowledgements.keep(stanza, Acknowledgements.MAX_BYTES - 1)).isTrue();
  }
}
