package org.oicbridge.crudn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTypeTest {
  @ParameterizedTest
  @CsvSource({
    "oic.wk.d oic.d.light, oic.d.light",
    "x.com.example.toaster oic.d.fan oic.d.light, oic.d.fan",
    "oic.wk.d x.com.example.toaster, x.com.example.toaster",
    "Client x.com.example.toaster, x.com.example.toaster",
    "oic.wk.d oic.wk.p,",
    "'',",
  })
  void type_isChosenByKindNotByOrder(String types, String chosen) {
    assertThat(DeviceType.of(List.of(types.split(" ", -1))).orElse(null)).isEqualTo(chosen);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Client", "oic.d.a b", "oic.d.f\u00e4n", "oic.d.\u0000"})
  void text_thatCanNotStandInAJidIsNone(String text) {
    assertThat(DeviceType.isValid(text)).isFalse();
    assertThat(DeviceType.of(List.of(text))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"oic.d.light", "x/y", "oic.wk.d"})
  void text_thatCanIsOne(String text) {
    assertThat(DeviceType.isValid(text)).isTrue();
  }
}
