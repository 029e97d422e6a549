package org.oicbridge.gatling;

import static io.gatling.javaapi.core.CoreDsl.bodyLength;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.css;
import static io.gatling.javaapi.core.CoreDsl.jmesPath;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.gatling.OicDsl.header;
import static org.oicbridge.gatling.OicDsl.problem;
import static org.oicbridge.gatling.OicDsl.status;

import io.gatling.commons.validation.Failure;
import io.gatling.core.Predef$;
import io.gatling.core.check.Check$;
import io.gatling.core.config.GatlingConfiguration$;
import io.gatling.core.session.Session;
import io.gatling.core.session.Session$;
import io.gatling.javaapi.core.CheckBuilder;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;
import scala.Option;
import scala.Tuple2;

/** Each check passes what it is for, and fails on something else. */
class OicChecksTest {
  private static final CrudnResponse ANSWER =
      CrudnResponse.answered(Status.OK, Headers.of("ETag", "\"5f\""), "{\"value\":41}");
  private static final CrudnResponse SILENCE =
      CrudnResponse.failed(Status.TIMEOUT, "device-silent", "the device did not answer");

  @BeforeAll
  static void configure() {
    Predef$.MODULE$._configuration_$eq(GatlingConfiguration$.MODULE$.load());
  }

  static List<CheckBuilder> onlyOfTheAnswer() {
    return List.of(
        status().is(200),
        header("etag").is("\"5f\""),
        problem().notExists(),
        jsonPath("$.value").ofInt().is(41),
        jmesPath("value").ofInt().gt(40),
        bodyString().is("{\"value\":41}"),
        bodyLength().is(12),
        substring("value").exists(),
        regex("[0-9]+").is("41"));
  }

  @ParameterizedTest
  @MethodSource("onlyOfTheAnswer")
  void check_holdsForTheAnswerAndNotForSilence(CheckBuilder check) {
    assertThat(failure(check, ANSWER).isEmpty()).as("%s", failure(check, ANSWER)).isTrue();
    assertThat(failure(check, SILENCE).isDefined()).isTrue();
  }

  @Test
  void problem_isTheTypeOfWhatTheGatewaySays() {
    assertThat(failure(problem().is("device-silent"), SILENCE).isEmpty()).isTrue();
    assertThat(failure(problem().is("device-offline"), SILENCE).isDefined()).isTrue();
  }

  @Test
  void whatIsSaved_isInTheSessionThen() {
    assertThat(
            check(jsonPath("$.value").ofInt().saveAs("seen"), ANSWER)
                ._1()
                .attributes()
                .apply("seen"))
        .isEqualTo(41);
  }

  @Test
  void checkOfAnotherKind_isRefusedAtOnce() {
    assertThatThrownBy(() -> OicChecks.of(List.of(css("a").exists())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Option<Failure> failure(CheckBuilder check, CrudnResponse response) {
    return check(check, response)._2();
  }

  private static Tuple2<Session, Option<Failure>> check(
      CheckBuilder check, CrudnResponse response) {
    Session session = Session$.MODULE$.apply("scenario", 1L, null);
    return Check$.MODULE$.check(response, session, OicChecks.of(List.of(check)));
  }
}
