package org.oicbridge.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.envelope.Documents.utf8;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that closes the stream: no document, or one made to hurt a parser. */
@Timeout(20)
class EnvelopeAttacksTest {
  private static final String BOMB =
      "<!DOCTYPE rest [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
          + "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
          + "<rest><url method='GET'>&c;</url></rest>";

  static Stream<Arguments> attacks() {
    return Stream.of(
        Arguments.of("billion laughs", BOMB),
        Arguments.of("empty document type", "<!DOCTYPE rest><rest/>"),
        Arguments.of("external subset", "<!DOCTYPE rest SYSTEM 'file:///etc/passwd'><rest/>"),
        Arguments.of(
            "external entity",
            "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rest>&x;</rest>"),
        Arguments.of(
            "parameter entity",
            "<!DOCTYPE r [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/'>%x;]><rest/>"),
        Arguments.of("undeclared entity", "<rest><url method='GET'>&nbsp;</url></rest>"),
        Arguments.of("entity in an attribute", "<rest><url method='&x;'>/a</url></rest>"),
        Arguments.of("quadratic document type", "<!DOCTYPE r [" + "<!ENTITY a 'b'>".repeat(9999)),
        Arguments.of("other encoding", "<?xml version='1.0' encoding='ISO-8859-1'?><rest/>"),
        Arguments.of("unknown encoding", "<?xml version='1.0' encoding='UTF-7'?><rest/>"),
        Arguments.of("other version", "<?xml version='1.1'?><rest>&#1;</rest>"),
        Arguments.of("deep elements", "<rest>".repeat(10_000)),
        Arguments.of("one element too deep", "<rest>" + "<a>".repeat(8)),
        Arguments.of("many elements", "<rest>" + "<a/>".repeat(10_000) + "</rest>"),
        Arguments.of("10,000 attributes", "<rest" + numbered(" a%d=''", 10_000) + "/>"),
        Arguments.of("17 attributes", "<rest" + numbered(" a%d=''", 17) + "/>"),
        Arguments.of("many namespaces", "<rest" + numbered(" xmlns:a%d='b'", 17) + "/>"),
        Arguments.of("doubled attribute", "<rest a='1' a='2'/>"),
        Arguments.of("huge attribute", "<rest a='" + "x".repeat(1 << 20) + "'/>"),
        Arguments.of("huge name", "<" + "r".repeat(1 << 20) + "/>"),
        Arguments.of("huge comment", "<rest><!--" + "x".repeat(1 << 20) + "--></rest>"),
        Arguments.of("huge instruction", "<?x " + "x".repeat(1 << 20) + "?><rest/>"),
        Arguments.of("endless text", "<rest><body><json>" + "x".repeat(4 << 20)),
        Arguments.of("endless CDATA", "<rest><body><json><![CDATA[" + "x".repeat(4 << 20)),
        Arguments.of("endless white space inside", "<rest>" + " ".repeat(4 << 20)),
        Arguments.of("NUL", "<rest>\0</rest>"),
        Arguments.of("NUL in a closing tag", "<rest><a></\0a></rest>"),
        Arguments.of("NUL in a closing tag's name", "<headers></head\0ers>"),
        Arguments.of("NUL by reference", "<rest><url method='GET'>&#0;</url></rest>"),
        Arguments.of("control character", "<rest>\u0001</rest>"),
        Arguments.of("surrogate by reference", "<rest><url method='GET'>&#xD800;</url></rest>"),
        Arguments.of("beyond Unicode", "<rest><url method='GET'>&#x110000;</url></rest>"),
        Arguments.of("no character", "<rest>\uffff</rest>"),
        Arguments.of("mismatched end", "<rest><url></rest></url>"),
        Arguments.of("unbound prefix", "<x:rest/>"),
        Arguments.of("reserved prefix", "<xmlns:rest/>"),
        Arguments.of("reserved prefix bound", "<rest xmlns:xmlns='a'/>"),
        Arguments.of("end without start", "</rest>"),
        Arguments.of("bare ampersand", "<rest>a & b</rest>"),
        Arguments.of("angle bracket in an attribute", "<rest a='<'/>"),
        Arguments.of("double hyphen in a comment", "<rest><!-- -- --></rest>"),
        Arguments.of("text after a document", "<rest/>x"),
        Arguments.of("no XML", "GET / HTTP/1.1\r\n\r\n"),
        Arguments.of("CoAP", "@\1\0\1"),
        Arguments.of("JSON", "{}"),
        Arguments.of("base64 of no XML", "PQ=="),
        Arguments.of("base64 with a hole", "PHJl*c3Q+"),
        Arguments.of("base64 with bits behind it", "PHJlc3Q+PC9yZXN0PiB="),
        Arguments.of("base64 after its padding", "PA=A"),
        Arguments.of("base64 that begins with padding", "P==="));
  }

