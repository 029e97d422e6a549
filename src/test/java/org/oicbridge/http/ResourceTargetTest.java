package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.fuzz.Fuzz;

class ResourceTargetTest {
  @Test
  void target_isReadInAllItsParts() {
    ResourceTarget target =
        ResourceTarget.parse(
            "/api/v1/devices/Ab-1/resources/a%2Fb/c?x=1&account=a%2Bb%40example.org&via=xmpp&&y");
    assertThat(target.di().text()).isEqualTo("Ab-1");
    assertThat(target.path().segments()).containsExactly("a/b", "c");
    assertThat(target.path().query()).containsExactly("x=1", "y");
    assertThat(target.account()).hasToString("a+b@example.org");
    assertThat(target.via()).isEqualTo(Via.XMPP);
  }

  @Test
  void parameter_isKnownUnderAnEscapedName() {
    ResourceTarget target = ResourceTarget.parse("/api/v1/devices/x/resources/a?%76ia=xmpp");
    assertThat(target.via()).isEqualTo(Via.XMPP);
    assertThat(target.path().query()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/devices/x/resources",
        "/api/v1/devices/x/resourcesx/a",
        "/api/v1/devices/x",
        "/api//v1/devices/x/resources/a",
        "//api/v1/devices/x/resources/a",
        "/api/v1/%64evices/x/resources/a",
        "/"
      })
  void path_thatIsAnotherIs404(String uri) {
    assertThatThrownBy(() -> ResourceTarget.parse(uri))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.status()).isEqualTo(404));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/devices//resources/a",
        "/api/v1/devices/a%2Fb/resources/a",
        "/api/v1/devices/ä/resources/a"
      })
  void device_thatCanNotBeIs400(String uri) {
    assertThatThrownBy(() -> ResourceTarget.parse(uri))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  @Test
  void fuzz_findsNothing() {
    assertThat(Fuzz.run(new ResourceTargetFuzz(), 20_000, 1)).isZero();
  }
}
