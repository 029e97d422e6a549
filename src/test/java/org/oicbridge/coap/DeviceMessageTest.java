package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;

class DeviceMessageTest {
  static CrudnRequest crudn(Operation operation, Headers headers, String body) {
    Jid account = Jid.parse("john@example.org");
    return new CrudnRequest(
        account,
        new DeviceId("1"),
        operation,
        ResourcePath.parse("/a/b?x=1&if=oic.if.a"),
        headers,
        body,
        account,
        CrudnRequest.Via.SHORTEST,
        Deadline.in(Duration.ofSeconds(1)));
  }

  static DeviceMessage message(Operation operation, Headers headers, String body)
      throws RequestFailed {
    return new DeviceMessage(crudn(operation, headers, body), List.of("base"), 100);
  }

  private static CrudnResponse refused(Operation operation, Headers headers, String body) {
    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> message(operation, headers, body));
    assertThat(failed).isNotNull();
    return failed.response();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @CsvSource({"CREATE,PUT", "RETRIEVE,GET", "UPDATE,POST", "DELETE,DELETE"})
  void operation_hasItsMethodPathAndQuery(Operation operation, Code code) throws RequestFailed {
    Request request = message(operation, Headers.NONE, "{}").toRequest(Era.LEGACY, 50);

    assertThat(request.getCode()).isEqualTo(code);
    assertThat(request.getOptions().getUriPath()).containsExactly("base", "a", "b");
    assertThat(request.getOptions().getUriQuery()).containsExactly("x=1", "if=oic.if.a");
    boolean body = code == Code.PUT || code == Code.POST;
    assertThat(hex(request.getPayload())).isEqualTo(body ? "a0" : "");
    assertThat(request.getOptions().hasContentFormat()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null"})
  void missingBody_isNoPayload(String body) throws RequestFailed {
    String text = body.equals("null") ? null : body;
    Request request = message(Operation.UPDATE, Headers.NONE, text).toRequest(Era.OCF, 50);

    assertThat(request.getPayloadSize()).isZero();
    assertThat(request.getOptions().hasContentFormat()).isFalse();
    assertThat(OcfOption.version(request.getOptions(), OcfOption.CONTENT_VERSION)).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"OCF,10000,10000,2048", "LEGACY,60,60,-1", "JSON,50,50,-1", "PLAIN,-1,60,-1"})
  void era_choosesFormatsAndVersions(Era era, int accept, int format, int version)
      throws RequestFailed {
    Request request = message(Operation.UPDATE, Headers.NONE, "[1]").toRequest(era, 60);
    OptionSet options = request.getOptions();

    assertThat(options.getAccept()).isEqualTo(accept);
    assertThat(options.getContentFormat()).isEqualTo(format);
    assertThat(OcfOption.version(options, OcfOption.ACCEPT_VERSION)).isEqualTo(version);
    assertThat(OcfOption.version(options, OcfOption.CONTENT_VERSION)).isEqualTo(version);
    assertThat(hex(request.getPayload())).isEqualTo(format == 50 ? "5b315d" : "8101");
  }

  @Test
  void versionHeaders_areTakenFromTheClient() throws RequestFailed {
    Headers headers =
        Headers.of("ocf-accept-content-format-version", "2112")
            .with("OCF-Content-Format-Version", "70000");
    OptionSet options = message(Operation.UPDATE, headers, "1").toRequest(Era.OCF, 50).getOptions();

    assertThat(OcfOption.version(options, OcfOption.ACCEPT_VERSION)).isEqualTo(2112);
    assertThat(OcfOption.version(options, OcfOption.CONTENT_VERSION)).isEqualTo(2048);
  }

  @Test
  void otherHeaders_stayHere() throws RequestFailed {
    Headers headers =
        Headers.of("Host", "evil")
            .with("Observe", "0")
            .with("X-Forwarded-For", "1")
            .with("Accept", "application/json")
            .with("Date", "now")
            .with("Proxy-Uri", "coap://x");
    OptionSet options =
        message(Operation.RETRIEVE, headers, null).toRequest(Era.LEGACY, 50).getOptions();

    assertThat(options.asSortedList())
        .extracting(option -> option.getNumber())
        .containsExactly(11, 11, 11, 15, 15, 17);
    assertThat(options.getAccept()).isEqualTo(60);
  }

  // Conditions

  @Test
  void ifMatch_becomesOption1() throws RequestFailed {
    Headers some = Headers.of("If-Match", "\"0a1b\", W/\"ff\", \"not hex\"");
    OptionSet options = message(Operation.UPDATE, some, "1").toRequest(Era.OCF, 50).getOptions();
    assertThat(options.getIfMatch())
        .extracting(DeviceMessageTest::hex)
        .containsExactly("0a1b", "ff");

    options =
        message(Operation.DELETE, Headers.of("If-Match", "*"), null)
            .toRequest(Era.OCF, 50)
            .getOptions();
    assertThat(options.getIfMatch()).extracting(DeviceMessageTest::hex).containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"xyz\"", "0a1b", "\"\"", "\"001122334455667788\"", "\"0a1\"", "\""})
  void ifMatchThatNobodyGave_fails(String header) {
    CrudnResponse response = refused(Operation.UPDATE, Headers.of("If-Match", header), "1");

    assertThat(response.status().code()).isEqualTo(412);
    assertThat(response.problem().type()).isEqualTo("unknown-etag");
  }

