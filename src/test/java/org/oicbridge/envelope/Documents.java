package org.oicbridge.envelope;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Documents that several tests read, and ways of cutting them into blocks. */
final class Documents {
  static final int LIMIT = 1 << 20;

  /** The request of OIC Remote Access section 7.3.1. */
  static final String SPECIFIED_REQUEST =
      """
      <rest xmlns="rest.oic.org">
        <url method="Get">coap://mydevice/mybinaryswitch</url>
        <headers>
              <header name="Accept">application/json</header>
              <header name="Accept-Charset">UTF-8</header>
              <header name="Date">Fri, 14 Aug 2015 08:49:37 GMT</header>

       </headers>

      </rest>
      """;

  /** The response of OIC Remote Access section 7.3.1. */
  static final String SPECIFIED_RESPONSE =
      """
      <rest xmlns="rest.oic.org">
        <url method="Response">200 OK</url>
        <headers>
              <header name="Content-Encoding">Application/JSON</header>
              <header name="Accept-Charset">UTF-8</header>
              <header name="Date"> Fri, 14 Aug 2015 08:49:38 GMT</header>

        </headers>
        <body>
            <json xmlns="urn:xmpp:json:0">
                     {
                         "rt":       "oic.r.switch.binary",
                         "id":       "unique_example_id",
                         "value":    false
                       }
            </json>
         </body>
       </rest>
      """;

  static final String REQUEST =
      "<rest xmlns=\"rest.oic.org\"><url method=\"GET\">"
          + "coap://dc70373c-1e8d-4fb3-962e-017eaa863989/a/light?if=oic.if.baseline</url>"
          + "<headers><header name=\"Accept\">application/json</header>"
          + "<header name=\"Date\">Fri, 14 Aug 2015 08:49:37 GMT</header></headers></rest>";

  static final String RESPONSE =
      "<rest xmlns=\"rest.oic.org\"><url method=\"RESPONSE\">200 OK</url>"
          + "<headers><header name=\"Content-Type\">application/json</header>"
          + "<header name=\"ETag\">\"0a1b\"</header></headers>"
          + "<body><json xmlns=\"urn:xmpp:json:0\">{\"value\":true}</json></body></rest>";

  static final String NOTIFICATION =
      "<rest xmlns=\"rest.oic.org\"><url method=\"RESPONSE\">200 OK</url>"
          + "<headers><header name=\"Content-Type\">application/json</header>"
          + "<header name=\"Observe\">12</header></headers>"
          + "<body><json xmlns=\"urn:xmpp:json:0\">{\"value\":false}</json></body></rest>";

  private Documents() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static List<Envelope> read(byte[]... blocks) throws EnvelopeException {
    EnvelopeReader reader = new EnvelopeReader(LIMIT);
    List<Envelope> envelopes = new ArrayList<>();
    for (byte[] block : blocks) {
      envelopes.addAll(reader.feed(block));
    }
    return envelopes;
  }

  static Envelope readOne(String document) throws EnvelopeException {
    return readOne(utf8(document));
  }

  static Envelope readOne(byte[] document) throws EnvelopeException {
    List<Envelope> envelopes = read(document);
    if (envelopes.size() != 1) {
      throw new AssertionError("one document became " + envelopes);
    }
    return envelopes.get(0);
  }

  static byte[][] bytes(byte[] document) {
    byte[][] blocks = new byte[document.length][];
    for (int i = 0; i < document.length; i++) {
      blocks[i] = new byte[] {document[i]};
    }
    return blocks;
  }

  static byte[][] cut(byte[] document, int at) {
    return new byte[][] {
      Arrays.copyOf(document, at), Arrays.copyOfRange(document, at, document.length)
    };
  }

  /** A request with this inside its root element. */
  static String rest(String inside) {
    return "<rest xmlns=\"rest.oic.org\">" + inside + "</rest>";
  }

  /** An update with this as the content of its json element. */
  static String update(String json) {
    return rest("<url method=\"POST\">/a</url><body><json>" + json + "</json></body>");
  }
}
