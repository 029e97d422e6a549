package org.oicbridge.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.envelope.Documents.LIMIT;
import static org.oicbridge.envelope.Documents.readOne;
import static org.oicbridge.envelope.Documents.rest;
import static org.oicbridge.envelope.Documents.update;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** The forms that a peer may choose, and what becomes of a part that can't be read. */
class EnvelopeFormsTest {
  @ParameterizedTest
  @CsvSource({
    "GET,RETRIEVE", "Get,RETRIEVE", "' get ',RETRIEVE", "RETRIEVE,RETRIEVE", "retrieve,RETRIEVE",
    "POST,UPDATE", "Update,UPDATE", "PUT,CREATE", "create,CREATE", "delete,DELETE",
  })
  void method_isTakenInAnyCaseAndUnderItsCrudnName(String method, Operation operation)
      throws EnvelopeException {
    assertThat(request("<url method='" + method + "'>/a</url>").operation()).isEqualTo(operation);
  }

  @Test
  void observe_isARetrieveThatSubscribes() throws EnvelopeException {
    Envelope.Request observe = request("<url method='OBSERVE'>/a</url>");
    assertThat(observe.operation()).isEqualTo(Operation.RETRIEVE);
    assertThat(observe.headers()).isEqualTo(Headers.of("Observe", "0"));
    assertThat(request("<url method='Observe'>/a</url>" + header("observe", "1")).headers())
        .isEqualTo(Headers.of("observe", "1"));
  }

  @Test
  void notify_isAResponseWithObserve() throws EnvelopeException {
    assertThat(readOne(rest("<url method='Notify'>200 OK</url>")))
        .isEqualTo(new Envelope.Response(Status.OK, Headers.of("Observe", "0"), null));
    assertThat(readOne(rest("<url method='NOTIFY'>2.05</url>" + header("Observe", "7"))))
        .isEqualTo(new Envelope.Response(Status.OK, Headers.of("Observe", "7"), null));
  }

