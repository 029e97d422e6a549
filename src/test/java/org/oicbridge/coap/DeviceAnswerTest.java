package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HexFormat;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;

class DeviceAnswerTest {
  private static final byte[] TRUE = {(byte) 0xf5};

  private static Response answer(String code, int format, byte[] payload) {
    Response response = new Response(ResponseCode.valueOfText(code));
    response.setPayload(payload);
    if (format >= 0) {
      response.getOptions().setContentFormat(format);
    }
    return response;
  }

  private static Response answer(String code) {
    return answer(code, -1, new byte[0]);
  }

  private static CrudnResponse map(Response answer, Operation operation, Headers headers)
      throws RequestFailed {
    return DeviceAnswer.toResponse(
        answer, DeviceMessageTest.message(operation, headers, null), ContentFormat.CBOR);
  }

  private static CrudnResponse map(Response answer) throws RequestFailed {
    return map(answer, Operation.RETRIEVE, Headers.NONE);
  }

  private static CrudnResponse refused(Response answer, Headers headers) {
    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> map(answer, Operation.RETRIEVE, headers));
    assertThat(failed).isNotNull();
    return failed.response();
  }

  @ParameterizedTest
  @CsvSource({
    "2.00,200,200", "2.01,201,201", "2.02,200,204", "2.04,200,204", "2.05,200,200",
    "2.31,502,502", "4.00,400,400", "4.01,403,403", "4.02,500,500", "4.03,403,403",
    "4.04,404,404", "4.05,405,405", "4.06,406,406", "4.08,502,502", "4.09,409,409",
    "4.12,412,412", "4.13,413,413", "4.15,415,415", "4.22,422,422", "4.29,429,429",
    "5.00,500,500", "5.01,501,501", "5.02,502,502", "5.03,503,503", "5.04,504,504",
    "5.05,502,502"
  })
  void code_hasItsStatus(String code, int withBody, int without) throws RequestFailed {
    CrudnResponse body = map(answer(code, ContentFormat.CBOR, TRUE));
    CrudnResponse empty = map(answer(code));

    assertThat(body.status().code()).isEqualTo(withBody);
    assertThat(body.body()).isEqualTo("true");
    assertThat(body.headers().get("Content-Type")).contains("application/json");
    assertThat(body.problem()).isNull();
    assertThat(empty.status().code()).isEqualTo(without);
    assertThat(empty.body()).isNull();
    assertThat(empty.headers().get("Content-Type")).isEmpty();
  }

  @Test
  void hopLimitReached_isALoop() throws RequestFailed {
    Response answer = answer("5.00");
    answer.setBytes(new byte[] {0x60, (byte) 0xa8, 0, 1});

    assertThat(map(answer).status().code()).isEqualTo(508);
  }

  @Test
  void badOption_isTheClientsFaultOnlyIfItSetOne() throws RequestFailed {
    assertThat(
            map(answer("4.02"), Operation.DELETE, Headers.of("If-Match", "\"01\"")).status().code())
        .isEqualTo(400);
  }

  @Test
  void valid_isNotModifiedForWhoSentTheTag() throws RequestFailed {
    Response valid = answer("2.03");
    valid.getOptions().addETag(new byte[] {0x0a, 0x1b}).setMaxAge(7);
    CrudnResponse response =
        map(valid, Operation.RETRIEVE, Headers.of("If-None-Match", "\"0a1b\""));

    assertThat(response.status().code()).isEqualTo(304);
    assertThat(response.headers().get("ETag")).contains("\"0a1b\"");
    assertThat(response.headers().get("Cache-Control")).contains("max-age=7");
    assertThat(refused(answer("2.03"), Headers.NONE).status().code()).isEqualTo(502);
  }

  @ParameterizedTest
  @CsvSource({"2.05,0,no-cache", "2.05,7,max-age=7", "2.05,-1,", "2.04,7,", "4.04,7,"})
  void maxAge_becomesCacheControl(String code, long age, String header) throws RequestFailed {
    Response answer = answer(code, ContentFormat.CBOR, TRUE);
    if (age >= 0) {
      answer.getOptions().setMaxAge(age);
    }

    assertThat(map(answer).headers().get("Cache-Control").orElse(null)).isEqualTo(header);
  }

  @ParameterizedTest
  @CsvSource({"5.03,5,5", "5.03,-1,60", "4.29,9,9"})
  void maxAgeOfARefusal_becomesRetryAfter(String code, long age, String header)
      throws RequestFailed {
    Response answer = answer(code);
    if (age >= 0) {
      answer.getOptions().setMaxAge(age);
    }

    assertThat(map(answer).headers().get("Retry-After")).contains(header);
  }

  @Test
  void methodNotAllowed_saysWhatMayBe() throws RequestFailed {
    assertThat(map(answer("4.05"), Operation.UPDATE, Headers.NONE).headers().get("Allow"))
        .contains("GET");
    assertThat(map(answer("4.05")).headers().get("Allow")).contains("PUT, POST, DELETE");
  }

  @Test
  void location_isRelativeToTheDevice() throws RequestFailed {
    Response created = answer("2.01");
    created.getOptions().addLocationPath("base").addLocationPath("a b").addLocationPath("ü");
    created.getOptions().addLocationQuery("x=1");
    assertThat(map(created).headers().get("Location")).contains("/a%20b/%C3%BC?x=1");

    Response elsewhere = answer("2.01");
    elsewhere.getOptions().addLocationPath("other");
    assertThat(map(elsewhere).headers().get("Location")).contains("/other");

    Response dots = answer("2.01");
    dots.getOptions().addLocationPath("..").addLocationPath("x");
    assertThat(map(dots).headers().get("Location")).isEmpty();

    Response query = answer("2.01");
    query.getOptions().addLocationQuery("x");
    assertThat(map(query).headers().get("Location")).contains("/?x");
  }

  @Test
  void contentVersion_isToldOnlyToWhoAsked() throws RequestFailed {
    Response answer = answer("2.05", ContentFormat.OCF_CBOR, TRUE);
    answer.getOptions().addOption(OcfOption.CONTENT_VERSION.create(2048L));

    assertThat(map(answer).headers().get("OCF-Content-Format-Version")).isEmpty();
    assertThat(
            map(answer, Operation.RETRIEVE, Headers.of("OCF-Accept-Content-Format-Version", "2048"))
                .headers()
                .get("OCF-Content-Format-Version"))
        .contains("2048");
    assertThat(
            map(
                    answer("2.05"),
                    Operation.RETRIEVE,
                    Headers.of("OCF-Accept-Content-Format-Version", "2048"))
                .headers()
                .get("OCF-Content-Format-Version"))
        .isEmpty();
  }

  // Payloads

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "none",
      textBlock =
          """
          2.05|10000|a0                |{}
          2.05|60   |a0                |{}
          2.05|50   |5b315d            |[1]
          2.05|50   |22efbfbe22        |"\\ufffe"
          2.05|0    |6869              |"hi"
          2.05|40   |3c2f613e          |"</a>"
          2.05|-1   |a0                |{}
          2.05|-1   |48656c6c6f21      |"Hello!"
          4.04|-1   |6e6f              |{"error":"no"}
          4.04|0    |6e22              |{"error":"n\\""}
          5.00|-1   |ff                |none
          4.04|60   |f5                |true
          """)
  void payload_becomesJson(String code, int format, String hex, String json) throws RequestFailed {
    assertThat(map(answer(code, format, HexFormat.of().parseHex(hex))).body()).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({"60,ff", "10000,0000", "50,7b", "50,ff", "0,ff", "-1,ff"})
  void payloadThatIsNotWhatItSays_isABadAnswer(int format, String hex) {
    CrudnResponse response =
        refused(answer("2.05", format, HexFormat.of().parseHex(hex)), Headers.NONE);

    assertThat(response.status().code()).isEqualTo(502);
    assertThat(response.problem().type()).isEqualTo("bad-answer");
  }

  @Test
  void octets_areForWhoTakesAnything() throws RequestFailed {
    Response answer = answer("2.05", 42, new byte[] {1, 2});

    assertThat(refused(answer, Headers.NONE).status().code()).isEqualTo(406);
    assertThat(refused(answer, Headers.of("Accept", "application/json")).status().code())
        .isEqualTo(406);
    assertThat(map(answer, Operation.RETRIEVE, Headers.of("Accept", "*/*")).body())
        .isEqualTo("{\"base64\":\"AQI=\",\"ct\":42}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          5b315d                        |[1]
          3132                          |12
          4e6f762032322031303a32373a3338|"Nov 22 10:27:38"
          a0                            |{}
          8101                          |[1]
          """)
  void payloadWithoutFormatOfAPlainDevice_isTextFirst(String hex, String json)
      throws RequestFailed {
    Response answer = answer("2.05", -1, HexFormat.of().parseHex(hex));

    assertThat(
            DeviceAnswer.toResponse(
                    answer,
                    new DeviceMessage(
                        DeviceMessageTest.crudn(Operation.RETRIEVE, Headers.NONE, null),
                        List.of(),
                        100),
                    ContentFormat.JSON)
                .body())
        .isEqualTo(json);
  }
}
