package org.oicbridge.crudn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples are those of OIC Remote Access section 7.1.1, with their odd UUIDs. */
class OicResourceTest {
  @ParameterizedTest
  @CsvSource({
    "OIC/1.0/oic.d.light/FFFFB960-BABE-46F7-BEC0-9E6234671ADC0, oic.d.light, false",
    "OIC/1.0/Client/FXFFB960-FFFF-46F7-BABE-9E6234671ADC1, Client, true",
    "OIC/1.0/x.com.vendor%2Flamp/a, x.com.vendor/lamp, false",
    "OIC/1.0/client/a, client, false",
  })
  void resourcepart_isReadAndWritten(String text, String type, boolean clientOnly) {
    OicResource resource = OicResource.parse(text).orElseThrow();
    assertThat(resource.deviceType()).isEqualTo(type);
    assertThat(resource.clientOnly()).isEqualTo(clientOnly);
    assertThat(text).endsWith("/" + resource.id());
    assertThat(resource).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "phone",
        "OIC/1.0",
        "OIC/1.0/",
        "OIC/1.0/a",
        "OIC/1.0//a",
        "OIC/1.0/a/",
        "OIC/1.0/a/b c",
        "OIC/1.0/a/b/c",
        "OIC/1.1/a/b",
        "oic/1.0/a/b",
        "/OIC/1.0/a/b"
      })
  void otherResourceparts_areNone(String text) {
    assertThat(OicResource.parse(text)).isEmpty();
  }

  @Test
  void slashInAType_isEncoded() {
    assertThat(new OicResource("a/b", new DeviceId("c"))).hasToString("OIC/1.0/a%2Fb/c");
  }
}
