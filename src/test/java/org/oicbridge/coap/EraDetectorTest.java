package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EraDetectorTest {
  private final List<Request> asked = new ArrayList<>();

  /** Answers are codes, or for 2.05 the Content-Format and, behind a slash, the payload. */
  private Future<Era> detect(String answers) {
    Iterator<String> next = List.of(answers.split(" ", -1)).iterator();
    return new EraDetector(
            request -> {
              asked.add(request);
              try {
                return Future.succeededFuture(response(next.next()));
              } catch (RequestFailed e) {
                return Future.failedFuture(e);
              }
            },
            List.of("base"))
        .detect();
  }

  private static Response response(String text) throws RequestFailed {
    if (text.indexOf('.') > 0 && text.indexOf('/') < 0) {
      return new Response(ResponseCode.valueOfText(text));
    }
    int slash = text.indexOf('/');
    String body = text.substring(slash + 1);
    int format = Integer.parseInt(text.substring(0, slash));
    byte[] payload = body.equals("bad") ? new byte[] {-1} : JsonBody.toCbor(body);
    return TestDevice.content(format, payload);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          10000/[]                                        | OCF
          10000/bad                                       | OCF
          60/[]                                           | LEGACY
          60/bad                                          | LEGACY
          60/[{"links":[{"type":"application/json"}]}]    | JSON
          60/[{"type":["Application/JSON"]}]              | JSON
          60/[{"type":["application/json","x"]}]          | LEGACY
          60/[{"type":"application/json"},{"type":"x"}]   | LEGACY
          60/[{"type":[]}]                                | LEGACY
          50/[]                                           | JSON
          -1/[]                                           | LEGACY
          -1/"text"                                       | PLAIN
          -1/bad                                          | PLAIN
          40/[]                                           | PLAIN
          4.01                                            | OCF
          4.03                                            | OCF
          4.04                                            | PLAIN
          4.06 60/[]                                      | LEGACY
          4.02 60/[]                                      | LEGACY
          4.15 60/[]                                      | LEGACY
          4.00 10000/[]                                   | OCF
          4.06 50/[]                                      | JSON
          4.06 4.06                                       | JSON
          4.06 4.15                                       | JSON
          4.02 4.04                                       | PLAIN
          4.02 4.01                                       | LEGACY
          4.02 4.03                                       | LEGACY
          4.05 4.05                                       | PLAIN
          5.01 5.01                                       | PLAIN
          """)
  void answers_tellTheEra(String answers, Era era) {
    assertThat(detect(answers).result()).isEqualTo(era);
    assertThat(asked).hasSize(answers.strip().split(" ", -1).length);
  }

  @ParameterizedTest
  @CsvSource({"5.03,503", "5.00,500", "4.06 5.03,503", "4.02 5.00,500"})
  void trouble_isNoEra(String answers, int status) {
    assertThat(detect(answers).cause())
        .isInstanceOfSatisfying(
            RequestFailed.class,
            failed -> {
              assertThat(failed.response().status().code()).isEqualTo(status);
              assertThat(failed.response().problem().type()).isEqualTo("detection-failed");
            });
  }

  @Test
  void questions_areThoseOfEachEra() {
    detect("4.06 60/[]");

    assertThat(asked)
        .extracting(r -> r.getOptions().getUriPathString())
        .containsExactly("base/oic/res", "base/oic/res");
    assertThat(asked).extracting(r -> r.getOptions().getAccept()).containsExactly(10_000, 60);
    assertThat(asked)
        .extracting(r -> OcfOption.version(r.getOptions(), OcfOption.ACCEPT_VERSION))
        .containsExactly(2048, -1);
  }
}
