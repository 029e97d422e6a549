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
import java.util.List;
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
                  - name: porch
                    account: home@%2$s
                    rights: [read, publish]
                    source: 127.0.0.3/32
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

  /** Posts bytes in a Content-Format; what comes back is JSON, or says what is wrong. */
  private LibcoapClient.Reply publish(LibcoapClient client, String query, int format, byte[] body)
      throws IOException {
    return client.call(
        "-m",
        "post",
        "-A",
        "50",
        "-t",
        Integer.toString(format),
        "-f",
        file(body).toString(),
        rd(query));
  }

  private static Path file(byte[] body) throws IOException {
    return Files.write(Files.createTempFile(folder, "publish", ".bin"), body);
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
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
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
               "mt":["application/json"],"ins":0}]]"""),
        Arguments.of(
            "the array form as OCF CBOR, without a query",
            "",
            10_000,
            """
            [{"di":"DI","bm":3,"ttl":86400,"rts":"oic.r.switch.binary","drel":"hosts","ins":5,
              "baseURI":"LIGHT"},
             [{"href":"/light","rt":["oic.r.switch.binary"],"if":["oic.if.baseline"]},
              {"href":"/dimming","rt":["oic.r.light.dimming"],"if":["oic.if.baseline"]}]]"""),
        Arguments.of(
            "the array form as JSON",
            "?rt=oic.wk.rdpub",
            50,
            """
            [{"di":"DI","bm":1,"ttl":86400,"port":PORT},
             [{"href":"/light","rt":["oic.r.switch.binary"],"if":["oic.if.baseline"],"ins":0}]]"""),
        Arguments.of(
            "the device's own description among the links",
            "?rt=oic.wk.rdpub",
            60,
            """
            {"di":"DI","ttl":86400,
             "links":[{"href":"/oic/d","rt":["oic.wk.d","oic.d.light"],"if":["oic.if.r"],
               "eps":[{"ep":"LIGHT"}]},
              {"href":"/light","rt":["oic.r.switch.binary"],"if":["oic.if.a"],
               "eps":[{"ep":"LIGHT"}]}]}"""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dialects")
  void dialect_isUnderstoodAndTheDeviceIsOnline(
      String name, String query, int format, String template) throws IOException {
    String di = di();
    Object body = Json.decodeValue(fill(template, di));
    byte[] bytes = format == 50 ? Json.encode(body).getBytes(StandardCharsets.UTF_8) : cbor(body);
    boolean array = body instanceof JsonArray;
    assertThat(bytes[0] & 0xff).isEqualTo(format == 50 ? (array ? '[' : '{') : array ? 0x9f : 0xbf);

    LibcoapClient.Reply answer = publish(KITCHEN, query, format, bytes);

    assertThat(answer.code()).as(answer.body()).isEqualTo("2.04");
    if (array) {
      assertThat(answer.body()).as("as a directory of that stack answers").isEqualTo("{}");
    } else {
      JsonArray links = new JsonObject(answer.body()).getJsonArray("links");
      assertThat(links).hasSameSizeAs(((JsonObject) body).getJsonArray("links"));
      assertThat(links).allMatch(link -> ((JsonObject) link).getValue("ins") instanceof Number);
      assertThat(links)
          .extracting(link -> ((JsonObject) link).getValue("ins"))
          .doesNotHaveDuplicates();
    }
    // Most publications don't tell the type; then the device was asked.
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

  private LibcoapClient.Reply publish(LibcoapClient client, String json) throws IOException {
    return publish(client, "", 60, cbor(Json.decodeValue(json)));
  }

  /** Publishes what must be taken, and gives the body of the answer. */
  private JsonObject published(String json) throws IOException {
    LibcoapClient.Reply answer = publish(KITCHEN, json);
    assertThat(answer.code()).as(answer.body()).isEqualTo("2.04");
    return new JsonObject(answer.body());
  }

  private void withdraw(String di) {
    assertThat(KITCHEN.call("-m", "delete", rd("?di=" + di)).code()).isEqualTo("2.02");
  }

  /** How the gateway lists a device, in the form that JSON has in OIC 1.1; empty if it doesn't. */
  private JsonObject listed(String di) {
    String res = "coaps://127.0.0.1:" + gateway.endpoints().securePort() + "/oic/res";
    LibcoapClient.Reply answer = KITCHEN.call("-m", "get", "-A", "50", res);
    assertThat(answer.code()).isEqualTo("2.05");
    return new JsonArray(answer.body())
        .stream()
            .map(JsonObject.class::cast)
            .filter(device -> di.equals(device.getString("di")))
            .findFirst()
            .orElse(new JsonObject());
  }

  private List<String> hrefs(String di) {
    return listed(di).getJsonArray("links").stream()
        .map(link -> ((JsonObject) link).getString("href"))
        .toList();
  }

  @Test
  void deviceOfAnotherIdentity_isRefusedAndChangesNothing() throws IOException {
    String di = di();
    JsonObject mine = published(simple(di, ",\"n\":\"Mine\""));
    rae.awaitAvailable(jid(di), SOON);
    JsonObject before = listed(di);
    assertThat(hrefs(di)).containsExactlyInAnyOrder("/light", "/dimming");
    Object ins = mine.getJsonArray("links").getJsonObject(0).getValue("ins");

    String theirs = simple(di, ",\"n\":\"Stolen\"").replace("/light\"", "/stolen\"");
    assertThat(publish(GARAGE, theirs).code()).isEqualTo("4.03");
    for (String query : List.of("?di=" + di, "?di=" + di + "&ins=" + ins, "?ins=" + ins)) {
      assertThat(GARAGE.call("-m", "delete", rd(query)).code()).as(query).isIn("4.03", "4.04");
    }

    assertThat(listed(di)).isEqualTo(before);

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
    assertThat(publish(KITCHEN, body).code()).isEqualTo("4.03");
    assertThat(gateway.get("/api/v1/devices/" + di).status()).isEqualTo(404);
  }

  @Test
  void stranger_publishesNothing() throws IOException {
    Path file = Files.write(folder.resolve("stranger"), cbor(Json.decodeValue(simple(di(), ""))));
    String plain = "coap://127.0.0.1:" + gateway.endpoints().port() + "/oic/rd";
    LibcoapClient.Reply answer =
        LibcoapClient.plain().call("-m", "post", "-t", "60", "-f", file.toString(), plain);
    assertThat(answer.code()).isEqualTo("4.01");
  }

  /** A device that publishes from the port at which it serves, as IoTivity does. */
  @Test
  void publicationWithoutAnEndpoint_meansWhereItCameFrom() throws IOException {
    String di = di();
    String body =
        fill(
            """
            [{"di":"DI","bm":1,"ttl":86400},
             [{"href":"/oic/d","rt":["oic.wk.d","oic.d.light"],"if":["oic.if.r"]},
              {"href":"/light","rt":["oic.r.switch.binary"],"if":["oic.if.baseline"]}]]""",
            di);
    LibcoapClient.Reply answer = publishFromPorch(body);
    assertThat(answer.code()).as(answer.body()).isEqualTo("2.04");
    assertThat(hrefs(di)).containsExactlyInAnyOrder("/oic/d", "/light");
    assertThat(listed(di).getString("baseURI")).isEqualTo("127.0.0.3:" + answer.port());

    SimulatedDevices there = SimulatedDevices.start("127.0.0.3", answer.port());
    try {
      gateway.awaitAnswer(resource(di));
      rae.awaitAvailable(jid(di), SOON);
    } finally {
      there.stop();
    }
    String[] delete = {"-a", "127.0.0.3", "-m", "delete", plainRd("?di=" + di)};
    assertThat(LibcoapClient.plain().call(delete).code()).isEqualTo("2.02");
    rae.awaitUnavailable(jid(di), SOON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"di\":\"DI\",\"port\":PORT},[{\"href\":\"/light\",\"rt\":[\"a\"],\"if\":[\"b\"]}]]",
        "{\"di\":\"DI\",\"links\":[{\"href\":\"/light\",\"rt\":[\"a\"],\"if\":[\"b\"],"
            + "\"p\":{\"bm\":1,\"sec\":true,\"port\":PORT}}]}",
        "{\"di\":\"DI\",\"links\":[{\"href\":\"/light\",\"rt\":[\"a\"],\"if\":[\"b\"],"
            + "\"eps\":[{\"ep\":\"coap://127.0.0.3:PORT\"}]}]}"
      })
  void portOnLoopback_isRefusedWithoutAPrefix(String template) throws IOException {
    String di = di();
    LibcoapClient.Reply answer = publishFromPorch(fill(template, di));
    assertThat(answer.code()).as(answer.body()).isEqualTo("4.03");
    assertThat(gateway.get("/api/v1/devices/" + di).status()).isEqualTo(404);
    assertThat(listed(di)).isEmpty();
  }

  private String plainRd(String query) {
    return "coap://127.0.0.1:" + gateway.endpoints().port() + "/oic/rd" + query;
  }

  private LibcoapClient.Reply publishFromPorch(String json) throws IOException {
    String file = file(cbor(Json.decodeValue(json))).toString();
    return LibcoapClient.plain()
        .call("-a", "127.0.0.3", "-m", "post", "-A", "50", "-t", "60", "-f", file, plainRd(""));
  }

  @Test
  void renewal_keepsTheDevice() throws IOException {
    String passing = di();
    String renewed = di();
    published(simple(renewed, ",\"ttl\":3"));
    JsonObject again = published(simple(renewed, ",\"ttl\":600"));
    published(simple(passing, ",\"ttl\":3"));
    rae.awaitAvailable(jid(renewed), SOON);
    rae.awaitAvailable(jid(passing), SOON);

    // What was published later for as long is over, and so would be the first.
    rae.awaitUnavailable(jid(passing), SOON);

    gateway.awaitAnswer(resource(renewed));
    assertThat(hrefs(renewed)).containsExactlyInAnyOrder("/light", "/dimming");
    assertThat(published(simple(renewed, "")).getJsonArray("links"))
        .as("with the numbers that it has")
        .isEqualTo(again.getJsonArray("links"));
    assertThat(gateway.ended()).noneMatch(event -> event.jid().toString().equals(jid(renewed)));
    withdraw(renewed);
  }

  @Test
  void timeToLive_isKept() throws IOException {
    String passing = di();
    String staying = di();
    assertThat(publish(KITCHEN, simple(di(), ",\"ttl\":-1")).code()).isEqualTo("4.00");
    assertThat(published(simple(staying, ",\"ttl\":86400")).getInteger("ttl")).isEqualTo(86_400);
    assertThat(published(simple(staying, ",\"ttl\":0")).getInteger("ttl")).isZero();
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
    JsonArray links = published(simple(di, "")).getJsonArray("links");
    rae.awaitAvailable(jid(di), SOON);
    String spelled =
        query
            .replace("A", links.getJsonObject(0).getValue("ins").toString())
            .replace("B", links.getJsonObject(1).getValue("ins").toString())
            .replace("DI", di)
            .replace("\"", "%22");

    assertThat(KITCHEN.call("-m", "delete", rd(spelled)).code()).isEqualTo("2.02");

    rae.awaitUnavailable(jid(di), SOON);
    assertThat(gateway.get("/api/v1/devices/" + di).status()).isEqualTo(404);
  }

  @Test
  void withdrawalOfOneLink_leavesTheOtherAndTheDevice() throws IOException {
    String di = di();
    JsonArray links = published(simple(di, "")).getJsonArray("links");
    rae.awaitAvailable(jid(di), SOON);

    String one = "?di=" + di + "&ins=" + links.getJsonObject(1).getValue("ins");
    assertThat(KITCHEN.call("-m", "delete", rd(one)).code()).isEqualTo("2.02");
    assertThat(KITCHEN.call("-m", "delete", rd(one)).code()).as("once more").isEqualTo("4.04");

    assertThat(hrefs(di)).containsExactly("/light");
    gateway.awaitAnswer(resource(di));
    assertThat(gateway.ended()).noneMatch(event -> event.jid().toString().equals(jid(di)));
    String last = "?ins=" + links.getJsonObject(0).getValue("ins");
    assertThat(KITCHEN.call("-m", "delete", rd(last)).code()).isEqualTo("2.02");
    rae.awaitUnavailable(jid(di), SOON);
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
      withdraw(di);
      assertThat(observer.seesLast(line -> line.endsWith("]") && !line.contains(di), SOON))
          .as(observer.output())
          .isTrue();
      publish(KITCHEN, simple(di, ""));
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
