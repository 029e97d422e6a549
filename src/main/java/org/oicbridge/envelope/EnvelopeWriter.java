package org.oicbridge.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.oicbridge.crudn.Headers;

/**
 * Writes envelopes in exactly one form: no XML declaration, no white space between elements, empty
 * parts left out, methods in capitals, JSON as character data.
 */
public final class EnvelopeWriter {
  private static final String START = "<rest xmlns=\"rest.oic.org\"><url method=\"";

  private EnvelopeWriter() {}

  /** The document in UTF-8. */
  public static byte[] write(Envelope envelope) {
    return write(envelope, false);
  }

  /**
   * The document in UTF-8.
   *
   * @param doubleEncoded true to encode it in base64 once more than in-band bytestreams do anyway,
   *     for a peer that did so itself
   */
  public static byte[] write(Envelope envelope, boolean doubleEncoded) {
    byte[] document = text(envelope).getBytes(StandardCharsets.UTF_8);
    return doubleEncoded ? Base64.getEncoder().encode(document) : document;
  }

  private static String text(Envelope envelope) {
    StringBuilder out = new StringBuilder(512).append(START);
    if (envelope instanceof Envelope.Request request) {
      out.append(request.operation().method()).append("\">");
      if (!request.authority().isEmpty()) {
        escape(out.append("coap://"), request.authority());
      }
      escape(out, request.path().toString());
      return rest(out, request.headers(), request.body());
    }
    Envelope.Response response =
        envelope instanceof Envelope.Unreadable unreadable
            ? unreadable.answer()
            : (Envelope.Response) envelope;
    out.append("RESPONSE\">").append(response.status().code());
    out.append(' ').append(response.status().reason());
    return rest(out, response.headers(), response.body());
  }

  private static String rest(StringBuilder out, Headers headers, String body) {
    out.append("</url>");
    if (headers.size() > 0) {
      out.append("<headers>");
      headers.forEach(
          (name, value) -> {
            escape(out.append("<header name=\""), name);
            escape(out.append("\">"), value);
            out.append("</header>");
          });
      out.append("</headers>");
    }
    if (body != null) {
      json(out.append("<body><json xmlns=\"urn:xmpp:json:0\">"), body);
      out.append("</json></body>");
    }
    return out.append("</rest>").toString();
  }

  private static void escape(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> out.append(c);
      }
    }
  }

  private static void json(StringBuilder out, String text) {
    escape(out, text);
  }
}