  private static String numbered(String pattern, int count) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < count; i++) {
      out.append(String.format(pattern, i));
    }
    return out.toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void attack_closesTheStream(String name, String document) {
    byte[] bytes = utf8(document);
    refused(bytes);
    if (bytes.length < 100_000) {
      refused(Documents.bytes(bytes));
      if (bytes[0] == '<') {
        refused(Base64.getEncoder().encode(bytes));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c080",
        "c1bf",
        "e08080",
        "e09fbf",
        "eda080",
        "edbfbf",
        "f0808080",
        "f08fbfbf",
        "f4908080",
        "f5808080",
        "f8888080",
        "fe",
        "ff",
        "80",
        "bf",
        "c320",
        "e28220",
        "e2203c",
        "f09f9220",
        "f09f203c",
        "f0203c3c"
      })
  void bytesThatAreNotUtf8_closeTheStream(String hex) throws Exception {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    document.write(utf8("<rest><url method='GET'>/"));
    document.write(HexFormat.of().parseHex(hex));
    document.write(utf8("</url></rest>"));
    refused(document.toByteArray());
    refused(Documents.bytes(document.toByteArray()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "feff003c0072d80000720000",
        "fffe3c00720000dc7200",
        "feff003c003c",
        "fe3c",
        "ff3c",
        "feffd8000000"
      })
  void bytesThatAreNotUtf16_closeTheStream(String hex) {
    refused(HexFormat.of().parseHex(hex));
    refused(Documents.bytes(HexFormat.of().parseHex(hex)));
  }

  @Test
  void encodings_doNotMixInAStream() {
    refused(utf8("PHJlc3QvPiAg<rest/>"));
    refused(utf8("PHJlc3QvPiAg"), utf8("<rest/>"));
    refused(utf8("<rest/>PHJlc3QvPiAg"));
    refused(utf8("<rest/>"), utf8("PHJlc3QvPiAg"));
  }

  @Test
  void utf16Declaration_isBounded() {
    refused(("\ufeff<?xml " + " ".repeat(300)).getBytes(StandardCharsets.UTF_16BE));
  }

  @Test
  void unclosedDocument_isHeldNotRefused() throws EnvelopeException {
    EnvelopeReader reader = new EnvelopeReader(4096);
    assertThat(reader.feed(utf8("<rest><url method='GET'>/a"))).isEmpty();
    assertThat(reader.inMessage()).isTrue();
    byte[] more = utf8("a".repeat(4096));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                assertThat(reader.feed(more)).isEmpty();
              }
            })
        .isInstanceOf(EnvelopeException.class)
        .hasMessageContaining("longer than " + (2 * 4096 + 65_536));
  }

  @Test
  void whiteSpaceBetweenDocuments_isNotHeld() throws EnvelopeException {
    EnvelopeReader reader = new EnvelopeReader(4096);
    byte[] space = utf8(" ".repeat(65_535));
    for (int i = 0; i < 100; i++) {
      assertThat(reader.feed(space)).isEmpty();
      assertThat(reader.inMessage()).isFalse();
    }
  }

  private static void refused(byte[]... blocks) {
    assertThatThrownBy(
            () -> {
              EnvelopeReader reader = new EnvelopeReader(Documents.LIMIT);
              for (byte[] block : blocks) {
                reader.feed(block);
              }
            })
        .isInstanceOf(EnvelopeException.class);
  }
}