  @ParameterizedTest
  @CsvSource({
    "200 OK,200",
    "200,200",
    "' 404 Not Found ',404",
    "HTTP/1.1 404 Not Found,404",
    "HTTP/2 503,503",
    "299,200",
    "499 Odd,400",
    "301 Moved,502",
    "599,502",
    "2.01,201",
    "2.02,204",
    "2.03,304",
    "2.04,204",
    "2.05 Content,200",
    "4.00,400",
    "4.01,403",
    "4.02,400",
    "4.03,403",
    "4.04,404",
    "4.05,405",
    "4.06,406",
    "4.08,400",
    "4.09,409",
    "4.12,412",
    "4.13,413",
    "4.15,415",
    "4.22,422",
    "4.29,429",
    "5.00,500",
    "5.01,501",
    "5.02,502",
    "5.03,503",
    "5.04,504",
    "5.05,502",
    "5.08,508",
  })
  void statusLine_isTakenInAllItsForms(String line, int code) throws EnvelopeException {
    assertThat(((Envelope.Response) readOne(rest("<url method='Response'>" + line + "</url>"))))
        .isEqualTo(new Envelope.Response(Status.of(code), Headers.NONE, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.02", "2.04"})
  void statusLine_ofCoap_isOkWithABody(String line) throws EnvelopeException {
    String document = "<url method='RESPONSE'>" + line + "</url><body><json>1</json></body>";
    assertThat(readOne(rest(document)))
        .isEqualTo(new Envelope.Response(Status.OK, Headers.NONE, "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OK", "20", "2000", "200OK", "6.00", "2.0", "coap://x/a", "-200"})
  void response_thatCannotBeRead_isABadGateway(String line) throws EnvelopeException {
    String document = "<url method='RESPONSE'>" + line + "</url>" + header("X-OIC-Token", "t");
    Envelope.Response response = (Envelope.Response) readOne(rest(document));
    assertThat(response.status()).isEqualTo(Status.BAD_GATEWAY);
    assertThat(response.headers().get("X-OIC-Token")).hasValue("t");
    assertThat(response.body()).startsWith("{\"error\":\"status line ");
  }

  @ParameterizedTest
  @CsvSource({
    "coap://dev/a/b?x=1&amp;y=2, dev, /a/b?x=1&y=2",
    "COAPS://DEV:5684/a, dev, /a",
    "oic://dev/a, dev, /a",
    "ocf://dev/a, dev, /a",
    "http://dev/a, dev, /a",
    "https://dev/a, dev, /a",
    "coap://dev, dev, /",
    "coap://dev?if=x, dev, /?if=x",
    "coap://[2001:DB8::1]:5683/a, [2001:db8::1], /a",
    "coap://[::1], [::1], /",
    "coap:///a, '', /a",
    "//dev/a, dev, /a",
    "/a, '', /a",
    "a/b, '', /a/b",
    "/a?u=coap://x/y, '', /a?u=coap://x/y",
    "\\oic\\res, '', /oic/res",
    "coap:\\\\dev\\a, dev, /a",
    "' /a ', '', /a",
    "/%61%2Fb/%E2%82%AC, '', /a%2Fb/%E2%82%AC",
    "/a#f, '', /a",
  })
  void url_isTakenInAllItsForms(String url, String authority, String path)
      throws EnvelopeException {
    Envelope.Request request = request("<url method='GET'>" + url + "</url>");
    assertThat(request.authority()).isEqualTo(authority);
    assertThat(request.path()).hasToString(path);
  }

  @ParameterizedTest
  @CsvSource({
    "'', empty",
    "ftp://x/a, unknown scheme",
    "coap+tcp://x/a, unknown scheme",
    "file:///etc/passwd, unknown scheme",
    "coap://user@x/a, user information",
    "coap://user:secret@x/a, user information",
    "/a%, percent-escape",
    "/a%4, percent-escape",
    "/a%zz, percent-escape",
    "/%ff, not UTF-8",
    "/a/../b, not allowed",
    "/%2e%2e/b, not allowed",
    "/a&#10;b, control character",
    "/a&#x85;b, control character",
  })
  void url_thatCannotBeRead_isABadRequest(String url, String reason) throws EnvelopeException {
    unreadable(rest("<url method='GET'>" + url + "</url>"), Status.BAD_REQUEST, reason);
  }

  @Test
  void url_isBounded() throws EnvelopeException {
    String longest = "/" + ("a".repeat(254) + "/").repeat(8) + "1234567";
    assertThat(longest).hasSize(2048);
    assertThat(request("<url method='GET'>" + longest + "</url>").path().toString())
        .isEqualTo(longest);
    unreadable(rest("<url method='GET'>" + longest + "8</url>"), Status.BAD_REQUEST, "2048");
    unreadable(
        rest("<url method='GET'>/" + "a/".repeat(100_000) + "</url>"), Status.BAD_REQUEST, "2048");
    unreadable(rest("<url method='GET'>/" + "a".repeat(256) + "</url>"), Status.BAD_REQUEST, "255");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATCH", "HEAD", "OPTIONS", "G ET", "RESPONS\u00c9"})
  void method_thatIsUnknown_isNotImplemented(String method) throws EnvelopeException {
    unreadable(
        rest("<url method='" + method + "'>/a</url>"),
        Status.NOT_IMPLEMENTED,
        "method \"" + method + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<rest/>",
        "<rest><url>/a</url></rest>",
        "<rest><url method=''>/a</url></rest>",
        "<rest><body/></rest>",
      })
  void request_withoutMethod_isABadRequest(String document) throws EnvelopeException {
    unreadable(document, Status.BAD_REQUEST, "no method");
  }

  @ParameterizedTest
  @CsvSource({
    "<html/>, expected rest",
    "<rest><url method='GET'>/a</url><url method='DELETE'>/a</url></rest>, more than one url",
    "<rest><url method='GET'>/a<b/></url></rest>, only text",
    "<rest><url method='PUT'>/</url><body><json>1</json><json>2</json></body></rest>, one body",
    "<rest><url method='PUT'>/a</url><body>{}</body></rest>, inside a json element",
    "<rest><url method='PUT'>/a</url><body><json>1<b/></json></body></rest>, only text",
  })
  void structure_thatIsAmbiguous_isABadRequest(String document, String reason)
      throws EnvelopeException {
    unreadable(document, Status.BAD_REQUEST, reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<rest><body><json>{}</json></body><headers/><headers><header name='A'>1</header>"
            + "</headers><url method='PUT'>/a</url><headers><header name='B'>2</header></headers>"
            + "</rest>",
        "<x:rest xmlns:x='any' xmlns='other'><url x:method='PUT'>/a</url><!-- c --><?pi?>"
            + "<headers><header name='A'>1</header><header name='B'>2</header></headers>"
            + "<body><json xmlns='urn:xmpp:json:0'>{}</json></body></x:rest>",
        """
        <?xml version='1.0' standalone='yes'?>
        <rest xmlns='rest.oic.org'>
        <url method='PUT'>
        /a
        </url>
        <headers>
        <header
        name='A'>
        1
        </header>
        <header name=' B '> 2 </header>
        </headers>
        <body>
        <json>
        {}
        </json>
        </body>
        </rest>
        """,
        "<rest><new>x<url method='GET'>/b</url></new><url method='PUT'>/<![CDATA[a]]></url>text"
            + "<headers>text<new/><header name='A'>1</header><header name='B'>2</header></headers>"
            + "<body><new>x</new><json><![CDATA[{]]>}</json></body></rest>",
      })
  void order_whiteSpaceNamespacesAndUnknownElements_makeNoDifference(String document)
      throws EnvelopeException {
    Envelope.Request request = (Envelope.Request) readOne(document);
    assertThat(request.operation()).isEqualTo(Operation.CREATE);
    assertThat(request.path()).hasToString("/a");
    assertThat(request.headers()).isEqualTo(Headers.of("A", "1").with("B", "2"));
    assertThat(request.body()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource({
    "Application/JSON, Content-Type, application/json",
    "application/json; charset=UTF-8, Content-Type, application/json; charset=utf-8",
    "identity, , ",
    "'', , ",
  })
  void contentEncoding_withASlash_isAMediaType(String value, String name, String expected)
      throws EnvelopeException {
    Headers headers =
        request("<url method='GET'>/a</url>" + header("content-encoding", value)).headers();
    assertThat(headers).isEqualTo(name == null ? Headers.NONE : Headers.of(name, expected));
  }

  @Test
  void contentEncoding_doesNotReplaceAContentType() throws EnvelopeException {
    String headers = header("Content-Encoding", "a/b") + header("Content-Type", "c/d");
    assertThat(request("<url method='GET'>/a</url>" + headers).headers())
        .isEqualTo(Headers.of("Content-Type", "c/d"));
  }

  @Test
  void contentEncoding_thatIsOne_isRefused() throws EnvelopeException {
    unreadable(
        rest("<url method='PUT'>/a</url>" + header("Content-Encoding", "gzip")),
        Status.UNSUPPORTED_MEDIA_TYPE,
        "gzip");
  }

  @ParameterizedTest
  @CsvSource({
    "A, 'a&#13;&#10; b&#9;c', a b c",
    "A, 'a  b', a  b",
    "A, \u00e4\ud83d\udca1, \u00e4\ud83d\udca1",
    "' A ', ' b ', b",
    "A, '', ''",
  })
  void headerValue_isTrimmedAndFolded(String name, String value, String expected)
      throws EnvelopeException {
    assertThat(request("<url method='GET'>/a</url>" + header(name, value)).headers())
        .isEqualTo(Headers.of("A", expected));
  }

  @ParameterizedTest
  @CsvSource({
    "'', x, not a token",
    "A B, x, not a token",
    "A:, x, not a token",
    "A&#10;B, x, not a token",
    "\u00c4, x, not a token",
    "A, x&#127;, control character",
    "A, x&#x80;, control character",
  })
  void header_thatCouldSmuggleAnother_isABadRequest(String name, String value, String reason)
      throws EnvelopeException {
    unreadable(
        rest("<url method='GET'>/a</url>" + header(name, value)), Status.BAD_REQUEST, reason);
  }

  @Test
  void header_withoutName_isABadRequest() throws EnvelopeException {
    unreadable(
        rest("<url method='GET'>/a</url><headers><header>x</header></headers>"),
        Status.BAD_REQUEST,
        "not a token");
  }

  @Test
  void headers_areBounded() throws EnvelopeException {
    String url = "<url method='GET'>/a</url>";
    assertThat(request(url + header("A", "b").repeat(64)).headers().size()).isEqualTo(64);
    unreadable(rest(url + header("A", "b").repeat(65)), Status.BAD_REQUEST, "more than 64");
    String longest = "b".repeat(8192);
    assertThat(request(url + header("A", longest)).headers()).isEqualTo(Headers.of("A", longest));
    unreadable(rest(url + header("A", longest + "b")), Status.BAD_REQUEST, "8192");
    unreadable(rest(url + header("A", longest.repeat(100))), Status.BAD_REQUEST, "8192");
  }

  @Test
  void unreadable_keepsTheHeadersThatCorrelate() throws EnvelopeException {
    String document = header("X-OIC-Token", "t1") + "<url method='PATCH'>/a</url>";
    assertThat(readOne(rest(document)).headers()).isEqualTo(Headers.of("X-OIC-Token", "t1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":[1,2.5,-3e9,true,null,\"\\u0000\\ud800\"]}",
        "[]",
        "true",
        "1",
        "\"text\"",
        "null"
      })
  void body_isAnyOneJsonValue_alsoInBase64(String json) throws EnvelopeException {
    assertThat(((Envelope.Request) readOne(update(json))).body()).isEqualTo(json);
    assertThat(((Envelope.Request) readOne(update("<![CDATA[" + json + "]]>"))).body())
        .isEqualTo(json);
    String base64 = Base64.getEncoder().encodeToString(Documents.utf8(json));
    if (!base64.matches("[0-9]+")) {
      assertThat(((Envelope.Request) readOne(update("\n" + base64 + "\n"))).body()).isEqualTo(json);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n ", "<![CDATA[]]>"})
  void body_thatIsEmpty_isNone(String json) throws EnvelopeException {
    assertThat(((Envelope.Request) readOne(update(json))).body()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":1,\"a\":2}",
        "1 2",
        "{} x",
        "[1}",
        "NaN",
        "01",
        "hello",
        "abcd",
        "eyJh",
        "e30",
        "//79",
        "\"a\nb\"",
        "{\"a\":1}{}"
      })
  void body_thatIsNotJson_isABadRequest(String json) throws EnvelopeException {
    unreadable(update(json), Status.BAD_REQUEST, "the body is not JSON at line 1, column ");
  }

  @Test
  void body_thatIsNotJson_tellsWhere() throws EnvelopeException {
    unreadable(update("{\"a\":1,\n  \"b\":x}"), Status.BAD_REQUEST, "line 2, column 8");
  }

  @Test
  void body_isBoundedInDepthAndDigits() throws EnvelopeException {
    String deepest = "[".repeat(32) + "]".repeat(32);
    assertThat(((Envelope.Request) readOne(update(deepest))).body()).isEqualTo(deepest);
    unreadable(update("[" + deepest + "]"), Status.BAD_REQUEST, "not JSON");
    unreadable(update("[".repeat(100_000)), Status.BAD_REQUEST, "not JSON");
    unreadable(update("9".repeat(100_000)), Status.BAD_REQUEST, "not JSON");
  }

  @Test
  void body_isBoundedInLength() throws EnvelopeException {
    String longest = "\"" + "a".repeat(LIMIT - 2) + "\"";
    assertThat(((Envelope.Request) readOne(update(longest))).body()).isEqualTo(longest);
    assertThat(((Envelope.Request) readOne(update("<![CDATA[" + longest + "]]>"))).body())
        .isEqualTo(longest);
    unreadable(update(longest + " "), Status.CONTENT_TOO_LARGE, "longer than " + LIMIT);
  }

  @Test
  void detail_isShortAndWithoutControlCharacters() throws EnvelopeException {
    String method = "A&#10;\u0085\u2028".repeat(50);
    Envelope.Unreadable unreadable =
        (Envelope.Unreadable) readOne(rest("<url method='" + method + "'>/a</url>"));
    assertThat(unreadable.detail()).hasSizeLessThan(120).matches("[ -~]*");
  }

  private static Envelope.Request request(String inside) throws EnvelopeException {
    return (Envelope.Request) readOne(rest(inside));
  }

  private static String header(String name, String value) {
    return "<headers><header name='" + name + "'>" + value + "</header></headers>";
  }

  private static void unreadable(String document, Status status, String reason)
      throws EnvelopeException {
    assertThat(readOne(document))
        .isInstanceOfSatisfying(
            Envelope.Unreadable.class,
            unreadable -> {
              assertThat(unreadable.status()).isEqualTo(status);
              assertThat(unreadable.detail()).contains(reason);
            });
  }
}
