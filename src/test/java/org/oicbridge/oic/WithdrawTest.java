package org.oicbridge.oic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.oic.OwnDevice.OWNER;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.PublishOutcome;
import org.oicbridge.bus.Unpublish;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class WithdrawTest {
  private static final String LAMP = "e61c3e6b-9c54-4b81-8ce5-f9039c1d04d9";

  private OwnDevice device;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    device = new OwnDevice(vertx);
  }

  static Stream<Arguments> spellings() {
    return Stream.of(
        Arguments.of(List.of("di=" + LAMP), LAMP, Set.of()),
        Arguments.of(List.of("di=" + LAMP, "ins=20", "ins=21"), LAMP, Set.of("20", "21")),
        Arguments.of(List.of("di=" + LAMP + "&ins=20&ins=21"), LAMP, Set.of("20", "21")),
        Arguments.of(List.of("di=\"" + LAMP + "\";ins=\"20\""), LAMP, Set.of("20")),
        Arguments.of(List.of("di=\"" + LAMP + "\"", "ins=\"20,21\""), LAMP, Set.of("20", "21")),
        Arguments.of(List.of("di=" + LAMP + ",ins=20,21"), LAMP, Set.of("20", "21")),
        Arguments.of(List.of("ins=20,21,"), null, Set.of("20", "21")),
        Arguments.of(List.of("ins=2713892058"), null, Set.of("2713892058")),
        Arguments.of(List.of("rt=oic.wk.rdpub", "di=" + LAMP, "di=" + LAMP), LAMP, Set.of()));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void query_isTakenInEverySpelling(List<String> query, String di, Set<String> ins)
      throws Exception {
    CrudnResponse response = device.as(OWNER).delete(query.toArray(String[]::new));

    assertThat(response.status()).isEqualTo(Status.NO_CONTENT);
    assertThat(response.body()).isNull();
    assertThat(device.unpublished)
        .containsExactly(new Unpublish(OWNER, di == null ? null : new DeviceId(di), ins));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rt=oic.wk.rdpub",
        "di=",
        "di=a%20b",
        "di=a_b",
        "ins=",
        "ins=a_b",
        "di=a&di=b",
        "di=a&ins=1.5",
        "di=a;ins=1;ins="
      })
  void query_thatNamesNothingIs400(String query) throws Exception {
    CrudnResponse response = device.as(OWNER).delete(query);

    assertThat(response.status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(response.problem().type()).isEqualTo("invalid-parameter");
    assertThat(device.unpublished).isEmpty();
  }

  @Test
  void refusal_ofTheDirectoryIsPassedOn() throws Exception {
    device.refusal = PublishOutcome.refused(Status.NOT_FOUND, "link-unknown", "nothing there");

    CrudnResponse response = device.as(OWNER).delete("ins=99");

    assertThat(response.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(response.problem().type()).isEqualTo("link-unknown");
  }
}
