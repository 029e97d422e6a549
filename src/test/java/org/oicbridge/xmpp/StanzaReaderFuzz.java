package org.oicbridge.xmpp;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oicbridge.fuzz.FuzzTarget;

/**
 * Drives {@link StanzaReader}: what it tells must not depend on where its input is cut, and what it
 * read must be read the same again once it was written.
 */
public final class StanzaReaderFuzz implements FuzzTarget {
  private static final int LIMIT = 2048;

  @Override
  public List<byte[]> corpus() {
    return List.of(
        bytes(""),
        bytes(
            "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
                + "</starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                + "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"),
        bytes("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        bytes("<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj1meWtv</challenge>"),
        bytes(
            "<iq to='a@b/c' type='result' id='1'><query xmlns='jabber:iq:roster' ver='ver1'>"
                + "<item jid='d@e' subscription='both'/></query></iq> \n"),
        bytes(
            "<presence from='a@b/OIC/1.0/oic.d.light/0685B960-736F-46F7-BEC0-9E6CBD61ADC1'>"
                + "<priority>-50</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1'"
                + " node='n' ver='v='/></presence>"),
        bytes(
            "<message from='a@b/c' id='1'><data xmlns='http://jabber.org/protocol/ibb' sid='i'"
                + " seq='0'>PHJlc3Q+&#x0A;<![CDATA[x]]>&amp;\u00e9\ud83d\ude00</data></message>"),
        bytes(
            "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"),
        bytes("</stream:stream>"),
        bytes("<a" + attributes(65) + "/>"),
        bytes("<a>".repeat(33) + "</a>".repeat(33)),
        bytes("words between stanzas"),
        bytes("<?xml version='1.0' encoding='ISO-8859-1'?>" + StanzaReaderTest.HEADER),
        bytes("<?xml version='1.1'?>" + StanzaReaderTest.HEADER),
        bytes(StanzaReaderTest.HEADER.replace("http://etherx", "http://other")),
        bytes(StanzaReaderTest.HEADER.replace("stream:stream", "stream:other")),
        bytes(StanzaReaderTest.HEADER.replace("jabber:client", "jabber:server")),
        bytes(StanzaReaderTest.HEADER.replace("stream:", "s:").replace(":stream=", ":s=")));
  }

  private static String attributes(int count) {
    StringBuilder attributes = new StringBuilder();
    for (int i = 0; i < count; i++) {
      attributes.append(" a").append(i).append("=''");
    }
    return attributes.toString();
  }

  @Override
  public List<String> dictionary() {
    return List.of(
        "<",
        ">",
        "/>",
        "</",
        "'",
        "\"",
        "&amp;",
        "&#x10FFFF;",
        "&#0;",
        "&x;",
        "<!--",
        "-->",
        "<?x",
        "?>",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE a [",
        " xmlns=''",
        " xmlns:a='b'",
        "a:",
        "<a>",
        "</a>",
        "<m xml:lang='en'>",
        "\u0000",
        "\uFFFE",
        "\ud83d\ude00",
        "\uFEFF",
        StanzaReaderTest.HEADER);
  }

  @Override
  public void accept(byte[] input) {
    compare(input);
    Buffer inStream = Buffer.buffer(StanzaReaderTest.HEADER).appendBytes(input);
    List<String> told = compare(inStream.getBytes());
    StringBuilder again = new StringBuilder(StanzaReaderTest.HEADER);
    told.stream().filter(entry -> entry.startsWith("<")).forEach(again::append);
    List<String> toldAgain = StanzaReaderTest.whole(bytes(again.toString()), 8 * LIMIT);
    long stanzas = told.stream().filter(entry -> entry.startsWith("<")).count();
    if (toldAgain.size() != stanzas + 1 || !told.subList(0, toldAgain.size()).equals(toldAgain)) {
      throw new IllegalStateException("read " + told + " and then " + toldAgain);
    }
  }

  private static List<String> compare(byte[] input) {
    List<String> whole = StanzaReaderTest.whole(input, LIMIT);
    List<String> byteByByte = StanzaReaderTest.byteByByte(input, LIMIT);
    // Whether the parser notices a forbidden "]]>" in text depends on where the input is cut.
    boolean excused = new String(input, StandardCharsets.ISO_8859_1).contains("]]>");
    if (!excused && !anonymous(whole).equals(anonymous(byteByByte))) {
      throw new IllegalStateException("whole " + whole + ", byte by byte " + byteByByte);
    }
    return whole;
  }

  /** Of several faults in one input, another one may be noticed first. */
  private static List<String> anonymous(List<String> told) {
    return told.stream().map(entry -> entry.startsWith("failed") ? "failed" : entry).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