  @Test
  void ifNoneMatchOnRetrieve_becomesETags() throws RequestFailed {
    Headers headers = Headers.of("If-None-Match", "\"0a1b\",\"02\"");
    DeviceMessage message = message(Operation.RETRIEVE, headers, null);
    OptionSet options = message.toRequest(Era.OCF, 50).getOptions();

    assertThat(options.getETags()).extracting(DeviceMessageTest::hex).containsExactly("0a1b", "02");
    assertThat(options.hasIfNoneMatch()).isFalse();
    assertThat(message.conditional()).isFalse();

    options =
        message(Operation.RETRIEVE, Headers.of("If-None-Match", "*"), null)
            .toRequest(Era.OCF, 50)
            .getOptions();
    assertThat(options.getETags()).isEmpty();
  }

  @Test
  void ifNoneMatchStarOnCreate_becomesOption5() throws RequestFailed {
    DeviceMessage message = message(Operation.CREATE, Headers.of("If-None-Match", "*"), "1");

    assertThat(message.toRequest(Era.OCF, 50).getOptions().hasIfNoneMatch()).isTrue();
    assertThat(message.conditional()).isTrue();
    assertThat(
            refused(Operation.CREATE, Headers.of("If-None-Match", "\"0a\""), "1").problem().type())
        .isEqualTo("bad-header");
  }

  // Media types

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json               | true
          Application/JSON; charset=x    | true
          application/cbor               | true
          application/vnd.ocf+cbor;q=0.1 | true
          */*                            | true
          application/*;q=1              | true
          text/html, */*;q=0.1           | true
          text/html                      | false
          application/json;q=0           | false
          application/json;q=0.000,*/*;q=0| false
          application/xml,text/*         | false
          """)
  void accept_isChecked(String accept, boolean fine) throws RequestFailed {
    Headers headers = Headers.of("Accept", accept);
    if (fine) {
      message(Operation.RETRIEVE, headers, null);
    } else {
      assertThat(refused(Operation.RETRIEVE, headers, null).status().code()).isEqualTo(406);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json                  | true
          APPLICATION/JSON; Charset="UTF-8" | true
          application/vnd.ocf+cbor          | true
          application/json;charset=latin1   | false
          text/plain                        | false
          application/merge-patch+json      | false
          """)
  void contentType_isChecked(String type, boolean fine) throws RequestFailed {
    Headers headers = Headers.of("Content-Type", type);
    message(Operation.RETRIEVE, headers, null);
    if (fine) {
      message(Operation.UPDATE, headers, "1");
    } else {
      assertThat(refused(Operation.UPDATE, headers, "1").status().code()).isEqualTo(415);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "UPDATE"})
  void badOrLongBody_isRefused(Operation operation) {
    assertThat(refused(operation, Headers.NONE, "{").problem().type()).isEqualTo("invalid-json");
    assertThat(refused(operation, Headers.NONE, " ").problem().type()).isEqualTo("invalid-json");
    assertThat(refused(operation, Headers.NONE, "\"" + "x".repeat(100) + "\"").status().code())
        .isEqualTo(413);
  }
}
