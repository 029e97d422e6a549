package org.oicbridge.xmpp.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.common.ScramMechanism;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ScramExchangeTest {
  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static ScramExchange exchange(String mechanism, String nonce) {
    return new ScramExchange(mechanism, "user", new ScramKeys(vertx, "pencil"), 100_000, nonce);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SCRAM-SHA-1 | fyko+d2lbbFgONRv9qkxdawL | 3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096 | 3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts= | v=rmF9pqV8S7suAoZWja4dJRkFsKQ=
          SCRAM-SHA-256 | rOprNGfwEbeRWgbNEkqO | %hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096 | %hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ= | v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=
          """)
  void exchange_isTheOneOfTheRfcs(
      String mechanism, String nonce, String challenge, String response, String signature)
      throws Exception {
    // RFC 5802 section 5 and RFC 7677 section 3
    ScramExchange scram = exchange(mechanism, nonce);
    assertThat(text(scram.initialResponse())).isEqualTo("n,,n=user,r=" + nonce);
    byte[] answer = scram.respond(bytes("r=" + nonce + challenge)).await(10, TimeUnit.SECONDS);
    assertThat(text(answer)).isEqualTo("c=biws,r=" + nonce + response);
    assertThat(scram.verified()).isFalse();
    scram.verify(bytes(signature));
    assertThat(scram.verified()).isTrue();
  }

  @Test
  void signature_thatIsWrongIsRefused() {
    ScramExchange scram = exchange("SCRAM-SHA-1", "abc");
    scram.respond(bytes("r=abcdef,s=QSXCR+Q6sek8bf92,i=4096")).await();
    for (String wrong : List.of("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", "v=", "", "e=other-error", "x")) {
      assertThatThrownBy(() -> scram.verify(bytes(wrong))).isInstanceOf(SaslException.class);
      assertThat(scram.verified()).isFalse();
    }
  }

  @Test
  void signature_withoutAChallengeIsRefused() {
    assertThatThrownBy(() -> exchange("SCRAM-SHA-1", "abc").verify(bytes("v=AAAA")))
        .isInstanceOf(SaslException.class)
        .hasMessageContaining("skipped");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r=abcdef,s=QSXCR+Q6sek8bf92,i=1                     | true  | asks for 1 SCRAM iterations, accepted are 4096 to 100000
          r=abcdef,s=QSXCR+Q6sek8bf92,i=4095                  | true  | asks for 4095
          r=abcdef,s=QSXCR+Q6sek8bf92,i=100001                | true  | asks for 100001
          r=abcdef,s=QSXCR+Q6sek8bf92,i=2147483648            | true  | asks for 2147483648
          r=abcdef,s=QSXCR+Q6sek8bf92,i=99999999999999999999  | false | unreadable
          r=abcdef,s=QSXCR+Q6sek8bf92,i=-1                    | false | unreadable
          r=other,s=QSXCR+Q6sek8bf92,i=4096                   | false | unreadable
          r=abc,s=QSXCR+Q6sek8bf92,i=4096                     | false | unreadable
          s=QSXCR+Q6sek8bf92,i=4096                           | false | unreadable
          r=abcdef,s=,i=4096                                  | false | unreadable
          m=ext,r=abcdef,s=QSXCR+Q6sek8bf92,i=4096            | false | unreadable
          x                                                   | false | unreadable
          """)
  void challenge_isRefused(String challenge, boolean permanent, String reason) {
    Future<byte[]> answer = exchange("SCRAM-SHA-1", "abc").respond(bytes(challenge));
    assertThat(answer.failed()).isTrue();
    assertThat(answer.cause()).isInstanceOf(SaslException.class).hasMessageContaining(reason);
    assertThat(((SaslException) answer.cause()).permanent()).isEqualTo(permanent);
  }

  @Test
  void keys_areDerivedOnceForASalt() {
    ScramKeys keys = new ScramKeys(vertx, "pencil");
    ScramMechanism sha1 = ScramMechanism.SCRAM_SHA_1;
    Future<ScramKeys.Keys> first = keys.derive(sha1, "QSXCR+Q6sek8bf92", 4096);
    assertThat(keys.derive(sha1, "QSXCR+Q6sek8bf92", 4096)).isSameAs(first);
    assertThat(keys.derive(sha1, "QSXCR+Q6sek8bf92", 4097)).isNotSameAs(first);
    for (int i = 0; i < 8; i++) {
      keys.derive(sha1, "QSXCR+Q6sek8bf92", 5000 + i).await();
    }
    assertThat(keys.derive(sha1, "QSXCR+Q6sek8bf92", 4096)).isNotSameAs(first);
  }

  @Test
  void password_thatScramCannotCarryIsRefusedForGood() {
    ScramKeys keys = new ScramKeys(vertx, "bell\u0007");
    ScramExchange scram = new ScramExchange("SCRAM-SHA-1", "user", keys, 100_000, "abc");
    assertThatThrownBy(() -> scram.respond(bytes("r=abcdef,s=QSXCR+Q6sek8bf92,i=4096")).await())
        .isInstanceOf(SaslException.class)
        .hasMessageNotContaining("bell");
  }

  @Test
  void mechanism_isTheStrongestAndNeverPlain() {
    assertThat(ScramExchange.choose(List.of("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256")))
        .contains("SCRAM-SHA-256");
    assertThat(ScramExchange.choose(List.of("PLAIN", "SCRAM-SHA-1"))).contains("SCRAM-SHA-1");
    assertThat(ScramExchange.choose(List.of("PLAIN", "DIGEST-MD5", "SCRAM-SHA-1-PLUS"))).isEmpty();
  }
}
