package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.fuzz.Fuzz;

class StanzaReaderTest {
  static final String HEADER =
      "<?xml version='1.0'?><stream:stream from='im.example.com' id='++TR84Sm6A3hnt3Q065SnAbbk3Y='"
          + " to='juliet@im.example.com' version='1.0' xml:lang='en' xmlns='jabber:client'"
          + " xmlns:stream='http://etherx.jabber.org/streams'>";
  private static final int LIMIT = 262_144;

  /** Everything that a reader told, one string each. */
  static class Told implements StanzaReader.Listener {
    final List<String> log = new ArrayList<>();
    Element header;

    @Override
    public void streamOpened(Element header) {
      this.header = header;
      log.add("opened");
    }

    @Override
    public void stanza(Element stanza) {
      log.add(stanza.toXml());
    }

    @Override
    public void streamClosed() {
      log.add("closed");
    }

    @Override
    public void failed(String condition, String detail) {
      log.add("failed " + condition);
    }
  }

  static List<String> whole(byte[] input, int limit) {
    Told told = new Told();
    new StanzaReader(limit, told).feed(Buffer.buffer(input));
    return told.log;
  }

  /** The same in pieces of one byte, with a rest wherever there may be one. */
  static List<String> byteByByte(byte[] input, int limit) {
    Told told = new Told();
    StanzaReader reader = new StanzaReader(limit, told);
    for (byte b : input) {
      reader.feed(Buffer.buffer(new byte[] {b}));
      reader.rest();
    }
    return told.log;
  }

  @Test
  void rest_comesBetweenStanzasOnlyAndEndsWithWhatArrives() {
    Told told = new Told();
    StanzaReader reader = new StanzaReader(LIMIT, told);
    reader.rest();
    assertThat(reader.resting()).as("before the header").isFalse();

    reader.feed(Buffer.buffer(HEADER + "<a/><b>"));
    reader.rest();
    assertThat(reader.resting()).as("within a stanza").isFalse();

    reader.feed(Buffer.buffer("</b>"));
    reader.rest();
    assertThat(reader.resting()).as("between stanzas").isTrue();

    reader.feed(Buffer.buffer("<c/><d"));
    reader.rest();
    assertThat(reader.resting()).as("within the next").isFalse();
    reader.feed(Buffer.buffer("/>"));
    assertThat(told.log).containsExactly("opened", "<a/>", "<b/>", "<c/>", "<d/>");
  }

