package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.client.ScramClient;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.fuzz.Fuzz;

class ServerScramTest {
  static final String FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
  static final String LAST =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final String NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final ScramCredentials PENCIL =
      credentials(ScramMechanism.SHA_256, "W22ZaJ0SNY7soEsUEjb6gQ==");

  private static ScramCredentials credentials(ScramMechanism mechanism, String salt) {
    return new ScramCredentials(mechanism, "pencil", Base64.getDecoder().decode(salt), 4096);
  }

  /** The exchange of RFC 7677 section 3, from the server's side. */
  static ServerScram rfc7677() {
    return new ServerScram(
        ScramMechanism.SHA_256,
        user -> Optional.of(PENCIL).filter(known -> user.equals("user")),
        NONCE);
  }

  @Test
  void sha256_isTheExchangeOfRfc7677() throws Exception {
    ServerScram scram = rfc7677();
    assertThat(scram.begun()).isFalse();
    assertThat(scram.first(FIRST))
        .isEqualTo(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    assertThat(scram.begun()).isTrue();
    assertThat(scram.last(LAST)).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    assertThat(scram.user()).isEqualTo("user");
  }

  @Test
  void sha1_isTheExchangeOfRfc5802() throws Exception {
    ServerScram scram =
        new ServerScram(
            ScramMechanism.SHA_1,
            user -> Optional.of(credentials(ScramMechanism.SHA_1, "QSXCR+Q6sek8bf92")),
            "3rfcNHYJY1ZVvWVs7j");
    assertThat(scram.first("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"))
        .isEqualTo("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
    assertThat(
            scram.last(
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
                    + "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="))
        .isEqualTo("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n,,n=nobody,r=abc | not-authorized",
        "p=tls-exporter,,n=user,r=abc | malformed-request",
        "x,,n=user,r=abc | malformed-request",
        "n,a=admin,n=user,r=abc | invalid-authzid",
        "n,,m=1,n=user,r=abc | malformed-request",
        "n,,n=user | malformed-request",
        "n,,n=user,r= | malformed-request",
        "n,,n=,r=abc | malformed-request",
        "n,,n=us=er,r=abc | malformed-request",
        "n,,r=abc,n=user | malformed-request",
        "n,,n=user,r=a\u00e4c | malformed-request",
        "n, | malformed-request",
        "n | malformed-request",
        "'' | malformed-request",
      })
  void clientFirst_thatIsWrongIsRefused(String message, String condition) {
    assertThatThrownBy(() -> rfc7677().first(message))
        .isInstanceOfSatisfying(
            SaslFailure.class, e -> assertThat(e.condition()).isEqualTo(condition));
  }

  @ParameterizedTest
  @CsvSource({
    // another proof, none, one of another length, one that is no base64
    "dHzbZapWIk4jUhN, AHzbZapWIk4jUhN, not-authorized",
    "',p=dHzb', ',q=dHzb', malformed-request",
    "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=, dHzb, malformed-request",
    "dHzb, *Hzb, malformed-request",
    // the header that was sent first is not the one that is signed
    "c=biws, c=eSws, not-authorized",
    "c=biws, d=biws, malformed-request",
    // a nonce that isn't the one agreed on
    "hNlF$k0, hNlF$k1, not-authorized",
    "',r=', ',s=', malformed-request",
  })
  void clientFinal_thatIsWrongIsRefused(String right, String wrong, String condition)
      throws Exception {
    ServerScram scram = rfc7677();
    scram.first(FIRST);
    assertThatThrownBy(() -> scram.last(LAST.replace(right, wrong)))
        .isInstanceOfSatisfying(
            SaslFailure.class, e -> assertThat(e.condition()).isEqualTo(condition));
  }

  @ParameterizedTest
  @EnumSource(ScramMechanism.class)
  void accounts_authenticateAnIndependentClient(ScramMechanism mechanism) throws Exception {
    Accounts accounts =
        new Accounts("example.com", Map.of("j,=\u00fc", "p\u00e4ss w\u00f6rd"), 4096);
    ScramClient client =
        ScramClient.builder()
            .advertisedMechanisms(List.of(mechanism.saslName()))
            .username("j,=\u00fc")
            .password("p\u00e4ss w\u00f6rd".toCharArray())
            .build();
    ServerScram server = accounts.authenticate(mechanism);
    client.serverFirstMessage(server.first(client.clientFirstMessage().toString()));
    client.serverFinalMessage(server.last(client.clientFinalMessage().toString()));
    assertThat(accounts.account(server.user())).isPresent();
  }

  @Test
  void accounts_saltEachUserAndMechanismAnew() throws Exception {
    Accounts accounts = new Accounts("example.com", Map.of("a", "same", "b", "same"), 1);
    assertThat(
            List.of(
                salt(accounts, ScramMechanism.SHA_1, "a"),
                salt(accounts, ScramMechanism.SHA_256, "a"),
                salt(accounts, ScramMechanism.SHA_1, "b")))
        .doesNotHaveDuplicates();
  }

  private static String salt(Accounts accounts, ScramMechanism mechanism, String user)
      throws SaslFailure {
    String answer = accounts.authenticate(mechanism).first("n,,n=" + user + ",r=abc");
    return answer.substring(answer.indexOf(",s="));
  }

  @ParameterizedTest
  @CsvSource({"a, true", "A, true", "b, false", "a@example.com, false", "a/x, false", "'', false"})
  void accounts_areFoundByLocalpart(String user, boolean found) {
    Accounts accounts = new Accounts("example.com", Map.of("a", "secret"), 1);
    assertThat(accounts.account(user).isPresent()).isEqualTo(found);
  }

  @Test
  void fuzz_findsNothing() {
    assertThat(Fuzz.run(new ServerScramFuzz(), 20_000, 1)).isZero();
  }
}
