package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.crudn.Jid;

class IbbStanzasTest {
  private static final Jid SELF = Jid.parse("romeo@montague.net/orchard");
  private static final Jid PEER = Jid.parse("juliet@capulet.com/balcony");
  private static final String NS = " xmlns='http://jabber.org/protocol/ibb'";

  private static Element element(String xml) {
    List<Element> read = new ArrayList<>();
    StanzaReaderTest.Told told =
        new StanzaReaderTest.Told() {
          @Override
          public void stanza(Element stanza) {
            read.add(stanza);
          }
        };
    new StanzaReader(100_000, told).feed(Buffer.buffer(StanzaReaderTest.HEADER + xml));
    return read.get(0);
  }

  private static Ibb request(String payload) {
    return IbbStanzas.request(
        element("<iq type='set' id='jn3h8g65'>" + payload + "</iq>"), SELF, PEER);
  }

  private static Ibb message(String xml) {
    return IbbStanzas.message(element(xml), SELF, PEER);
  }

  @Test
  void requests_areThoseOfTheXep() {
    // XEP-0047 examples 1, 6 and 10
    assertThat(request("<open" + NS + " block-size='4096' sid='i781hf64' stanza='iq'/>"))
        .isEqualTo(new Ibb.Open(SELF, PEER, "jn3h8g65", "i781hf64", 4096, Carrier.IQ));
    assertThat(request("<open" + NS + " block-size='65535' sid='i'/>"))
        .isEqualTo(new Ibb.Open(SELF, PEER, "jn3h8g65", "i", 65_535, Carrier.IQ));
    assertThat(request("<data" + NS + " seq='0' sid='i'>qANQR1DBwU4D</data>"))
        .isEqualTo(new Ibb.Data(SELF, PEER, "jn3h8g65", "i", 0, "qANQR1DBwU4D", Carrier.IQ));
    assertThat(request("<close" + NS + " sid='i'/>"))
        .isEqualTo(new Ibb.Close(SELF, PEER, "jn3h8g65", "i"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<open@ sid='i'/>",
        "<open@ block-size='' sid='i'/>",
        "<open@ block-size='0' sid='i'/>",
        "<open@ block-size='65536' sid='i'/>",
        "<open@ block-size='-1' sid='i'/>",
        "<open@ block-size='4096.0' sid='i'/>",
        "<open@ block-size='4294971392' sid='i'/>",
        "<open@ block-size='4096'/>",
        "<open@ block-size='4096' sid=''/>",
        "<open@ block-size='4096' sid='i' stanza='presence'/>",
        "<close@/>",
        "<data@ seq='0'>AA==</data>",
        "<other@ sid='i'/>"
      })
  void request_thatIsMalformedIsNone(String payload) {
    assertThat(request(payload.replace("@", NS))).isNull();
  }

  @Test
  void sid_isBounded() {
    assertThat(request("<close" + NS + " sid='" + "x".repeat(256) + "'/>")).isNotNull();
    assertThat(request("<close" + NS + " sid='" + "x".repeat(257) + "'/>")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"65535, 65535", "65536, -1", "'', -1", "-1, -1", "1e1, -1", "\u0661, -1", "007, 7"})
  void seq_isANumberOrNone(String text, int seq) {
    assertThat(
            message(
                "<message id='1'><data" + NS + " seq='" + text + "' sid='i'>A</data></message>"))
        .isEqualTo(new Ibb.Data(SELF, PEER, "1", "i", seq, "A", Carrier.MESSAGE));
  }

  @Test
  void message_isReadWhereItBelongsToAStream() {
    assertThat(message("<message><data" + NS + " sid='i'>A</data></message>"))
        .isEqualTo(new Ibb.Data(SELF, PEER, "", "i", -1, "A", Carrier.MESSAGE));
    assertThat(message("<message><body>hello</body></message>")).isNull();
    assertThat(message("<message><data" + NS + " seq='0'>A</data></message>")).isNull();
    String error =
        "<error type='cancel'><item-not-found xmlns='" + Conditions.STANZAS + "'/></error>";
    assertThat(message("<message type='error' id='ibb7'>" + error + "</message>"))
        .isEqualTo(
            new Ibb.Refused(SELF, PEER, "ibb7", null, Condition.ITEM_NOT_FOUND, Carrier.MESSAGE));
    assertThat(message("<message type='error'><data" + NS + " sid='i'/>" + error + "</message>"))
        .isEqualTo(new Ibb.Refused(SELF, PEER, "", "i", Condition.ITEM_NOT_FOUND, Carrier.MESSAGE));
    assertThat(message("<message type='error' id='x'>" + error + "</message>")).isNull();
    assertThat(message("<message type='error' id='ibb'/>"))
        .isEqualTo(
            new Ibb.Refused(
                SELF, PEER, "ibb", null, Condition.UNDEFINED_CONDITION, Carrier.MESSAGE));
  }

  @Test
  void answer_isAcceptedOrRefused() {
    assertThat(IbbStanzas.answer(element("<iq type='result' id='ibb1'/>"), SELF, PEER))
        .isEqualTo(new Ibb.Accepted(SELF, PEER, "ibb1"));
    String xml =
        "<iq type='error' id='ibb1'><open"
            + NS
            + " sid='i' block-size='1'/><error type='modify'><resource-constraint xmlns='"
            + Conditions.STANZAS
            + "'/></error></iq>";
    assertThat(IbbStanzas.answer(element(xml), SELF, PEER))
        .isEqualTo(
            new Ibb.Refused(SELF, PEER, "ibb1", "i", Condition.RESOURCE_CONSTRAINT, Carrier.IQ));
  }

  @Test
  void stanzas_areReadAsTheyWereWritten() {
    List<Ibb> requests =
        List.of(
            new Ibb.Open(SELF, PEER, "ibb1", "s'<&", 4096, Carrier.MESSAGE),
            new Ibb.Open(SELF, PEER, "ibb1", "s", 1, Carrier.IQ),
            new Ibb.Data(SELF, PEER, "ibb2", "s", 65_535, "AAAA", Carrier.IQ),
            new Ibb.Close(SELF, PEER, "ibb3", "s"));
    for (Ibb ibb : requests) {
      Element written = element(IbbStanzas.write(ibb).toXml());
      assertThat(written.attribute("to")).isEqualTo(PEER.toString());
      assertThat(IbbStanzas.request(written, SELF, PEER)).isEqualTo(ibb);
    }
    Ibb data = new Ibb.Data(SELF, PEER, "ibb2", "s", 0, "AAAA", Carrier.MESSAGE);
    assertThat(IbbStanzas.message(element(IbbStanzas.write(data).toXml()), SELF, PEER))
        .isEqualTo(data);
    // An incomplete payload in an error ends Smack's connection, so there is none.
    Ibb bounce =
        new Ibb.Refused(SELF, PEER, "ibb9", "s", Condition.NOT_ACCEPTABLE, Carrier.MESSAGE);
    Element bounced = element(IbbStanzas.write(bounce).toXml());
    assertThat(bounced.child("data", IbbStanzas.IBB)).isNull();
    assertThat(IbbStanzas.message(bounced, SELF, PEER))
        .isEqualTo(
            new Ibb.Refused(SELF, PEER, "ibb9", null, Condition.NOT_ACCEPTABLE, Carrier.MESSAGE));
    for (Condition condition : Condition.values()) {
      Ibb refused = new Ibb.Refused(SELF, PEER, "ibb4", null, condition, Carrier.IQ);
      Element written = element(IbbStanzas.write(refused).toXml());
      assertThat(IbbStanzas.answer(written, SELF, PEER)).isEqualTo(refused);
      assertThat(written.child("error", Element.CLIENT).attribute("type"))
          .isEqualTo(condition.type());
    }
  }
}
