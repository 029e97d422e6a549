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

  /** About as much as there is beside the body. */
  private static final int MARKUP = 640;

  /** Where text stands, which decides what in it must be escaped and how. */
  private enum Place {
    ATTRIBUTE,
    ELEMENT,
    JSON
  }

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

  private static int bodyLength(Envelope envelope) {
    String body =
        envelope instanceof Envelope.Request request
            ? request.body()
            : envelope instanceof Envelope.Response response ? response.body() : null;
    return body == null ? 0 : body.length();
  }

  private static String text(Envelope envelope) {
    StringBuilder out = new StringBuilder(MARKUP + bodyLength(envelope)).append(START);
    if (envelope instanceof Envelope.Request request) {
      out.append(request.operation().method()).append("\">");
      String path = request.path().toString();
      // A bare path whose first segment is empty would be read as an authority.
      if (!request.authority().isEmpty() || path.startsWith("//")) {
        text(out.append("coap://"), request.authority(), Place.ELEMENT);
      }
      text(out, path, Place.ELEMENT);
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
            text(out.append("<header name=\""), name, Place.ATTRIBUTE);
            text(out.append("\">"), value, Place.ELEMENT);
            out.append("</header>");
          });
      out.append("</headers>");
    }
    if (body != null) {
      text(out.append("<body><json xmlns=\"urn:xmpp:json:0\">"), body, Place.JSON);
      out.append("</json></body>");
    }
    return out.append("</rest>").toString();
  }

  private static void text(StringBuilder out, String text, Place place) {
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // What needs no care is by far the most, and goes over in runs.
      if (c > '>' && c < Character.MIN_SURROGATE) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      String escaped = escape(c, place);
      if (escaped != null) {
        out.append(text, from, i).append(escaped);
        from = i + 1;
      }
    }
    out.append(text, from, text.length());
  }

  /** What to write in the place of a character, or null for the character itself. */
  private static String escape(char c, Place place) {
    boolean json = place == Place.JSON;
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> place == Place.ATTRIBUTE ? "&quot;" : null;
      case '\t', '\n' -> json ? null : " ";
      // A parser reads a bare carriage return as a line feed (XML 1.0 section 2.11).
      case '\r' -> json ? "\n" : " ";
      default -> allowed(c) ? null : json ? String.format("\\u%04x", (int) c) : "\ufffd";
    };
  }

  /** XML 1.0 section 2.2, for a character that is no half of a surrogate pair. */
  private static boolean allowed(char c) {
    return c >= ' ' && !Character.isSurrogate(c) && c < '\ufffe';
  }
}
