package org.oicbridge.crudn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StatusTest {
  @ParameterizedTest
  @EnumSource
  void status_isFoundByItsNumber(Status status) {
    assertThat(Status.of(status.code())).isSameAs(status);
    assertThat(status.success()).isEqualTo(status.code() < 400);
    assertThat(status.reason()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "299, OK",
    "205, OK",
    "418, BAD_REQUEST",
    "410, BAD_REQUEST",
    "505, BAD_GATEWAY",
    "599, BAD_GATEWAY",
    "100, BAD_GATEWAY",
    "302, BAD_GATEWAY",
    "0, BAD_GATEWAY",
    "-404, BAD_GATEWAY",
    "1404, BAD_GATEWAY",
  })
  void numberWithoutAStatus_becomesThatOfItsClass(int code, Status status) {
    assertThat(Status.of(code)).isEqualTo(status);
  }
}
