package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementTest {
  @Test
  void element_givesItsParts() {
    Element data =
        Element.named("data", "http://jabber.org/protocol/ibb").text("qA").text("==").build();
    Element message =
        Element.named("message", Element.CLIENT)
            .attribute("to", "a@b/c")
            .attribute("type", null)
            .child(data)
            .child("no-copy", "urn:xmpp:hints")
            .build();
    assertThat(message.attribute("to")).isEqualTo("a@b/c");
    assertThat(message.attribute("type")).isNull();
    assertThat(message.child("data", "http://jabber.org/protocol/ibb").text()).isEqualTo("qA==");
    assertThat(message.child("data", "urn:xmpp:hints")).isNull();
    assertThat(message.children()).hasSize(2);
    assertThat(message.toXml())
        .isEqualTo(
            "<message to='a@b/c'><data xmlns='http://jabber.org/protocol/ibb'>qA==</data>"
                + "<no-copy xmlns='urn:xmpp:hints'/></message>");
  }

  @Test
  void builder_replacesAttributesOnlyByTheirName() {
    Element.Builder copy =
        Element.named("iq", Element.CLIENT)
            .attribute("from", "to")
            .attribute("to", "x")
            .child("ping", "urn:xmpp:ping")
            .build()
            .toBuilder();
    assertThat(copy.attribute("to", "y").build().toXml())
        .isEqualTo("<iq from='to' to='y'><ping xmlns='urn:xmpp:ping'/></iq>");
    assertThat(copy.attribute("from", null).build().toXml())
        .isEqualTo("<iq to='y'><ping xmlns='urn:xmpp:ping'/></iq>");
  }

  @Test
  void namespace_isWrittenWhereItChanges() {
    Element error =
        Element.named("error", Element.STREAMS)
            .child("conflict", "urn:ietf:params:xml:ns:xmpp-streams")
            .build();
    assertThat(error.toXml())
        .isEqualTo(
            "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
    Element bare = Element.named("x", "").child("y", "").child("z", Element.CLIENT).build();
    assertThat(bare.toXml()).isEqualTo("<x xmlns=''><y/><z xmlns='jabber:client'/></x>");
  }

  @ParameterizedTest
  @CsvSource({
    "0000, \uFFFD",
    "0008, \uFFFD",
    "FFFE, \uFFFD",
    "FFFF, \uFFFD",
    "D800, \uFFFD",
    "DC00, \uFFFD",
    "000D, &#13;",
    "0026, &amp;",
    "003C, &lt;",
    "003E, &gt;",
    "D7FF, \uD7FF",
    "E000, \uE000"
  })
  void characters_areWrittenAsXmlHasThem(String hex, String written) {
    String text = "a" + (char) Integer.parseInt(hex, 16) + "b";
    Element element = Element.named("x", Element.CLIENT).attribute("y", text).text(text).build();
    assertThat(element.toXml()).isEqualTo("<x y='a" + written + "b'>a" + written + "b</x>");
  }

  @Test
  void attribute_keepsQuotesAndLineEnds() {
    Element element =
        Element.named("x", Element.CLIENT).attribute("y", "'\"\t\n").text("'\t\n").build();
    assertThat(element.toXml()).isEqualTo("<x y='&apos;\"&#9;&#10;'>'\t\n</x>");
    String pair = "\uD83D\uDE00";
    assertThat(Element.named("x", Element.CLIENT).text(pair + "\uD83D").build().toXml())
        .isEqualTo("<x>" + pair + "\uFFFD</x>");
  }

  @Test
  void element_doesNotShowItsContentInLogs() {
    assertThat(Element.named("auth", "urn:s").text("secret").attribute("a", "b").build())
        .hasToString("{urn:s}auth");
  }
}
