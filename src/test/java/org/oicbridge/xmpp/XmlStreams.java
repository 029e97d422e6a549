package org.oicbridge.xmpp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Streams for two parsers to disagree about. Each is whole: a reader that has come to its end has
 * taken all of it.
 */
final class XmlStreams {
  static final byte[] END = bytes("</stream:stream>");

  /** What every parser has to take. */
  static final List<String> GOOD =
      List.of(
          "<iq/>",
          "<message from=\"a@b/c\"><body>a &amp; b &lt; c &gt; d &#99; &#x64;</body></message>",
          "<message a='x > y'>z > z</message>",
          "<message a='<![CDATA['/>".replace("<!", "&lt;!"),
          "<message><![CDATA[<iq id='1'/>]]></message>",
          "<message a='line\n\ttab&#10;&#9;&#13;'>line\r\nline\rline</message>",
          "<message xmlns:x='urn:x'><x:data x:a='1' a='2'/><data xmlns='urn:x'/></message>",
          "<x:iq xmlns:x='jabber:client' id='1'><x:query xmlns:x='urn:y'/></x:iq>",
          "<a xmlns='urn:a'><b xmlns=''/><c/></a>",
          "<iq xml:lang='en' id='\u00e9\ud83d\ude00'>\u00e9\ud83d\ude00\ufffd</iq>",
          "<data>PHJlc3Q+PC9yZXN0Pg==</data> \r\n\t<data>PHJl\n c3Q+</data>");

  /** What some parser or other has been seen to take, and none may. */
  static final List<byte[]> BAD = bad();

  private static final List<String> WORDS =
      List.of(
          "<",
          ">",
          "/>",
          "</",
          "'",
          "\"",
          "=",
          " ",
          "&",
          ";",
          "&amp;",
          "&#x10FFFF;",
          "&#0;",
          "&#xD;",
          "&x;",
          "]]>",
          "<![CDATA[",
          "<a>",
          "</a>",
          "<x:a xmlns:x='urn:x'>",
          " xmlns=''",
          " xmlns='b'",
          " xmlns:a='b'",
          " a:b='c'",
          " a='1'",
          "a:",
          ":",
          "\u0000",
          "\u0001",
          "\ufffe",
          "\ud83d\ude00",
          "\u00e9",
          "\r",
          "\n",
          "\t",
          "<stream:stream>",
          "<iq/>",
          " xml:lang='en'",
          "xmlns");

  private XmlStreams() {}

  private static List<byte[]> bad() {
    List<byte[]> all = new ArrayList<>();
    for (String hex :
        List.of(
            "c328",
            "c0af",
            "c080",
            "e080af",
            "f08080af",
            "eda080",
            "edbfbf",
            "edb080eda080",
            "f4908080",
            "f5808080",
            "f8888080",
            "80",
            "bf",
            "c3",
            "e282",
            "f09f98",
            "fe",
            "ff",
            "00",
            "01",
            "0b",
            "1f",
            "efbfbe",
            "efbfbf")) {
      String text = new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
      for (String place :
          List.of("<m>%s</m>", "<m a='%s'/>", "<m%s/>", "<m><![CDATA[%s]]></m>", "<m %s=''/>")) {
        all.add(place.formatted(text).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    for (String text :
        List.of(
            "<m>&#0;</m>",
            "<m>&#xD800;</m>",
            "<m>&#xFFFF;</m>",
            "<m>&#x110000;</m>",
            "<m a='&#0;'/>",
            "<m a='&#xD800;'/>",
            "<m a='<'/>",
            "<m a='1'b='2'/>",
            "<m a='1' a='2'/>",
            "<m xmlns:a='u' xmlns:b='u' a:c='' b:c=''/>",
            "<m x:a=''/>",
            "<x:m/>",
            "<m></n>",
            "<m xmlns:a='u'><a:n/></m><a:n/>",
            "<m xmlns:a=''/>",
            "<m xmlns:='u'/>",
            "<m xmlns:a='u' a:=''/>",
            "<m xmlns:a='u'><a:/></m>",
            "<m xmlns:a='u'><a:1/></m>",
            "<m xml:1='a'/>",
            "<m></m\0>",
            "<message></mess\0age>",
            "<m></\0m>",
            "<m xmlns:xmlns='u'/>",
            "<m xmlns:xml='u'/>",
            "<m xmlns='http://www.w3.org/2000/xmlns/'/>",
            "<a:b:c xmlns:a='u'/>",
            "<m>&</m>",
            "<m>&x</m>",
            "<m>&x;</m>",
            "< m/>",
            "<m/ >",
            "<m a/>",
            "<m a=b/>",
            "<m><![CDATA[</m>",
            "<1m/>",
            "<?xml version='1.0'?>",
            "<!DOCTYPE m>")) {
      all.add(bytes(text));
    }
    return all;
  }

  /** A stream with this in it. */
  static byte[] stream(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(StanzaReaderTest.HEADER));
    out.writeBytes(content);
    out.writeBytes(END);
    return out.toByteArray();
  }

  /** What is in a stream that was made here, for people. */
  static String content(byte[] stream) {
    String text = new String(stream, StandardCharsets.ISO_8859_1);
    return text.substring(StanzaReaderTest.HEADER.length(), text.length() - END.length);
  }

  /** Streams with what is good, damaged in a few places. */
  static List<byte[]> damaged(int count, long seed) {
    Random random = new Random(seed);
    List<byte[]> all = new ArrayList<>();
    while (all.size() < count) {
      byte[] content = bytes(GOOD.get(random.nextInt(GOOD.size())));
      for (int change = random.nextInt(3); change >= 0; change--) {
        content = damage(content, random);
      }
      // A forbidden "]]>" in text is what it looks like to the gateway's parser and to all others;
      // that it is forbidden the gateway's parser sees only at times.
      if (!strayEndOfCdata(content)) {
        all.add(stream(content));
      }
    }
    return all;
  }

  private static boolean strayEndOfCdata(byte[] content) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    return text.replaceAll("(?s)<!\\[CDATA\\[.*?]]>", "").contains("]]>");
  }

  private static byte[] damage(byte[] content, Random random) {
    int from = random.nextInt(content.length + 1);
    int to = Math.min(content.length, from + random.nextInt(4));
    byte[] put =
        switch (random.nextInt(4)) {
          case 0 -> new byte[0];
          case 1 -> new byte[] {(byte) random.nextInt(256)};
          default -> bytes(WORDS.get(random.nextInt(WORDS.size())));
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(content, 0, from);
    out.writeBytes(put);
    int rest = random.nextBoolean() ? from : to;
    out.write(content, rest, content.length - rest);
    return out.toByteArray();
  }

  /** The stanzas of a stream as they are written again, null when it was not read to its end. */
  static List<String> read(byte[] stream) {
    List<String> told = StanzaReaderTest.whole(stream, 1 << 16);
    return told.isEmpty() || !told.get(told.size() - 1).equals("closed")
        ? null
        : told.subList(1, told.size() - 1);
  }

  /** A stream with stanzas that were read from another. */
  static byte[] written(List<String> stanzas) {
    return stream(bytes(String.join("", stanzas)));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
