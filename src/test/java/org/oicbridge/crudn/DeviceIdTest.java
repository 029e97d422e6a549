package org.oicbridge.crudn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceIdTest {
  private static final String UUID = "dc70373c-1e8d-4fb3-962e-017eaa863989";

  @Test
  void identifiers_areTheSame_butForCase() {
    DeviceId upper = new DeviceId(UUID.toUpperCase(Locale.ROOT));
    assertThat(upper).isEqualTo(new DeviceId(UUID)).hasSameHashCodeAs(new DeviceId(UUID));
    assertThat(upper).isNotEqualTo(new DeviceId("a")).isNotEqualTo(UUID);
    assertThat(upper.canonical()).isEqualTo(UUID);
    assertThat(upper).as("the spelling is kept").hasToString(upper.text());
  }

  @ParameterizedTest
  @CsvSource({
    "dc70373c-1e8d-4fb3-962e-017eaa863989, true",
    "DC70373C-1E8D-4FB3-962E-017EAA863989, true",
    "FFFFB960-BABE-46F7-BEC0-9E6234671ADC0, false",
    "FXFFB960-FFFF-46F7-BABE-9E6234671ADC, false",
    "lamp-1, false",
  })
  void conformant_meansAUuid(String text, boolean conformant) {
    assertThat(new DeviceId(text).conformant()).isEqualTo(conformant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a/b", "a_b", "\u00e4", "a\n", "a%2F"})
  void text_thatIsNoToken_isRefused(String text) {
    assertThatThrownBy(() -> new DeviceId(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 64");
  }

  @Test
  void text_isBounded() {
    assertThat(new DeviceId("a".repeat(64)).text()).hasSize(64);
    assertThatThrownBy(() -> new DeviceId("a".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
