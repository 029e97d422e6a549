package org.oicbridge.oic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.oic.OwnDevice.OWNER;
import static org.oicbridge.oic.OwnDevice.TARGET;
import static org.oicbridge.oic.OwnDevice.at;
import static org.oicbridge.oic.OwnDevice.object;
import static org.oicbridge.oic.OwnDevice.with;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Publish;
import org.oicbridge.bus.PublishOutcome;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PublishTest {
  private static final DeviceId LAMP = new DeviceId("e61c3e6b-9c54-4b81-8ce5-f9039c1d04d9");
  private static final InetSocketAddress SOURCE = at("2001:db8:a::b1d6", 5699);

  /** Not DTLS: so that the plain endpoint is what the publisher speaks. */
  private static final Caller PLAIN = new Caller("source:lan", null, OwnDevice.ALL, false);

  private OwnDevice device;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    device = new OwnDevice(vertx, "203.0.113.0/24", "127.0.0.1", "fe80::/10");
  }

  private CrudnResponse publish(String body) throws Exception {
    return device.as(PLAIN).from(SOURCE).post("/oic/rd?rt=oic.wk.rdpub", body);
  }

  private Publish taken() {
    assertThat(device.published).hasSize(1);
    return device.published.get(0);
  }

  private static String links(String links) {
    return "{\"di\":\"" + LAMP + "\",\"ttl\":600,\"links\":[" + links + "]}";
  }

  private static String link(String more) {
    return "{\"href\":\"/light\",\"rt\":[\"oic.r.switch.binary\"]" + more + "}";
  }

  private void refused(CrudnResponse response, Status status, String type, String detail) {
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.problem().type()).isEqualTo(type);
    assertThat(response.problem().detail()).contains(detail);
    assertThat(device.published).isEmpty();
    assertThat(device.unpublished).isEmpty();
  }

  @Test
  void map_ofOic11AndOcfIsTaken() throws Exception {
    String body =
        """
        {"di":"e61c3e6b-9c54-4b81-8ce5-f9039c1d04d9","n":"Light","ttl":600,
         "links":[{"href":"/myLightSwitch","rt":["oic.r.switch.binary"],
           "if":["oic.if.a","oic.if.baseline"],"p":{"bm":3},
           "anchor":"ocf://e61c3e6b-9c54-4b81-8ce5-f9039c1d04d9",
           "eps":[{"ep":"coaps://[2001:db8:a::b1d6]:1111","pri":2}],"ins":0}]}
        """;

    CrudnResponse response = publish(body);

    assertThat(response.status()).isEqualTo(Status.OK);
    URI endpoint = URI.create("coaps://[2001:db8:a::b1d6]:1111");
    assertThat(taken())
        .isEqualTo(
            new Publish(
                PLAIN,
                LAMP,
                null,
                "Light",
                endpoint,
                Duration.ofMinutes(10),
                List.of(
                    new Link(
                        "/myLightSwitch",
                        List.of("oic.r.switch.binary"),
                        List.of("oic.if.a", "oic.if.baseline"),
                        3,
                        "0",
                        List.of(endpoint)))));
    JsonObject answer = new JsonObject(body);
    answer.getJsonArray("links").getJsonObject(0).put("ins", 100);
    assertThat(object(response)).isEqualTo(answer);
  }

  @Test
  void map_ofIotivityMasterIsTaken() throws Exception {
    String body =
        """
        {"rt":["oic.wk.rd"],"if":["oic.if.baseline"],"di":"%s","lt":86400,
         "links":[{"di":"%s","href":"/oic/d","rt":["oic.wk.d","oic.d.light"],"if":["oic.if.r"]},
                  {"di":"%s","href":"/a/light","rt":"core.light core.brightlight",
                   "if":"oic.if.baseline oic.if.ll","ins":"11235"}]}
        """
            .formatted(LAMP, LAMP, LAMP);

    CrudnResponse response = device.as(PLAIN).from(SOURCE).post("/oic/rd", body);

    assertThat(response.status()).isEqualTo(Status.OK);
    assertThat(taken().rt()).as("the link tells it").isNull();
    assertThat(taken().links().get(0).rt()).containsExactly("oic.wk.d", "oic.d.light");
    assertThat(taken().name()).isNull();
    assertThat(taken().ttl()).isEqualTo(Duration.ofDays(1));
    assertThat(taken().endpoint()).isEqualTo(URI.create("coap://[2001:db8:a::b1d6]:5699"));
    assertThat(taken().links().get(1))
        .isEqualTo(
            new Link(
                "/a/light",
                List.of("core.light", "core.brightlight"),
                List.of("oic.if.baseline", "oic.if.ll"),
                1,
                "11235",
                List.of()));
    assertThat(object(response).getJsonArray("links").getJsonObject(1).getValue("ins"))
        .isEqualTo(101);
  }

  @Test
  void map_thatHasTheDeviceInItsLinksOnlyIsTaken() throws Exception {
    String one = "{\"links\":[" + link(",\"di\":\"" + LAMP + "\"") + "]}";
    String two = "{\"links\":[" + link(",\"anchor\":\"ocf://" + LAMP + "\"") + "]}";

    publish(one);
    publish(two);

    assertThat(device.published).extracting(Publish::di).containsExactly(LAMP, LAMP);
  }

  @Test
  void map_withAnAbsoluteHrefIsTaken() throws Exception {
    publish(
        links(
            "{\"href\":\"coap://[2001:db8:a::b1d6]:7777/myLightSwitch\",\"rt\":\"oic.r.switch\"}"));

    assertThat(taken().links().get(0).href()).isEqualTo("/myLightSwitch");
    assertThat(taken().endpoint()).isEqualTo(URI.create("coap://[2001:db8:a::b1d6]:7777"));
  }

  @Test
  void map_withAnHrefOnTheDeviceItselfIsTaken() throws Exception {
    publish(links("{\"href\":\"ocf://" + LAMP + "/light\",\"rt\":\"oic.r.switch\"}"));

    assertThat(taken().links().get(0).href()).isEqualTo("/light");
  }

  @Test
  void array_ofIotivity10IsTakenAndAnsweredWithAnEmptyMap() throws Exception {
    String body =
        """
        [{"di":"%s","bm":1,"ttl":86400,"n":"Lamp","baseURI":"203.0.113.9","port":5688},
         [{"href":"/a/light","rt":["oic.r.light"],"if":["oic.if.baseline"],
           "mt":["application/json"],"ins":0}]]
        """
            .formatted(LAMP);

    CrudnResponse response = device.as(PLAIN).from(SOURCE).post("/oic/rd", body);

    assertThat(response.status()).isEqualTo(Status.OK);
    assertThat(response.body()).isEqualTo("{}");
    assertThat(taken())
        .isEqualTo(
            new Publish(
                PLAIN,
                LAMP,
                null,
                "Lamp",
                URI.create("coap://203.0.113.9:5688"),
                Duration.ofDays(1),
                List.of(
                    new Link(
                        "/a/light",
                        List.of("oic.r.light"),
                        List.of("oic.if.baseline"),
                        1,
                        "0",
                        List.of()))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"baseURI\":\"203.0.113.9\",'|coap://203.0.113.9:5683",
        "'\"baseURI\":\"203.0.113.9:777\",'|coap://203.0.113.9:777",
        "'\"baseURI\":\"coap://203.0.113.9:777\",'|coap://203.0.113.9:777",
        "'\"baseURI\":\"coaps://203.0.113.9\",'|coaps://203.0.113.9:5684",
        "'\"baseURI\":\"2001:db8:a::b1d6\",\"port\":9,'|coap://[2001:db8:a::b1d6]:9",
        "'\"port\":777,'|coap://[2001:db8:a::b1d6]:777",
        "''|coap://[2001:db8:a::b1d6]:5699"
      })
  void array_saysWhereTheDeviceIs(String tags, String endpoint) throws Exception {
    publish("[{" + tags + "\"di\":\"" + LAMP + "\"},[" + link("") + "]]");

    assertThat(taken().endpoint()).isEqualTo(URI.create(endpoint));
  }

  @Test
  void array_mayAlternateSeveralTimesAndBeWrapped() throws Exception {
    String tags = "{\"di\":\"" + LAMP + "\",\"ttl\":60}";
    String other = link("").replace("/light", "/fan");

    publish("[[" + tags + ",[" + link("") + "]," + tags + ",[" + other + "]]]");

    assertThat(taken().links()).extracting(Link::href).containsExactly("/light", "/fan");
  }

  @ParameterizedTest
  @CsvSource({
    "0,-1",
    "600,600",
    "600.0,600",
    "31536000,31536000",
    "31536001,31536000",
    "99999999999999999999,31536000",
    "1e300,31536000"
  })
  void ttl_isInSecondsAndBounded(String ttl, long expected) throws Exception {
    CrudnResponse response = publish(links(link("")).replace("600", ttl));

    Duration kept = expected < 0 ? null : Duration.ofSeconds(expected);
    assertThat(taken().ttl()).isEqualTo(kept);
    if (expected > 0) {
      assertThat(object(response).getLong("ttl")).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "\"600\"", "null", "true", "[]", "-1e300"})
  void ttl_thatIsNoneIs400(String ttl) throws Exception {
    refused(
        publish(links(link("")).replace("600", ttl)),
        Status.BAD_REQUEST,
        "invalid-representation",
        "ttl is " + (ttl.equals("-1e300") ? "-1.0E300" : ttl));
  }

  @Test
  void ttl_thatIsMissingIsADay() throws Exception {
    publish(links(link("")).replace("\"ttl\":600,", ""));

    assertThat(taken().ttl()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void link_hasTheBitsOfItsPolicy() throws Exception {
    publish(
        links(
            String.join(
                ",",
                link(""),
                link(",\"p\":{}").replace("/light", "/b"),
                link(",\"p\":{\"bm\":7}").replace("/light", "/c"),
                link(",\"p\":{\"bm\":0}").replace("/light", "/d"),
                link(",\"obs\":true").replace("/light", "/e"))));

    assertThat(taken().links()).extracting(Link::policy).containsExactly(1, 1, 3, 0, 3);
    assertThat(taken().links().get(0).interfaces()).containsExactly("oic.if.baseline");
  }

  @Test
  void endpoint_thatThePublisherSpokeComesFirst() throws Exception {
    String eps =
        link(
            ",\"eps\":[{\"ep\":\"coap+tcp://[2001:db8:a::b1d6]:1\",\"pri\":0},"
                + "{\"ep\":\"coaps://[2001:db8:a::b1d6]:2\",\"pri\":1},"
                + "{\"ep\":\"coap://[2001:db8:a::b1d6]:4\",\"pri\":3},"
                + "{\"ep\":\"coap://[2001:db8:a::b1d6]:3\",\"pri\":2}]");

    publish(links(eps));
    device.as(OWNER).from(SOURCE).post("/oic/rd", links(eps));

    assertThat(device.published)
        .extracting(publish -> publish.endpoint().getPort())
        .containsExactly(3, 2);
    assertThat(device.published.get(0).links().get(0).endpoints())
        .extracting(URI::getPort)
        .containsExactly(3, 4, 2);
  }

  @Test
  void endpoint_ofOic11IsAPortForDtls() throws Exception {
    String secured = links(link(",\"p\":{\"bm\":1,\"sec\":true,\"port\":49153}"));

    publish(secured);
    device.as(OWNER).from(SOURCE).post("/oic/rd", secured);

    assertThat(device.published.get(0).endpoint())
        .isEqualTo(URI.create("coap://[2001:db8:a::b1d6]:5699"));
    assertThat(device.published.get(0).links().get(0).endpoints())
        .contains(URI.create("coaps://[2001:db8:a::b1d6]:49153"));
    assertThat(device.published.get(1).endpoint())
        .isEqualTo(URI.create("coaps://[2001:db8:a::b1d6]:49153"));
  }

  @Test
  void endpoint_thatNobodyNamesIsTheSource() throws Exception {
    device.as(PLAIN).from(at("127.0.0.1", 4711)).post("/oic/rd", links(link("")));
    device.as(OWNER).from(at("192.0.2.7", 4711)).post("/oic/rd", links(link("")));

    assertThat(device.published)
        .extracting(publish -> publish.endpoint().toString())
        .containsExactly("coap://127.0.0.1:4711", "coaps://192.0.2.7:4711");
  }

  @Test
  void endpoint_isNeededOfThoseWhoComeWithoutAnAddress() throws Exception {
    Caller peer = new Caller("xmpp:home@example.org", null, OwnDevice.ALL, true);

    refused(
        device.as(peer).from(null).post("/oic/rd", links(link(""))),
        Status.BAD_REQUEST,
        "invalid-representation",
        "eps is missing");
    refused(
        device.as(peer).from(null).post("/oic/rd", links(link(",\"p\":{\"sec\":true,\"port\":1}"))),
        Status.BAD_REQUEST,
        "invalid-representation",
        "p.port");

    device
        .as(peer)
        .from(null)
        .post("/oic/rd", links(link(",\"eps\":[{\"ep\":\"coap://203.0.113.9:1\"}]")));
    assertThat(taken().endpoint()).isEqualTo(URI.create("coap://203.0.113.9:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "coap://192.0.2.7:5683", // another address
        "coaps://[2001:db8:a::b1d7]:5684",
        "coap://127.0.0.1:5683", // loopback of this machine, though a prefix covers it
        "coap://[::1]:5683",
        "coap://[fe80::1]:5683", // link-local, though a prefix covers it
        "coap://224.0.1.187:5683", // multicast
        "coap://[ff02::158]:5683",
        "coap://255.255.255.255:5683",
        "coap://0.0.0.0:5683",
        "coap://[::]:5683",
        "coap://[::ffff:127.0.0.1]:5683", // IPv4 in IPv6
        "coap://[::7f00:1]:5683",
        "coap://169.254.169.254:80"
      })
  void endpoint_elsewhereIs403(String endpoint) throws Exception {
    for (String body :
        List.of(
            links(link(",\"eps\":[{\"ep\":\"" + endpoint + "\"}]")),
            links(link("").replace("/light", endpoint + "/light")),
            "[{\"di\":\"" + LAMP + "\",\"baseURI\":\"" + endpoint + "\"},[" + link("") + "]]")) {
      refused(publish(body), Status.FORBIDDEN, "foreign-endpoint", "publishPrefixes");
    }
  }

  @Test
  void endpoint_elsewhereInTheSecondLinkIs403() throws Exception {
    String good = link(",\"eps\":[{\"ep\":\"coap://[2001:db8:a::b1d6]:1\"}]");
    String bad =
        link(",\"eps\":[{\"ep\":\"coap://203.0.113.9:1\"},{\"ep\":\"coap://192.0.2.7:1\"}]")
            .replace("/light", "/fan");

    refused(
        publish(links(good + "," + bad)),
        Status.FORBIDDEN,
        "foreign-endpoint",
        "links[1].eps[1].ep");
  }

  @Test
  void endpoint_withinAPrefixIsTaken() throws Exception {
    publish(links(link(",\"eps\":[{\"ep\":\"coap://203.0.113.9:1\"}]")));

    assertThat(taken().endpoint()).isEqualTo(URI.create("coap://203.0.113.9:1"));
  }

  @Test
  void endpoint_onLoopbackIsTakenOfThoseOnThatAddressOnlyIfAPrefixSaysSo() throws Exception {
    String body = links(link(",\"eps\":[{\"ep\":\"coap://127.0.0.1:1\"}]"));

    device.as(PLAIN).from(at("127.0.0.1", 4711)).post("/oic/rd", body);
    assertThat(taken().endpoint()).isEqualTo(URI.create("coap://127.0.0.1:1"));
    device.published.clear();

    refused(
        device.as(PLAIN).from(at("127.0.0.2", 4711)).post("/oic/rd", body),
        Status.FORBIDDEN,
        "foreign-endpoint",
        "127.0.0.1");
    refused(
        device
            .as(PLAIN)
            .from(at("127.0.0.2", 4711))
            .post("/oic/rd", body.replace("127.0.0.1", "127.0.0.2")),
        Status.FORBIDDEN,
        "foreign-endpoint",
        "127.0.0.2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"di\":\"%s\",\"port\":1},[{\"href\":\"/a\",\"rt\":[\"a\"],\"if\":[\"b\"]}]]",
        "{\"di\":\"%s\",\"links\":[{\"href\":\"/a\",\"rt\":[\"a\"],\"if\":[\"b\"],"
            + "\"p\":{\"bm\":1,\"sec\":true,\"port\":1}}]}"
      })
  void portOfThePublisher_onLoopbackIsTakenOnlyIfAPrefixSaysSo(String body) throws Exception {
    refused(
        device.as(PLAIN).from(at("127.0.0.2", 4711)).post("/oic/rd", body.formatted(LAMP)),
        Status.FORBIDDEN,
        "foreign-endpoint",
        "127.0.0.2");
    device.as(PLAIN).from(at("127.0.0.1", 4711)).post("/oic/rd", body.formatted(LAMP));
    assertThat(taken().endpoint().getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void endpoint_onALinkLocalAddressIsTakenOfThoseOnThatAddress() throws Exception {
    device
        .as(PLAIN)
        .from(at("fe80::1", 4711))
        .post("/oic/rd", links(link(",\"eps\":[{\"ep\":\"coap://[fe80::1]:1\"}]")));

    assertThat(taken().endpoint()).isEqualTo(URI.create("coap://[fe80::1]:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "coap://lamp.example.com:5683",
        "coap://localhost",
        "coap://user@[2001:db8:a::b1d6]:5683",
        "coap://[2001:db8:a::b1d6]:5683/base",
        "coap://[2001:db8:a::b1d6]:5683?a=b",
        "coap://[2001:db8:a::b1d6]:0",
        "coap://[2001:db8:a::b1d6]:65536",
        "coap://2130706433:5683",
        "coap://0x7f.1",
        "coap://"
      })
  void endpoint_thatIsNoneIs400(String endpoint) throws Exception {
    refused(
        publish(links(link(",\"eps\":[{\"ep\":\"" + endpoint + "\"}]"))),
        Status.BAD_REQUEST,
        "invalid-representation",
        "links[0].eps[0].ep");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"di\":\"LAMP\"}|links is missing",
        "{\"links\":[LINK]}|di is missing",
        "{\"di\":\"a b\",\"links\":[LINK]}|di is",
        "{\"di\":5,\"links\":[LINK]}|di is 5",
        "{\"di\":\"LAMP\",\"links\":{}}|links is",
        "{\"di\":\"LAMP\",\"links\":[5]}|links[0] is not an object",
        "{\"di\":\"LAMP\",\"links\":[{\"rt\":\"a\"}]}|links[0].href is missing",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"/a\"}]}|links[0].rt is missing",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"a\",\"rt\":\"a\"}]}|links[0].href is",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"/a/../b\",\"rt\":\"a\"}]}|links[0].href can't",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"/%zz\",\"rt\":\"a\"}]}|links[0].href can't",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"http://x/a\",\"rt\":\"a\"}]}|links[0].href is",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"/a\",\"rt\":[5]}]}|links[0].rt is",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"/a\",\"rt\":\"a\",\"ins\":1.5}]}|links[0].ins",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"/a\",\"rt\":\"a\",\"p\":1}]}|links[0].p is",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"/a\",\"rt\":\"a\",\"di\":\"b\"}]}|links[0].di is",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"ocf://b/a\",\"rt\":\"a\"}]}|links[0].href is",
        "{\"di\":\"LAMP\",\"links\":[{\"href\":\"/a\",\"rt\":\"a\",\"anchor\":\"ocf://b\"}]}"
            + "|links[0].anchor is",
        "{\"di\":\"LAMP\",\"links\":[LINK,LINK]}|links[1].href is",
        "{\"di\":\"LAMP\",\"n\":5,\"links\":[LINK]}|n is 5",
        "{\"di\":\"GATEWAY\",\"links\":[LINK]}|di is the gateway's own",
        "[{\"di\":\"LAMP\"}]|[1] is not the array",
        "[5]|[0] is not the object",
        "[]|neither an object",
        "5|neither an object",
        "[{\"di\":\"LAMP\"},[LINK],{\"di\":\"b\"},[]]|[2].di is",
        "[{\"di\":\"LAMP\",\"port\":1},[],{\"port\":2},[]]|[2].baseURI"
      })
  void publication_thatIsNoneIs400(String body, String detail) throws Exception {
    refused(
        publish(
            body.replace("LAMP", LAMP.text())
                .replace("GATEWAY", TARGET.text())
                .replace("LINK", link(""))),
        Status.BAD_REQUEST,
        "invalid-representation",
        detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"di\":\"a\",\"di\":\"b\",\"links\":[]}", "{} {}"})
  void body_thatIsNotJsonIs400(String body) throws Exception {
    refused(publish(body), Status.BAD_REQUEST, "invalid-json", "");
  }

  @Test
  void links_areBounded() throws Exception {
    StringBuilder many = new StringBuilder(link(""));
    for (int i = 0; i < 1000; i++) {
      many.append(',').append(link("").replace("/light", "/" + i));
    }

    refused(
        publish(links(many.toString())),
        Status.BAD_REQUEST,
        "invalid-representation",
        "links has 1001 elements");
  }

  @Test
  void type_ofAnotherRequestIs400() throws Exception {
    refused(
        device.as(PLAIN).from(SOURCE).post("/oic/rd?rt=oic.wk.other", links(link(""))),
        Status.BAD_REQUEST,
        "invalid-parameter",
        "oic.wk.other");
  }

  @Test
  void refusal_ofTheDirectoryIsPassedOn() throws Exception {
    device.refusal = PublishOutcome.refused(Status.FORBIDDEN, "device-owned", "somebody else's");

    CrudnResponse response = publish(links(link("")));

    assertThat(response.status()).isEqualTo(Status.FORBIDDEN);
    assertThat(response.problem().type()).isEqualTo("device-owned");
    assertThat(response.problem().detail()).isEqualTo("somebody else's");
  }

  @Test
  void right_isNeeded() throws Exception {
    refused(
        device.as(Caller.STRANGER).post("/oic/rd", links(link(""))),
        Status.UNAUTHORIZED,
        "identity-required",
        "");
    refused(
        device.as(Caller.STRANGER).delete("di=" + LAMP),
        Status.UNAUTHORIZED,
        "identity-required",
        "");
    refused(
        device.as(Caller.STRANGER).get("/oic/rd"), Status.UNAUTHORIZED, "identity-required", "");
    Caller reader = with(OWNER, Right.READ, Right.ACT, Right.PROVISION);
    refused(
        device.as(reader).post("/oic/rd", links(link(""))),
        Status.FORBIDDEN,
        "right-missing",
        "publish");
    refused(device.as(reader).delete("di=" + LAMP), Status.FORBIDDEN, "right-missing", "publish");
    refused(
        device.as(with(OWNER, Right.PROVISION)).get("/oic/rd"),
        Status.FORBIDDEN,
        "right-missing",
        "read or publish");
  }

  @Test
  void selection_tellsHowMuchItWantsToBeChosen() throws Exception {
    for (Right right : List.of(Right.READ, Right.PUBLISH)) {
      CrudnResponse response =
          device.as(with(OWNER, right)).get("/oic/rd?if=oic.if.baseline&rt=oic.wk.rd");
      assertThat(object(response).encode())
          .isEqualTo("{\"rt\":[\"oic.wk.rd\"],\"if\":[\"oic.if.baseline\"],\"sel\":50}");
    }
  }
}
