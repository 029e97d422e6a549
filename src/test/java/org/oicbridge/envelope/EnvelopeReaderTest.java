package org.oicbridge.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.envelope.Documents.LIMIT;
import static org.oicbridge.envelope.Documents.NOTIFICATION;
import static org.oicbridge.envelope.Documents.REQUEST;
import static org.oicbridge.envelope.Documents.RESPONSE;
import static org.oicbridge.envelope.Documents.SPECIFIED_REQUEST;
import static org.oicbridge.envelope.Documents.SPECIFIED_RESPONSE;
import static org.oicbridge.envelope.Documents.read;
import static org.oicbridge.envelope.Documents.readOne;
import static org.oicbridge.envelope.Documents.utf8;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/** How bytes become documents: framing, splitting and encodings. */
class EnvelopeReaderTest {
  private static final String BOM = "\ufeff";

  @Test
  void request_ofTheSpecification_isRead() throws EnvelopeException {
    assertThat(readOne(SPECIFIED_REQUEST))
        .isEqualTo(
            new Envelope.Request(
                Operation.RETRIEVE,
                "mydevice",
                ResourcePath.parse("/mybinaryswitch"),
                Headers.of("Accept", "application/json")
                    .with("Accept-Charset", "UTF-8")
                    .with("Date", "Fri, 14 Aug 2015 08:49:37 GMT"),
                null));
  }

  @Test
  void response_ofTheSpecification_isRead() throws EnvelopeException {
    Envelope.Response response = (Envelope.Response) readOne(SPECIFIED_RESPONSE);
    assertThat(response.status()).isEqualTo(Status.OK);
    assertThat(response.headers())
        .isEqualTo(
            Headers.of("Accept-Charset", "UTF-8")
                .with("Date", "Fri, 14 Aug 2015 08:49:38 GMT")
                .with("Content-Type", "application/json"));
    assertThat(response.body())
        .startsWith("{")
        .endsWith("}")
        .contains("\"rt\":       \"oic.r.switch.binary\"");
  }

  @Test
  void characters_ofManyBytes_surviveAnyPlaceInALongBlock() throws EnvelopeException {
    for (int i = 0; i < 4; i++) {
      String json = "\"" + "a".repeat(i) + "\ud83d\udca1".repeat(5000) + "\"";
      Envelope.Request request = (Envelope.Request) readOne(Documents.update(json));
      assertThat(request.body()).isEqualTo(json);
    }
  }

  static Stream<byte[]> documents() {
    return Stream.of(
            SPECIFIED_REQUEST.strip(),
            SPECIFIED_RESPONSE.strip(),
            REQUEST,
            RESPONSE,
            NOTIFICATION,
            Documents.update("{\"name\":\"K\u00fcche \u20ac \ud83d\udca1 &amp; <![CDATA[<]]>\"}"),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><!-- a --><?b c?>\r\n"
                + "<r:rest xmlns:r='x' a='\u00e4\u20ac\ud83d\udca1'><!----><?p?><r:url method='PUT'>/a&#x20AC;</r:url></r:rest>")
        .flatMap(
            text ->
                Stream.of(
                    utf8(text),
                    utf8(BOM + text),
                    Base64.getEncoder().encode(utf8(text)),
                    Base64.getMimeEncoder().encode(utf8(BOM + text)),
                    (BOM + withoutEncoding(text)).getBytes(StandardCharsets.UTF_16LE),
                    (BOM + withoutEncoding(text)).getBytes(StandardCharsets.UTF_16BE)));
  }

  private static String withoutEncoding(String text) {
    return text.replace("encoding=\"utf-8\"", "encoding=\"utf-16\"");
  }

  @ParameterizedTest
  @MethodSource("documents")
  void document_isTheSame_howeverItIsCut(byte[] document) throws EnvelopeException {
    Envelope whole = readOne(document);
    assertThat(whole).isNotInstanceOf(Envelope.Unreadable.class);
    assertThat(read(Documents.bytes(document))).containsExactly(whole);
    for (int at = 0; at <= document.length; at++) {
      assertThat(read(Documents.cut(document, at))).as("cut at " + at).containsExactly(whole);
    }
  }

