package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.peers.LibcoapClient;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.TlsMode;
import org.oicbridge.sandbox.SimulatedDevices;

/**
 * Devices that publish themselves: libcoap's client posts what the stacks of the field post, byte
 * by byte, and the device is online at Prosody and answers from there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PublishIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final LibcoapClient KITCHEN = LibcoapClient.withKey("kitchen", "kitchen-key");
  private static final LibcoapClient GARAGE = LibcoapClient.withKey("garage", "garage-key");
  private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

  @TempDir static Path folder;

  private final AtomicInteger numbers = new AtomicInteger();
  private ProsodyPeer server;
  private SimulatedDevices simulated;
  private URI light;
  private GatewayFixture gateway;
  private SmackPeer rae;

  @BeforeAll
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
    server.addUser("home", "correct horse");
    server.addUser("other", "correct horse");
    simulated = SimulatedDevices.start("127.0.0.1", 0);
    light = simulated.devices().get(0).endpoint();
    startGateway();
    rae =
        SmackPeer.login(
            SmackLogin.at(
                server,
                TlsMode.STARTTLS,
                "home",
                "correct horse",
                "OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000051"));
  }

  private void startGateway() {
    gateway =
        GatewayFixture.start(
            folder.resolve("data"),
            """
            xmpp: {trust: "%1$s"}
            coap:
              host: 127.0.0.1
              server:
                host: 127.0.0.1
                port: 0
                securePort: 0
                publishPrefixes: [127.0.0.1/32]
                identities:
                  - name: kitchen
                    account: home@%2$s
                    rights: [read, publish]
                    psk: {identity: kitchen, key: %4$s}
                  - name: garage
                    account: other@%2$s
                    rights: [read, publish]
                    psk: {identity: garage, key: %5$s}
            accounts:
              - {jid: home@%2$s, password: correct horse, address: 127.0.0.1, port: %3$d}
              - {jid: other@%2$s, password: correct horse, address: 127.0.0.1, port: %3$d}
            """
                .formatted(
                    server.caFile(),
                    server.domain(),
                    server.port(),
                    base64("kitchen-key"),
                    base64("garage-key")));
    gateway.awaitAccounts("home@" + server.domain(), "other@" + server.domain());
  }

  @AfterAll
  void stop() {
    rae.close();
    gateway.close();
    simulated.stop();
    server.close();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String di() {
    return "cccccccc-0000-4000-8000-%012d".formatted(numbers.incrementAndGet());
  }

  private String rd(String query) {
    return "coaps://127.0.0.1:" + gateway.endpoints().securePort() + "/oic/rd" + query;
  }

  private String jid(String di) {
    return "home@" + server.domain() + "/OIC/1.0/oic.d.light/" + di;
  }

  private static String resource(String di) {
    return "/api/v1/devices/" + di + "/resources/light?via=xmpp";
  }

  /** Posts bytes in a Content-Format; what comes back is JSON, or the code of an error. */
  private String publish(LibcoapClient client, String query, int format, byte[] body)
      throws IOException {
    Path file = Files.createTempFile(folder, "publish", ".bin");
    Files.write(file, body);
    return client.run(
        "-m", "post", "-A", "50", "-t", Integer.toString(format), "-f", file.toString(), rd(query));
  }

  /** The bytes that stacks send: maps and arrays of indefinite length (RFC 8949 section 3.2.2). */
  private static byte[] cbor(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = (CBORGenerator) CBOR.getFactory().createGenerator(bytes)) {
      write(out, value);
    }
    return bytes.toByteArray();
  }

  private static void write(CBORGenerator out, Object value) throws IOException {
    if (value instanceof JsonObject object) {
      out.writeStartObject();
      for (Map.Entry<String, Object> member : object) {
        out.writeFieldName(member.getKey());
        write(out, member.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof JsonArray array) {
      out.writeStartArray();
      for (Object element : array) {
        write(out, element);
      }
      out.writeEndArray();
    } else if (value instanceof Integer number) {
      out.writeNumber(number);
    } else {
      out.writeString(value.toString());
    }
  }

  /** Every dialect with the query that it is posted with; DI and LIGHT are filled in. */
  static Stream<Arguments> dialects() {
    return Stream.of(
        Arguments.of(
            "OCF 1.0",
            "?rt=oic.wk.rdpub",
            10_000,
            """
            {"di":"DI","n":"Light","ttl":600,
             "links":[{"href":"/light","rt":["oic.r.switch.binary"],
               "if":["oic.if.a","oic.if.baseline"],"p":{"bm":3},"anchor":"ocf://DI",
               "eps":[{"ep":"LIGHT","pri":2}],"ins":0}]}"""),
        Arguments.of(
            "OIC 1.1",
            "?rt=oic.wk.rdpub",
            60,
            """
            {"di":"DI","n":"Light","ttl":600,
             "links":[{"href":"/light","rt":["oic.r.switch.binary"],
               "if":["oic.if.a","oic.if.baseline"],"p":{"bm":3},
               "eps":[{"ep":"LIGHT"}],"ins":2713892}]}"""),
        Arguments.of(
            "JSON without a query",
            "",
            50,
            """
            {"di":"DI","n":"Light","ttl":600,
             "links":[{"href":"/light","rt":["oic.r.switch.binary"],"if":["oic.if.a"],
               "eps":[{"ep":"LIGHT"}]}]}"""),
        Arguments.of(
            "lt, rt and if in the root, di in the link",
            "",
            60,
            """
            {"rt":["oic.wk.rdpub"],"if":["oic.if.baseline"],"di":"DI","lt":86400,
             "links":[{"di":"DI","href":"/light","rt":["oic.r.switch.binary"],
               "if":["oic.if.a"],"eps":[{"ep":"LIGHT"}],"ins":"11235"}]}"""),
        Arguments.of(
            "one text for rt and if, absolute href",
            "?rt=oic.wk.rdpub",
            60,
            """
            {"di":"DI","ttl":86400,
             "links":[{"href":"LIGHT/light","rt":"oic.r.switch.binary",
               "if":"oic.if.a oic.if.baseline"}]}"""),
        Arguments.of(
            "IoTivity 1.0 with a port",
            "?rt=oic.wk.rdpub",
            60,
            """
            [{"di":"DI","bm":1,"ttl":86400,"port":PORT},
             [{"href":"/light","rt":["oic.r.switch.binary"],"if":["oic.if.baseline"],
               "mt":["application/json"],"ins":0}]]"""),
        Arguments.of(
            "IoTivity 1.1 with a baseURI",
            "?rt=oic.wk.rdpub",
            60,
            """
            [{"n":"Light","di":"DI","bm":1,"ttl":86400,"baseURI":"LIGHT"},
             [{"href":"/light","rt":["oic.r.switch.binary"],"if":["oic.if.baseline"],
               "mt":["application/json"],"ins":0}]]"""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dialects")
  void dialect_isUnderstoodAndTheDeviceIsOnline(
      String name, String query, int format, String template) throws IOException {
    String di = di();
    Object body = Json.decodeValue(fill(template, di));
    byte[] bytes = format == 50 ? Json.encode(body).getBytes(StandardCharsets.UTF_8) : cbor(body);
    assertThat(bytes[0] & 0xff)
        .isEqualTo(format == 50 ? '{' : body instanceof JsonArray ? 0x9f : 0xbf);

    String answer = publish(KITCHEN, query, format, bytes);

    if (body instanceof JsonArray) {
      assertThat(answer.strip()).as("as a directory of that stack answers").endsWith("{}");
    } else {
      JsonArray links = json(answer).getJsonArray("links");
      assertThat(links).hasSize(1);
      assertThat(links.getJsonObject(0).getValue("ins")).isInstanceOf(Number.class);
    }
    // The publication does not tell the type; the device was asked.
    rae.awaitAvailable(jid(di), SOON);
    gateway.awaitAnswer(resource(di));
    assertThat(gateway.get(resource(di)).json().containsKey("value")).isTrue();
    withdraw(di);
    rae.awaitUnavailable(jid(di), SOON);
  }

  private String fill(String template, String di) {
    return template
        .replace("LIGHT", light.toString())
        .replace("PORT", Integer.toString(light.getPort()))
        .replace("DI", di);
  }

  /** What was printed from its first brace on; the client may say something before. */
  private static JsonObject json(String output) {
    assertThat(output).contains("{");
    return new JsonObject(output.substring(output.indexOf('{')));
  }

  private String simple(String di, String more) {
    return fill(
        """
        {"di":"DI"MORE,
         "links":[{"href":"/light","rt":["oic.r.switch.binary"],"if":["oic.if.a"],
           "eps":[{"ep":"LIGHT"}]},
          {"href":"/dimming","rt":["oic.r.light.dimming"],"if":["oic.if.a"],
           "eps":[{"ep":"LIGHT"}]}]}"""
            .replace("MORE", more),
        di);
  }

  private String publish(LibcoapClient client, String json) throws IOException {
    return publish(client, "", 60, cbor(Json.decodeValue(json)));
  }

  private String withdraw(String di) {
    return KITCHEN.run("-m", "delete", rd("?di=" + di));
  }

  @Test
  void deviceOfAnotherIdentity_isRefusedAndChangesNothing() throws IOException {
    String di = di();
    publish(KITCHEN, simple(di, ",\"n\":\"Mine\""));
    rae.awaitAvailable(jid(di), SOON);

    assertThat(publish(GARAGE, simple(di, ",\"n\":\"Stolen\""))).contains("4.03");
    assertThat(GARAGE.run("-m", "delete", rd("?di=" + di))).containsPattern("4\\.0[34]");

    gateway.awaitAnswer(resource(di));
    JsonObject device = gateway.get("/api/v1/devices/" + di).json();
    assertThat(device.getString("name")).isEqualTo("Mine");
    assertThat(device.getString("account")).isEqualTo("home@" + server.domain());
    withdraw(di);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "coap://192.0.2.9:5683",
        "coap://127.0.0.2:5683",
        "coap://224.0.1.187:5683",
        "coap://[ff02::158]:5683",
        "coap://[::1]:5683",
        "coap://0.0.0.0:5683"
      })
  void endpointThatIsNotThePublishers_isRefused(String endpoint) throws IOException {
    String di = di();
    String body = simple(di, "").replace(light.toString(), endpoint);
    assertThat(publish(KITCHEN, body)).contains("4.03");
    assertThat(gateway.get("/api/v1/devices/" + di).status()).isEqualTo(404);
  }

  @Test
  void stranger_publishesNothing() throws IOException {
    Path file = Files.write(folder.resolve("stranger"), cbor(Json.decodeValue(simple(di(), ""))));
    String plain = "coap://127.0.0.1:" + gateway.endpoints().port() + "/oic/rd";
    assertThat(LibcoapClient.plain().run("-m", "post", "-t", "60", "-f", file.toString(), plain))
        .contains("4.01");
  }

  @Test
  void timeToLive_isKept() throws IOException {
    String passing = di();
    String staying = di();
    assertThat(publish(KITCHEN, simple(di(), ",\"ttl\":-1"))).contains("4.00");
    assertThat(json(publish(KITCHEN, simple(staying, ",\"ttl\":0"))).getInteger("ttl")).isZero();
    assertThat(json(publish(KITCHEN, simple(staying, ",\"ttl\":86400"))).getInteger("ttl"))
        .isEqualTo(86_400);
    publish(KITCHEN, simple(passing, ",\"ttl\":3"));
    rae.awaitAvailable(jid(passing), SOON);
    rae.awaitAvailable(jid(staying), SOON);

    rae.awaitUnavailable(jid(passing), SOON);

    assertThat(gateway.get("/api/v1/devices/" + passing).status()).isEqualTo(404);
    gateway.awaitAnswer(resource(staying));
    // Whoever owns the identifier brings the device back.
    publish(KITCHEN, simple(passing, ""));
    rae.awaitAvailable(jid(passing), SOON);
    withdraw(passing);
    withdraw(staying);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?di=DI&ins=A&ins=B",
        "?di=DI&ins=A,B",
        "?di=\"DI\";ins=\"A\";ins=\"B\"",
        "?di=\"DI\"&ins=A;ins=B",
        "?ins=A&ins=B",
        "?di=\"DI\""
      })
  void withdrawal_isUnderstoodInEverySpelling(String query) throws IOException {
    String di = di();
    JsonArray links = json(publish(KITCHEN, simple(di, ""))).getJsonArray("links");
    rae.awaitAvailable(jid(di), SOON);
    String spelled =
        query
            .replace("A", links.getJsonObject(0).getValue("ins").toString())
            .replace("B", links.getJsonObject(1).getValue("ins").toString())
            .replace("DI", di)
            .replace("\"", "%22");

    assertThat(KITCHEN.run("-m", "delete", rd(spelled))).doesNotContainPattern("[45]\\.\\d\\d");

    rae.awaitUnavailable(jid(di), SOON);
    assertThat(gateway.get("/api/v1/devices/" + di).status()).isEqualTo(404);
  }

  @Test
  void directory_isObservedThroughDiscovery() throws IOException {
    String di = di();
    String res = "coaps://127.0.0.1:" + gateway.endpoints().securePort() + "/oic/res";
    try (LibcoapClient.Observation observer = KITCHEN.observe(res, 60)) {
      assertThat(observer.sees("/oic/rd", SOON)).isTrue();
      assertThat(observer.output()).doesNotContain(di);
      publish(KITCHEN, simple(di, ""));
      assertThat(observer.sees(di, SOON)).as(observer.output()).isTrue();
    }
    assertThat(GARAGE.get(res))
        .as("another account's devices")
        .contains("/oic/rd")
        .doesNotContain(di);
    withdraw(di);
  }

  @Test
  void publication_outlivesTheGateway() throws IOException {
    String di = di();
    publish(KITCHEN, simple(di, ""));
    rae.awaitAvailable(jid(di), SOON);
    gateway.close();
    rae.awaitUnavailable(jid(di), SOON);
    startGateway();
    rae.awaitAvailable(jid(di), SOON);
    gateway.awaitAnswer(resource(di));
    withdraw(di);
  }
}
