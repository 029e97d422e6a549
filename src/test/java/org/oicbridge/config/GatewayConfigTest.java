package org.oicbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;

class GatewayConfigTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("PORT", "8081", "EMPTY", "");

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "{}", "http:\n", "http: {}\naccounts:\n", "---\n"})
  void emptyFile_givesTheDefaults(String yaml) {
    GatewayConfig config = parse(yaml);
    assertThat(config.dataDir()).isEqualTo(Path.of("data"));
    assertThat(config.http().port()).isEqualTo(8080);
    assertThat(config.http().token()).isNull();
    assertThat(config.routing().deadline()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.coap().ackTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.accounts()).isEmpty();
  }

  @Test
  void account_isReadInFull() {
    GatewayConfig config =
        parse(
            """
            accounts:
              - jid: Home@Example.com
                password: secret
                address: xmpp.example.com
                port: 5223
                access:
                  - jid: friend@example.com
                    devices: [0685B960-736F-46F7-BEC0-9E6CBD61ADC1]
                    operations: [Retrieve, update]
                  - jid: guest@example.com
                devices:
                  - {di: abc, endpoint: "coap://[::1]:5683/base", rt: oic.d.light, name: Lamp}
                  - {di: def, endpoint: coap://host}
            """);
    AccountConfig account = config.accounts().get(0);
    assertThat(account.jid()).isEqualTo(Jid.parse("home@example.com"));
    assertThat(account.tls()).as("by its port").isEqualTo(AccountConfig.Tls.DIRECT);
    assertThat(account.access())
        .containsExactly(
            new AccessConfig(
                Jid.parse("friend@example.com"),
                Set.of(new DeviceId("0685b960-736f-46f7-bec0-9e6cbd61adc1")),
                Set.of(Operation.RETRIEVE, Operation.UPDATE)),
            new AccessConfig(Jid.parse("guest@example.com"), Set.of(), Set.of(Operation.RETRIEVE)));
    assertThat(account.devices().get(0).name()).isEqualTo("Lamp");
    assertThat(account.devices().get(0).endpoint()).hasToString("coap://[::1]:5683/base");
    assertThat(account.devices().get(1).rt()).isEqualTo("oic.wk.d");
    assertThat(account).asString().doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http: {port: 65536} | http.port is \"65536\", expected a whole number from 0 to 65535",
        "http: {port: -1} | http.port is \"-1\", expected a whole number from 0 to 65535",
        "http: {port: 1.5} | http.port is \"1.5\", expected a whole number from 0 to 65535",
        "http: {port: [1]} | http.port is a list, expected a string",
        "http: 5 | http is \"5\", expected a mapping of keys",
        "http: {prot: 1} | http.prot is not a key here; known are ",
        "htp: {} | htp is not a key here; known are data, http, xmpp,",
        "http: {tls: {cert: a}} | http.tls.cert is not a key here; known are certificate, key",
        "http: {behindTlsProxy: maybe} | http.behindTlsProxy is \"maybe\", expected true or false",
        "http: {hostNames: a} | http.hostNames is \"a\", expected a list of strings",
        "http: {hostNames: [[a]]} | http.hostNames[0] is a list, expected a string",
        "http: {token: short} | http.token has 5 characters, expected at least 16",
        "http: {tls: {key: a}} | http.tls needs both certificate and key",
        "http: {tls: {certificate: a}} | http.tls needs both certificate and key",
        "xmpp: {pingInterval: 0} | xmpp.pingInterval is \"0\", expected seconds from 1.0 to 3600.0",
        "xmpp: {pingInterval: 5m} | xmpp.pingInterval is \"5m\", expected seconds",
        "xmpp: {pingInterval: \"NaN\"} | xmpp.pingInterval is \"NaN\", expected seconds",
        "coap: {blockSize: 100} | coap.blockSize is \"100\", expected a power of two",
        "accounts: {} | accounts is a mapping, expected a list",
        "accounts: [x] | accounts[0] is \"x\", expected a mapping of keys",
        "accounts: [{password: a}] | accounts[0].jid is missing",
        "accounts: [{jid: a, password: a}] | accounts[0].jid is wrong: \"a\", expected a bare JID",
        "accounts: [{jid: a@b/c, password: a}] | accounts[0].jid is wrong: \"a@b/c\", expected",
        "accounts: [{jid: a@b}] | accounts[0].password or passwordFile must be there",
        "accounts: [{jid: a@b, password: ''}] | accounts[0].password is empty",
        "accounts: [{jid: a@b, passwordFile: /no/such}] | accounts[0].passwordFile is \"/no/such\"",
        "accounts: [{jid: a@b, password: a, tls: ssl}] | accounts[0].tls is wrong: \"ssl\"",
        "accounts: [{jid: a@b, password: a, tls: none}] | accounts[0].tls is \"none\", which",
        "accounts: [{jid: a@b, password: a, tls: none, address: 192.0.2.1}] | accounts[0].tls is",
        "accounts: [{jid: a@b, password: a, access: [{}]}] | accounts[0].access[0].jid is missing",
        "accounts: [{jid: a@b, password: a, access: [{jid: c@d, operations: [fly]}]}]"
            + " | accounts[0].access[0].operations has \"fly\", expected create,",
        "accounts: [{jid: a@b, password: a, access: [{jid: c@d, devices: [a b]}]}]"
            + " | accounts[0].access[0].devices is wrong: device id \"a b\"",
        "accounts: [{jid: a@b, password: a, devices: [{endpoint: coap://h}]}]"
            + " | accounts[0].devices[0].di is missing",
        "accounts: [{jid: a@b, password: a, devices: [{di: x}]}]"
            + " | accounts[0].devices[0].endpoint is missing",
      })
  void mistake_isToldWithItsPath(String yaml, String mistake) {
    assertThat(mistakes(yaml)).singleElement().asString().startsWith(mistake);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "coap+tcp://h",
        "http://h",
        "h:5683",
        "coap://",
        "coap://u@h",
        "coap://h?q",
        "coap://h#f",
        "coap://h:0",
        "coap://h:65536",
        "coap://h/%zz",
        "coap://h/a/../b",
        "coap://h/%2e%2e"
      })
  void endpoint_isACoapUrl(String endpoint) {
    assertThat(
            mistakes(
                "accounts: [{jid: a@b, password: a, devices: [{di: x, endpoint: '%s'}]}]"
                    .formatted(endpoint)))
        .singleElement()
        .asString()
        .startsWith("accounts[0].devices[0].endpoint is wrong: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"@secret", "%secret", "'secret", "\"secret\\q\"", "a: secret", "[secret"})
  void password_isNotQuotedFromAFileThatIsNoYaml(String password) {
    assertThat(mistakes("accounts:\n  - jid: a@b\n    password: " + password + "\n"))
        .singleElement()
        .asString()
        .startsWith("line ")
        .doesNotContain("secret");
  }

  @Test
  void configuration_asTextHasNoSecrets() {
    String secret = "0123456789abcdef";
    String yaml =
        "{http: {token: '%s'}, accounts: [{jid: a@b, password: '%s'}]}".formatted(secret, secret);
    assertThat(parse(yaml)).asString().doesNotContain(secret);
  }

  @Test
  void mistakes_areToldAllAtOnce() {
    assertThat(
            mistakes(
                """
                http: {port: x, foo: 1}
                ibb: {blockSize: 1}
                accounts: [{jid: a@b, password: a}, {jid: nobody}]
                """))
        .extracting(mistake -> mistake.substring(0, mistake.indexOf(' ')))
        .containsExactlyInAnyOrder(
            "http.port", "http.foo", "ibb.blockSize", "accounts[1].jid", "accounts[1].password");
  }

  @Test
  void exception_carriesEveryMistakeInItsMessage() {
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> parse("a: 1\nb: 2\nhttp: {port: x}"));
    assertThat(e.mistakes()).hasSize(3);
    assertThat(e).hasMessage(String.join("\n", e.mistakes()));
  }

  @ParameterizedTest
  @CsvSource({
    "'http: {port: 1}\nhttp: {port: 2}', line 2: Duplicate field 'http'",
    "'http: {port: 1, port: 2}', line 1: Duplicate field 'port'",
    "'http: {port: 1', line ",
    "'- a', 'the file is a list, expected a mapping of keys'",
    "'text', 'the file is \"text\", expected a mapping of keys'",
  })
  void fileThatIsNoMapping_isOneMistake(String yaml, String mistake) {
    assertThat(mistakes(yaml)).singleElement().asString().startsWith(mistake);
  }

  @ParameterizedTest
  @CsvSource({
    "${PORT}, 8081",
    "${NONE:8082}, 8082",
    "${PORT:1}, 8081",
    "8${NONE:08}3, 8083",
    "${NONE:}80${NONE:}84, 8084",
  })
  void variable_isExpanded(String text, int port) {
    assertThat(parse("http: {port: \"" + text + "\"}").http().port()).isEqualTo(port);
  }

  @Test
  void variable_mayBeSetToNothing_andAnythingElseIsText() {
    GatewayConfig config =
        parse("http: {hostNames: ['${EMPTY:x}a', '${PORT', '$PORT', '${1}', '${A:$1\\}']}");
    assertThat(config.http().hostNames()).containsExactly("a", "${PORT", "$PORT", "${1}", "$1\\");
  }

  @ParameterizedTest
  @CsvSource({
    "'http: {token: \"${NONE}\"}', http.token names the variable NONE",
    "'data: {dir: \"${NONE}\"}', data.dir names the variable NONE",
  })
  void variable_thatIsNotSet_isAMistake(String yaml, String mistake) {
    assertThat(mistakes(yaml)).anyMatch(line -> line.startsWith(mistake));
  }

  @Test
  void variable_ofARequiredKey_isToldOnce() {
    assertThat(mistakes("accounts: [{jid: '${NONE}', password: a}]"))
        .filteredOn(line -> line.contains("names the variable"))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'host: 0.0.0.0', 2",
    "'host: \"::\"', 2",
    "'host: 192.0.2.1, behindTlsProxy: true', 1",
    "'host: 192.0.2.1, token: 0123456789abcdef', 1",
    "'host: 192.0.2.1, token: 0123456789abcdef, behindTlsProxy: true', 0",
    "'host: 192.0.2.1, token: 0123456789abcdef, tls: {certificate: a, key: b}', 0",
    "'host: 127.0.0.2', 0",
    "'host: \"::1\"', 0",
    "'host: localhost', 0",
  })
  void http_beyondLoopback_needsTlsAndAToken(String http, int count) {
    String yaml = "http: {" + http + "}";
    if (count == 0) {
      parse(yaml);
    } else {
      assertThat(mistakes(yaml)).hasSize(count).allMatch(line -> line.startsWith("http.host is "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "'::1'"})
  void tls_mayBeNoneTowardsLoopback(String address) {
    String yaml = "accounts: [{jid: a@b, password: a, tls: none, address: " + address + "}]";
    assertThat(parse(yaml).accounts().get(0).tls()).isEqualTo(AccountConfig.Tls.NONE);
  }

  @Test
  void account_mayStandOnce() {
    assertThat(mistakes("accounts: [{jid: a@b, password: a}, {jid: A@B, password: a}]"))
        .containsExactly("accounts[1].jid is \"a@b\", which stands above already");
  }

  @Test
  void device_mayStandOnceInAnAccount() {
    String device = "{di: %s, endpoint: coap://h}";
    String yaml =
        "accounts: [{jid: a@b, password: a, devices: [%s, %s]}, {jid: c@b, password: a, devices: [%s]}]"
            .formatted(device.formatted("x"), device.formatted("X"), device.formatted("x"));
    assertThat(mistakes(yaml))
        .containsExactly("accounts[0].devices[1].di is \"X\", which stands above already");
  }

  @Test
  void sessions_includeTheGatewaysOwn() {
    String yaml =
        "xmpp: {sessionsPerAccount: %d}\n"
            + "accounts: [{jid: a@b, password: a, devices: [{di: x, endpoint: coap://h}]}]";
    parse(yaml.formatted(0));
    parse(yaml.formatted(2));
    assertThat(mistakes(yaml.formatted(1)))
        .containsExactly(
            "accounts[0].devices need 2 sessions with the gateway's own,"
                + " xmpp.sessionsPerAccount allows 1");
  }

  @Test
  void password_isReadFromAFile(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("password"), "s3cret\n");
    String account = "accounts: [{jid: a@b, passwordFile: '%s'%s}]";
    assertThat(parse(account.formatted(file, "")).accounts().get(0).password()).isEqualTo("s3cret");
    assertThat(mistakes(account.formatted(file, ", password: a")))
        .containsExactly(
            "accounts[0].password or passwordFile must be there, and only one of them");
    Files.writeString(file, "\n");
    assertThat(mistakes(account.formatted(file, "")))
        .singleElement()
        .asString()
        .startsWith("accounts[0].passwordFile is empty");
  }

  @Test
  void file_isReadFromDisk(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("gateway.yaml"), "coap: {queue: 7}");
    assertThat(GatewayConfig.read(file).coap().queue()).isEqualTo(7);
  }

  private static GatewayConfig parse(String yaml) {
    return GatewayConfig.parse(yaml, ENVIRONMENT::get);
  }

  private static List<String> mistakes(String yaml) {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> parse(yaml));
    assertThat(e).as("mistakes in " + yaml).isNotNull();
    return e.mistakes();
  }
}
