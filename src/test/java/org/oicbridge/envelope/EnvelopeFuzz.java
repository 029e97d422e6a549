package org.oicbridge.envelope;

import static org.oicbridge.envelope.Documents.utf8;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.oicbridge.fuzz.FuzzTarget;

/**
 * The reader must never throw anything but {@link EnvelopeException}, must read the same however
 * the bytes are cut, and what it read must survive being written and read again.
 */
public class EnvelopeFuzz implements FuzzTarget {
  private static final int LIMIT = 4096;

  @Override
  public List<byte[]> corpus() {
    List<byte[]> corpus = new ArrayList<>();
    Stream.of(
            Documents.SPECIFIED_REQUEST,
            Documents.SPECIFIED_RESPONSE,
            Documents.REQUEST,
            Documents.RESPONSE,
            Documents.REQUEST + " " + Documents.NOTIFICATION,
            Documents.update("<![CDATA[{\"a\":\"\u20ac\ud83d\udca1\"}]]>"),
            Documents.update(Base64.getEncoder().encodeToString(utf8("{\"a\":[1,2]}"))),
            "<?xml version='1.0' encoding='UTF-8'?><!--c--><?p?><x:rest xmlns:x='y'>"
                + "<x:url method='notify'>HTTP/1.1 2.05</x:url></x:rest>",
            response("2.02"),
            response("2.03 Valid"),
            response("4.01"),
            response("4.02"),
            response("5.05 No"),
            response("HTTP/1.1 404 Not Found"),
            response("what?"),
            request("ocf://user@host/a"),
            request("http://[::1/a"),
            request("ftp://host/a"),
            request("//host/a"),
            request("oic:/" + "a".repeat(2050)),
            "<rest>" + "<h/>".repeat(257) + "</rest>",
            "<rest>" + "<h>".repeat(9) + "</h>".repeat(9) + "</rest>",
            "<rest"
                + " a='' b='' c='' d='' e='' f='' g='' h='' i='' j='' k='' l='' m='' n='' o=''"
                + " p='' q=''/>",
            headers(65),
            "<rest><url method='GET'>/a</url><headers><header>no name</header>"
                + "<header name='Content-Encoding'>Application/JSON</header>"
                + "<header name='Content-Type'>text/plain</header>"
                + "<header name='Bad Name'>a&#x0A;b</header></headers></rest>",
            "<rest><url method='POST'>/a</url><headers><header name='content-encoding'>identity"
                + "</header></headers><body/></rest>",
            "<rest><url>/a</url><url>/b</url></rest>",
            "<other/>",
            "<rest><url method='OBSERVE'>coaps://[::1]:5684\\a%20b?c=d&amp;e</url></rest>",
            "<!DOCTYPE r [<!ENTITY a 'b'>]><rest>&a;</rest>")
        .forEach(
            text -> {
              corpus.add(utf8(text));
              if (text.contains("]]>")) {
                return;
              }
              corpus.add(Base64.getEncoder().encode(utf8(text)));
              corpus.add(("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE));
            });
    return corpus;
  }

  private static String response(String line) {
    return "<rest><url method='Response'>" + line + "</url><body><json>1</json></body></rest>";
  }

  private static String request(String url) {
    return "<rest><url method='GET'>" + url + "</url></rest>";
  }

  private static String headers(int count) {
    return "<rest><url method='GET'>/a</url><headers>"
        + "<header name='Accept'>a/b</header>".repeat(count)
        + "</headers></rest>";
  }

  @Override
  public List<String> dictionary() {
    return List.of(
        "<rest>",
        "</rest>",
        "<url method='GET'>",
        "</url>",
        "<headers>",
        "<header name='A'>",
        "</header>",
        "<body><json>",
        "</json></body>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?",
        "?>",
        "<!DOCTYPE",
        "&amp;",
        "&#x20;",
        "&#0;",
        "&x;",
        "xmlns:a='b'",
        "%2F",
        "%",
        "\\",
        "://",
        "@",
        "[",
        "]",
        "2.04",
        "HTTP/1.0 ",
        "NOTIFY",
        "PUT",
        "Content-Encoding",
        "a/b",
        "gzip",
        "=",
        "==",
        "\ufeff",
        "\u20ac",
        "\ud83d\udca1",
        "\r\n",
        "\0",
        "{\"a\":",
        "}",
        "null");
  }

  @Override
  public void accept(byte[] input) {
    List<Envelope> whole = read(input);
    boolean same =
        whole.equals(read(Documents.cut(input, input.length / 2)))
            && (input.length % 8 != 0 || whole.equals(read(Documents.bytes(input))));
    // Whether the parser refuses a bare ]]> in text depends on where its input was cut.
    if (!same && !new String(input, StandardCharsets.ISO_8859_1).contains("]]>")) {
      throw new IllegalStateException("it matters how the bytes are cut: " + whole);
    }
    for (Envelope envelope : whole) {
      checkWritten(envelope);
    }
  }

  private static void checkWritten(Envelope envelope) {
    Envelope expected =
        envelope instanceof Envelope.Unreadable unreadable ? unreadable.answer() : envelope;
    List<Envelope> again = read(EnvelopeWriter.write(envelope));
    if (!again.equals(List.of(expected))) {
      throw new IllegalStateException("wrote " + expected + " and read " + again);
    }
  }

  /** What is read before the first exception, which a cut must not change either. */
  private static List<Envelope> read(byte[]... blocks) {
    EnvelopeReader reader = new EnvelopeReader(LIMIT);
    List<Envelope> envelopes = new ArrayList<>();
    try {
      for (byte[] block : blocks) {
        envelopes.addAll(reader.feed(block));
      }
    } catch (EnvelopeException e) {
      return List.of();
    }
    return reader.inMessage() ? List.of() : envelopes;
  }
}
