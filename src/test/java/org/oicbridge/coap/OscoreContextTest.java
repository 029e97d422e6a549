package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.Secret;

/** The test vectors of RFC 8613 appendix C, and what they don't say. */
class OscoreContextTest {
  private static final String MASTER_SECRET = "0102030405060708090a0b0c0d0e0f10";
  private static final String MASTER_SALT = "9e7ca92223786340";

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static IdentityConfig.Oscore config(String sender, String recipient, String salt) {
    return new IdentityConfig.Oscore(
        new Secret(hex(sender)),
        new Secret(hex(recipient)),
        new Secret(hex(MASTER_SECRET)),
        new Secret(hex(salt)));
  }

  private static OscoreContext context(String sender, String recipient, String salt) {
    return new OscoreContext("oscore:x", config(sender, recipient, salt), null);
  }

  @Test
  void requestOfC4_isOpened() throws Exception {
    // The client has no identifier, the server has 1.
    OscoreContext server = context("01", "", MASTER_SALT);

    byte[] plain = server.open(hex("14"), hex("612f1092f1776f1c1668b3825e"));

    assertThat(plain).isEqualTo(hex("01b3747631"));
  }

  @Test
  void requestOfC5_isOpenedWithoutASalt() throws Exception {
    OscoreContext server = context("01", "00", "");

    assertThat(server.open(hex("14"), hex("4ed339a5a379b0b8bc731fffb0")))
        .isEqualTo(hex("01b3747631"));
  }

  @Test
  void responseOfC7_isSealedUnderTheNonceOfTheRequest() {
    OscoreContext server = context("01", "", MASTER_SALT);

    assertThat(server.seal(hex("14"), null, hex("45ff48656c6c6f20576f726c6421")))
        .isEqualTo(hex("dbaad1e9a7e7b2a813d3c31524378303cdafae119106"));
  }

  @Test
  void responseOfC8_isSealedUnderAPartialIvOfItsOwn() {
    OscoreContext server = context("01", "", MASTER_SALT);

    assertThat(server.seal(hex("14"), hex("00"), hex("45ff48656c6c6f20576f726c6421")))
        .isEqualTo(hex("4d4c13669384b67354b2b6175ff4b8658c666a6cf88e"));
  }

  @Test
  void changedCiphertext_isRefused() {
    OscoreContext server = context("01", "", MASTER_SALT);

    assertThatThrownBy(() -> server.open(hex("14"), hex("612f1092f1776f1c1668b3825f")))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> server.open(hex("15"), hex("612f1092f1776f1c1668b3825e")))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void window_takesEachNumberOnce() {
    ReplayWindow window = new ReplayWindow();
    window.startAt(100);

    assertThat(window.fresh(100)).isFalse();
    assertThat(window.fresh(99)).isFalse();
    window.accept(103);
    assertThat(window.fresh(101)).isTrue();
    assertThat(window.fresh(103)).isFalse();
    window.accept(101);
    assertThat(window.fresh(101)).isFalse();
    assertThat(window.fresh(102)).isTrue();
    window.accept(103 + ReplayWindow.SIZE);
    assertThat(window.fresh(103)).isFalse();
    assertThat(window.fresh(104)).isTrue();
    window.accept(10_000);
    assertThat(window.fresh(9_990)).isTrue();
    assertThat(window.fresh(9_000)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"06", "20", "02aa", "10", "1003aa"})
  void optionThatIsNone_isRefused(String hex) {
    assertThatThrownBy(() -> OscoreOption.parse(hex(hex)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void option_isReadInItsParts() {
    OscoreOption option = OscoreOption.parse(hex("19140837cbf3210017a2d3aa"));

    assertThat(option.partialIv()).isEqualTo(hex("14"));
    assertThat(option.kidContext()).isEqualTo(hex("37cbf3210017a2d3"));
    assertThat(option.kid()).isEqualTo(hex("aa"));
    assertThat(OscoreOption.partialIv(0)).isEqualTo(hex("00"));
    assertThat(OscoreOption.partialIv(256)).isEqualTo(hex("0100"));
  }
}