  @Test
  void documents_inOneBlock_areAllRead() throws EnvelopeException {
    String block = " \r\n" + REQUEST + "\n\t" + BOM + RESPONSE + NOTIFICATION + " \n";
    byte[] bytes = utf8(block);
    List<Envelope> expected = List.of(readOne(REQUEST), readOne(RESPONSE), readOne(NOTIFICATION));
    assertThat(read(bytes)).isEqualTo(expected);
    assertThat(read(Documents.bytes(bytes))).isEqualTo(expected);
    for (int at = 0; at <= bytes.length; at++) {
      assertThat(read(Documents.cut(bytes, at))).as("cut at " + at).isEqualTo(expected);
    }
  }

  @Test
  void documents_inOneBlockOfUtf16_areAllRead() throws EnvelopeException {
    byte[] block = (REQUEST + "\n" + RESPONSE + " ").getBytes(StandardCharsets.UTF_16);
    List<Envelope> expected = List.of(readOne(REQUEST), readOne(RESPONSE));
    assertThat(read(block)).isEqualTo(expected);
    for (int at = 0; at <= block.length; at++) {
      assertThat(read(Documents.cut(block, at))).as("cut at " + at).isEqualTo(expected);
    }
  }

  @Test
  void documents_encodedTwiceInOneBlock_areAllRead() throws EnvelopeException {
    Base64.Encoder base64 = Base64.getEncoder();
    String block = "";
    for (String text : List.of(REQUEST, RESPONSE, RESPONSE + " ", RESPONSE + "  ", NOTIFICATION)) {
      block += base64.encodeToString(utf8(text)) + "\n";
    }
    assertThat(read(utf8(block)))
        .containsExactly(
            readOne(REQUEST),
            readOne(RESPONSE),
            readOne(RESPONSE),
            readOne(RESPONSE),
            readOne(NOTIFICATION));
    assertThat(read(Documents.bytes(utf8(block)))).hasSize(5);
  }

  @Test
  void reader_tellsOfWhatIsIncomplete() throws EnvelopeException {
    EnvelopeReader reader = new EnvelopeReader(LIMIT);
    assertThat(reader.inMessage()).isFalse();
    assertThat(reader.feed(utf8(" \n"))).isEmpty();
    assertThat(reader.inMessage()).isFalse();
    assertThat(reader.feed(utf8("<"))).isEmpty();
    assertThat(reader.inMessage()).isTrue();
    assertThat(reader.feed(utf8(REQUEST.substring(1)))).hasSize(1);
    assertThat(reader.inMessage()).isFalse();
    assertThat(reader.feed(utf8(REQUEST + "<rest>"))).hasSize(1);
    assertThat(reader.inMessage()).isTrue();
    assertThat(reader.feed(utf8("<url/></rest>"))).hasSize(1);
    assertThat(reader.feed(new byte[0])).isEmpty();
    assertThat(reader.inMessage()).isFalse();
  }

  @Test
  void reader_tellsWhetherDocumentsAreEncodedTwice() throws EnvelopeException {
    EnvelopeReader once = new EnvelopeReader(LIMIT);
    assertThat(once.doubleEncoded()).isFalse();
    assertThat(once.feed(utf8(REQUEST))).hasSize(1);
    assertThat(once.doubleEncoded()).isFalse();
    EnvelopeReader twice = new EnvelopeReader(LIMIT);
    byte[] document = Base64.getEncoder().encode(utf8(REQUEST + " "));
    assertThat(document).endsWith(utf8("=="));
    assertThat(twice.feed(Documents.cut(document, document.length - 1)[0])).hasSize(1);
    assertThat(twice.doubleEncoded()).isTrue();
    assertThat(twice.inMessage()).as("only padding is missing").isFalse();
    assertThat(twice.feed(utf8("="))).isEmpty();
    assertThat(twice.feed(document)).hasSize(1);
  }

  @Test
  void reader_isDead_afterItThrew() throws EnvelopeException {
    EnvelopeReader reader = new EnvelopeReader(LIMIT);
    assertThatThrownBy(() -> reader.feed(utf8("hello"))).isInstanceOf(EnvelopeException.class);
    assertThatThrownBy(() -> reader.feed(utf8(REQUEST))).isInstanceOf(EnvelopeException.class);
    assertThat(reader.inMessage()).isFalse();
  }
}