  private static List<String> read(String input) {
    return read(input.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(byte[] input) {
    List<String> whole = whole(input, LIMIT);
    assertThat(byteByByte(input, LIMIT)).isEqualTo(whole);
    return whole;
  }

  @Test
  void stream_isReadFromHeaderToEnd() {
    // RFC 6120 sections 9.1.1 to 9.1.4, shortened
    assertThat(
            read(
                HEADER
                    + "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>"
                    + "<required/></starttls></stream:features>"
                    + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\n"
                    + "<iq id='yhc13a95' type='result'>"
                    + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                    + "<jid>juliet@im.example.com/balcony</jid></bind></iq>"
                    + "<message from=\"a@b/c\"><body>Art thou not Romeo, &amp; a Montague?</body>"
                    + "</message></stream:stream>"))
        .containsExactly(
            "opened",
            "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
                + "</starttls></stream:features>",
            "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "<iq id='yhc13a95' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                + "<jid>juliet@im.example.com/balcony</jid></bind></iq>",
            "<message from='a@b/c'><body>Art thou not Romeo, &amp; a Montague?</body></message>",
            "closed");
  }

  @Test
  void header_hasItsAttributes() {
    Told told = new Told();
    new StanzaReader(LIMIT, told).feed(Buffer.buffer(HEADER));
    assertThat(told.header.is("stream", Element.STREAMS)).isTrue();
    assertThat(told.header.attribute("id")).isEqualTo("++TR84Sm6A3hnt3Q065SnAbbk3Y=");
    assertThat(told.header.attribute("version")).isEqualTo("1.0");
    assertThat(told.header.attribute("xml:lang")).isEqualTo("en");
    assertThat(told.header.attribute("lang")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <!DOCTYPE stream>                                | restricted-xml
          <!DOCTYPE a [<!ENTITY b "c">]>                   | not-well-formed
          """)
  void prolog_isRefusedWithADocumentType(String prolog, String condition) {
    assertThat(read(prolog + HEADER)).containsExactly("failed " + condition);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <!-- comment -->                                 | restricted-xml
          <message><!-- comment --></message>              | restricted-xml
          <?pi data?>                                      | restricted-xml
          <message><?pi data?></message>                   | restricted-xml
          <message>&lol;</message>                         | restricted-xml
          <message a='&lol;'/>                             | not-well-formed
          <!DOCTYPE a>                                     | not-well-formed
          <message><!DOCTYPE a></message>                  | not-well-formed
          <message></presence>                             | not-well-formed
          <message a='1' a='2'/>                           | not-well-formed
          <message a='<'/>                                 | not-well-formed
          <message a=1/>                                   | not-well-formed
          <message>&#0;</message>                          | not-well-formed
          <message>&#xFFFF;</message>                      | not-well-formed
          <message>&#xD800;</message>                      | not-well-formed
          <message>&#x110000;</message>                    | not-well-formed
          <message x:a='1'/>                               | not-well-formed
          <x:message/>                                     | not-well-formed
          < message/>                                      | not-well-formed
          <?xml version='1.0'?>                            | not-well-formed
          text                                             | bad-format
          """)
  void stanza_isRefused(String input, String condition) {
    assertThat(read(HEADER + "<iq/>" + input + "<iq/>"))
        .containsExactly("opened", "<iq/>", "failed " + condition);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <stream:stream xmlns='jabber:client' xmlns:stream='urn:other'>        | invalid-namespace
          <stream xmlns='jabber:client'>                                        | invalid-namespace
          <stream:stream xmlns:stream='http://etherx.jabber.org/streams'>       | invalid-namespace
          <s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'>  | bad-namespace-prefix
          <stream:dream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'> | bad-format
          <?xml version='1.1'?><a/>                                             | not-well-formed
          <?xml version='1.0' encoding='ISO-8859-1'?><a/>                       | unsupported-encoding
          HTTP/1.1 400 Bad Request                                              | not-well-formed
          """)
  void header_isRefused(String input, String condition) {
    assertThat(read(input)).containsExactly("failed " + condition);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c3 28", // a second byte that is none
        "c0 af", // overlong
        "ed a0 80", // a surrogate
        "f4 90 80 80", // beyond U+10FFFF
        "f0 80 80 af", // overlong
        "e0 80 af", // overlong
        "f5 80 80 80",
        "80",
        "e2 82",
        "00",
        "01",
        "ef bf bf" // U+FFFF
      })
  void bytes_areRefusedWhereNotUtf8OrNotXml(String hex) {
    byte[] bad = HexFormat.ofDelimiter(" ").parseHex(hex);
    Buffer input = Buffer.buffer(HEADER + "<message>").appendBytes(bad).appendString("</message>");
    assertThat(read(input.getBytes())).containsExactly("opened", "failed not-well-formed");
    Buffer attribute = Buffer.buffer(HEADER + "<iq id='").appendBytes(bad).appendString("'/>");
    assertThat(read(attribute.getBytes())).containsExactly("opened", "failed not-well-formed");
  }

  @Test
  void text_isTakenFromEveryForm() {
    String text = "a<b>&'\" \uD83D\uDE00\u00e9\r\n\t";
    String xml = Element.named("message", Element.CLIENT).text(text).build().toXml();
    assertThat(read(HEADER + xml)).containsExactly("opened", xml);
    assertThat(read(HEADER + "<m><![CDATA[a<b]]>&gt;&#99;&#x64;</m>"))
        .containsExactly("opened", "<m>a&lt;b&gt;cd</m>");
  }

  @Test
  void whiteSpace_betweenStanzasIsSkipped() {
    assertThat(read("\n ".strip() + HEADER + " \r\n\t<iq/> ")).containsExactly("opened", "<iq/>");
  }

  @Test
  void characters_ofEveryLengthAreRead() {
    for (String text :
        List.of("\u007f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\ufffd")) {
      assertThat(read(HEADER + "<m>" + text + "</m>"))
          .containsExactly("opened", "<m>" + text + "</m>");
    }
    for (int codePoint : new int[] {0x10000, 0x3FFFF, 0x40000, 0xFFFFF, 0x100000, 0x10FFFD}) {
      String text = Character.toString(codePoint);
      assertThat(read(HEADER + "<m>" + text + "</m>"))
          .containsExactly("opened", "<m>" + text + "</m>");
    }
  }

  @Test
  void characters_areReadInNamesAndValues() {
    String xml = "<\u00e9 xmlns='urn:\uD83D\uDE00' \u00e8='\uD83D\uDE00'/>";
    assertThat(read(HEADER + xml)).containsExactly("opened", xml);
  }

  @Test
  void stanza_overTheLimitIsRefused() {
    String fits = "<m>" + "x".repeat(1000 - 7) + "</m>";
    String over = "<m>" + "x".repeat(1000 - 6) + "</m>";
    byte[] input = (HEADER + fits + fits + over).getBytes(StandardCharsets.UTF_8);
    assertThat(whole(input, 1000)).containsExactly("opened", fits, fits, "failed policy-violation");
    assertThat(byteByByte(input, 1000))
        .containsExactly("opened", fits, fits, "failed policy-violation");
  }

  @Test
  void stanza_overTheLimitIsRefusedBeforeItsEnd() {
    Buffer endless = Buffer.buffer(HEADER + "<m>" + "x".repeat(LIMIT + 16 * 1024));
    assertThat(whole(endless.getBytes(), LIMIT))
        .containsExactly("opened", "failed policy-violation");
    Buffer attribute = Buffer.buffer(HEADER + "<m a='" + "x".repeat(LIMIT + 16 * 1024));
    assertThat(whole(attribute.getBytes(), LIMIT))
        .containsExactly("opened", "failed policy-violation");
  }

  @Test
  void header_overTheLimitIsRefused() {
    String header = HEADER.substring(0, HEADER.length() - 1) + " a='" + "x".repeat(1000) + "'>";
    byte[] input = header.getBytes(StandardCharsets.UTF_8);
    assertThat(whole(input, 1000)).containsExactly("failed policy-violation");
    assertThat(byteByByte(input, 1000)).containsExactly("failed policy-violation");
    assertThat(read(" ".repeat(LIMIT + 16 * 1024))).containsExactly("failed policy-violation");
  }

  @Test
  void whiteSpace_withoutEndIsRefused() {
    Told told = new Told();
    StanzaReader reader = new StanzaReader(LIMIT, told);
    reader.feed(Buffer.buffer(HEADER));
    Buffer spaces = Buffer.buffer(" ".repeat(1024));
    for (int i = 0; i < 10 * 1024; i++) {
      reader.feed(spaces);
    }
    assertThat(told.log).containsExactly("opened", "failed policy-violation");
  }

  @Test
  void depth_isLimited() {
    String fits = "<a>".repeat(31) + "<a/>" + "</a>".repeat(31);
    assertThat(read(HEADER + fits)).containsExactly("opened", fits);
    assertThat(read(HEADER + "<a>" + fits + "</a>"))
        .containsExactly("opened", "failed policy-violation");
    assertThat(read(HEADER + "<a>".repeat(10_000)))
        .containsExactly("opened", "failed policy-violation");
  }

  @Test
  void attributes_areLimited() {
    StringBuilder many = new StringBuilder("<m");
    for (int i = 0; i < 64; i++) {
      many.append(" a").append(i).append("='1'");
    }
    assertThat(read(HEADER + many + "/>")).containsExactly("opened", many + "/>");
    assertThat(read(HEADER + many + " b='1'/>"))
        .containsExactly("opened", "failed policy-violation");
    assertThat(read(HEADER + many + " xmlns:b='1'/>"))
        .containsExactly("opened", "failed policy-violation");
  }

  @Test
  void elements_areLimited() {
    assertThat(read(HEADER + "<m>" + "<a/>".repeat(8191) + "</m><m><a/></m>")).hasSize(3);
    assertThat(read(HEADER + "<m>" + "<a/>".repeat(8192) + "</m>"))
        .containsExactly("opened", "failed policy-violation");
  }

  @Test
  void stream_isReadOnWhenTheParserIsRenewed() {
    String header = HEADER.substring(0, HEADER.length() - 1) + " xmlns:q='urn:q' xml:space='a'>";
    StringBuilder input = new StringBuilder(header);
    List<String> expected = new ArrayList<>(List.of("opened"));
    for (int i = 0; i < 20_000; i++) {
      input.append("<q:n").append(i).append(" p='").append(i).append("'/>\n");
      expected.add("<n" + i + " xmlns='urn:q' p='" + i + "'/>");
    }
    byte[] bytes = input.append("<presence/>").toString().getBytes(StandardCharsets.UTF_8);
    expected.add("<presence/>");
    assertThat(read(bytes)).isEqualTo(expected);
  }

  @Test
  void reader_isDeadAfterTheEnd() {
    assertThat(read(HEADER + "<iq/></stream:stream><iq/>"))
        .containsExactly("opened", "<iq/>", "closed");
  }

  @Test
  void unread_isWhatFollowsTheStanza() {
    List<String> unread = new ArrayList<>();
    StanzaReader[] reader = new StanzaReader[1];
    Told told =
        new Told() {
          @Override
          public void stanza(Element stanza) {
            unread.add(reader[0].unread().toString(StandardCharsets.ISO_8859_1));
            reader[0].stop();
          }
        };
    reader[0] = new StanzaReader(LIMIT, told);
    reader[0].feed(
        Buffer.buffer(HEADER + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><a/>")
            .appendByte((byte) 0xF0));
    reader[0].feed(Buffer.buffer("<b/>"));
    assertThat(unread).containsExactly("<a/>\u00f0");
    assertThat(told.log).containsExactly("opened");
    assertThat(reader[0].unread().length()).isZero();
  }

  @Test
  void reader_survivesMutatedStreams() {
    assertThat(Fuzz.run(new StanzaReaderFuzz(), 20_000, 1)).isZero();
  }
}
