package org.oicbridge.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.envelope.Documents.NOTIFICATION;
import static org.oicbridge.envelope.Documents.REQUEST;
import static org.oicbridge.envelope.Documents.RESPONSE;
import static org.oicbridge.envelope.Documents.readOne;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/** The one form in which documents are written. */
class EnvelopeWriterTest {
  @ParameterizedTest
  @ValueSource(strings = {REQUEST, RESPONSE, NOTIFICATION})
  void document_ofTheWireProfile_isWrittenByteForByte(String document) throws EnvelopeException {
    assertThat(text(readOne(document))).isEqualTo(document);
  }

  @ParameterizedTest
  @CsvSource({"CREATE,PUT", "RETRIEVE,GET", "UPDATE,POST", "DELETE,DELETE"})
  void emptyParts_areLeftOut(Operation operation, String method) {
    assertThat(text(request(operation, "x", Headers.NONE, null)))
        .isEqualTo(
            "<rest xmlns=\"rest.oic.org\"><url method=\"" + method + "\">coap://x/a</url></rest>");
  }

  @ParameterizedTest
  @EnumSource
  void statusLine_hasNumberAndReason(Status status) {
    assertThat(text(new Envelope.Response(status, Headers.NONE, null)))
        .contains("<url method=\"RESPONSE\">" + status.code() + " " + status.reason() + "</url>");
  }

  @Test
  void request_withoutAuthority_hasABarePath() {
    assertThat(text(request(Operation.RETRIEVE, "", Headers.NONE, null))).contains("\">/a</url>");
  }

  @Test
  void path_isNeverReadAsAnAuthority() throws EnvelopeException {
    Envelope request =
        new Envelope.Request(
            Operation.RETRIEVE, "", ResourcePath.parse("//other/a"), Headers.NONE, null);
    assertThat(text(request)).contains(">coap:////other/a<");
    assertThat(readOne(text(request))).isEqualTo(request);
  }

  @Test
  void markup_isEscapedWhereItStands() {
    Headers headers = Headers.of("X<&\">", "1 < 2 & \"3\" > 2");
    assertThat(text(request(Operation.UPDATE, "a&b", headers, "{\"a\":\"<b>&amp;]]>\"}")))
        .contains(">coap://a&amp;b/a<")
        .contains("name=\"X&lt;&amp;&quot;&gt;\">1 &lt; 2 &amp; \"3\" &gt; 2<")
        .contains(">{\"a\":\"&lt;b&gt;&amp;amp;]]&gt;\"}<");
  }

  @Test
  void charactersThatXmlCannotHold_becomeJsonEscapes() throws EnvelopeException {
    String body = "{\"a\":\"\ud83d\udca1\ufffe\uffff\ud800\udc00\udfff\ud83d\"}";
    String written = text(request(Operation.UPDATE, "x", Headers.NONE, body));
    assertThat(written)
        .contains("{\"a\":\"\ud83d\udca1\\ufffe\\uffff\ud800\udc00\\udfff\\ud83d\"}");
    assertThat(((Envelope.Request) readOne(written)).body())
        .isEqualTo("{\"a\":\"\ud83d\udca1\\ufffe\\uffff\ud800\udc00\\udfff\\ud83d\"}");
  }

  @Test
  void whiteSpaceOfJson_isKept_butForTheCarriageReturn() throws EnvelopeException {
    String written = text(request(Operation.UPDATE, "x", Headers.NONE, "[\t1,\r\n2 ]"));
    assertThat(((Envelope.Request) readOne(written)).body()).isEqualTo("[\t1,\n\n2 ]");
  }

  @Test
  void charactersThatAHeaderCannotHold_areReplaced() {
    Headers headers = Headers.of("A", "1\r\nB: 2\t3\u00004\ufffe\ud8005");
    assertThat(text(request(Operation.UPDATE, "x", headers, null)))
        .contains(">1  B: 2 3\ufffd4\ufffd\ufffd5<");
  }

  @Test
  void unreadable_isWrittenAsItsAnswer() throws EnvelopeException {
    Envelope.Unreadable unreadable =
        new Envelope.Unreadable(Status.NOT_IMPLEMENTED, "method \"PATCH\" is not implemented");
    assertThat(readOne(EnvelopeWriter.write(unreadable)))
        .isEqualTo(
            new Envelope.Response(
                Status.NOT_IMPLEMENTED,
                Headers.of("Content-Type", "application/json"),
                "{\"error\":\"method \\\"PATCH\\\" is not implemented\"}"))
        .isEqualTo(unreadable.answer());
  }

  @Test
  void document_isEncodedOnceMore_onDemand() throws EnvelopeException {
    Envelope envelope = readOne(RESPONSE);
    assertThat(Base64.getDecoder().decode(EnvelopeWriter.write(envelope, true)))
        .isEqualTo(EnvelopeWriter.write(envelope, false))
        .isEqualTo(RESPONSE.getBytes(StandardCharsets.UTF_8));
  }

  private static Envelope request(
      Operation operation, String authority, Headers headers, String body) {
    return new Envelope.Request(operation, authority, ResourcePath.parse("/a"), headers, body);
  }

  private static String text(Envelope envelope) {
    return new String(EnvelopeWriter.write(envelope), StandardCharsets.UTF_8);
  }
}
