package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

class DiscoveryAnswerTest {
  private static final String DI = "dc70373c-1e8d-4fb3-962e-017eaa863989";
  private static final String OTHER = "0685B960-736F-46F7-BEC0-9E6CBD61ADC1";
  private static final String SOURCE = "coap://192.0.2.7:49152";

  private static DiscoveryAnswer read(String json) throws Exception {
    return read(json, "192.0.2.7");
  }

  private static DiscoveryAnswer read(String json, String address) throws Exception {
    InetSocketAddress sender = new InetSocketAddress(InetAddress.getByName(address), 49152);
    return DiscoveryAnswer.read(
            JsonBody.parse(json.replace("DI", DI).replace('\'', '"')),
            AnswerSource.of(sender, null))
        .orElseThrow();
  }

  private static DeviceLinks only(DiscoveryAnswer answer) {
    assertThat(answer.devices()).hasSize(1);
    return answer.devices().get(0);
  }

  private static Link link(String json) throws Exception {
    List<Link> links = only(read("[{'di':'DI','links':[" + json + "]}]")).links();
    assertThat(links).hasSize(1);
    return links.get(0);
  }

  @Test
  void oic10_schemaForm() throws Exception {
    DeviceLinks device =
        only(
            read(
                """
                [{"rt":"oic.wk.res","di":"0685B960-736F-46F7-BEC0-9E6CBD61ADC1","links":[
                  {"href":"/res","rel":"self","rt":"oic.r.collection","if":"oic.if.ll"},
                  {"href":"/smartDevice","rel":"contained","rt":"oic.d.smartDevice","if":"oic.if.a",
                   "obs":true}]}]"""));

    assertThat(device.di().text()).isEqualTo(OTHER);
    assertThat(device.endpoint()).hasToString(SOURCE);
    assertThat(device.links())
        .containsExactly(
            new Link("/res", List.of("oic.r.collection"), List.of("oic.if.ll"), 1, "", List.of()),
            new Link(
                "/smartDevice",
                List.of("oic.d.smartDevice"),
                List.of("oic.if.a"),
                3,
                "",
                List.of()));
  }

  /** As IoTivity 1.0 sends it, with maps and arrays of indefinite length. */
  private static String ioTivity10() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator cbor = new CBORFactory().createGenerator(bytes)) {
      cbor.writeStartArray();
      cbor.writeStartObject();
      cbor.writeFieldName("di");
      cbor.writeBinary(HexFormat.of().parseHex(DI.replace("-", "")));
      cbor.writeArrayFieldStart("links");
      cbor.writeStartObject();
      cbor.writeStringField("href", "/a/light");
      cbor.writeStringField("rt", "core.light core.brightlight");
      cbor.writeStringField("if", "oic.if.baseline oic.if.ll");
      cbor.writeObjectFieldStart("p");
      cbor.writeNumberField("bm", 3);
      cbor.writeBooleanField("sec", true);
      cbor.writeNumberField("port", 49153);
      cbor.writeEndObject();
      cbor.writeEndObject();
      cbor.writeEndArray();
      cbor.writeEndObject();
      cbor.writeEndArray();
    }
    assertThat(HexFormat.of().formatHex(bytes.toByteArray()))
        .startsWith("9fbf626469")
        .endsWith("ff");
    return CborReader.toJson(bytes.toByteArray());
  }

  @Test
  void oic10_asIoTivitySendsIt() throws Exception {
    DeviceLinks device = only(read(ioTivity10()));

    assertThat(device.di()).isEqualTo(new DeviceId(DI));
    assertThat(device.links())
        .containsExactly(
            new Link(
                "/a/light",
                List.of("core.light", "core.brightlight"),
                List.of("oic.if.baseline", "oic.if.ll"),
                3,
                "",
                List.of(URI.create("coaps://192.0.2.7:49153"))));
    // Its only resource is secure.
    assertThat(device.endpoint()).hasToString("coaps://192.0.2.7:49153");
  }

  @Test
  void oic10_directoryForm() throws Exception {
    DiscoveryAnswer answer =
        read(
            "[[{'di':'DI','n':'Lamp'},[{'href':'/light','rt':'core.light'}],"
                + "{'di':'0685B960-736F-46F7-BEC0-9E6CBD61ADC1'},[{'href':'/fan'}]]]");

    assertThat(answer.devices()).extracting(d -> d.di().text()).containsExactly(DI, OTHER);
    assertThat(answer.devices()).extracting(DeviceLinks::name).containsExactly("Lamp", "");
    assertThat(answer.devices())
        .extracting(d -> d.links().get(0).href())
        .containsExactly("/light", "/fan");
  }

  @Test
  void oic10_directoryForm_deviceElsewhereIsLeftOut() throws Exception {
    DiscoveryAnswer answer =
        read("[[{'di':'DI','baseURI':'coap://192.0.2.8:5683'},[{'href':'/light'}]]]");

    assertThat(answer.devices()).isEmpty();
    assertThat(answer.skipped()).isEqualTo(1);
  }

  @Test
  void oic11_severalDevices() throws Exception {
    DiscoveryAnswer answer =
        read(
            "[{'rt':['oic.wk.res'],'di':'0685B960-736F-46F7-BEC0-9E6CBD61ADC1','links':["
                + "{'href':'/a/light','rt':['core.light'],'if':['oic.if.baseline','oic.if.r'],"
                + "'p':{'bm':3,'sec':false},'uri':'','mt':['application/json']}]},"
                + "{'di':'DI','n':'Fan','baseURI':'coap://192.0.2.7:49152','links':[]}]");

    assertThat(answer.devices()).extracting(d -> d.di().text()).containsExactly(OTHER, DI);
    assertThat(answer.devices()).extracting(DeviceLinks::name).containsExactly("", "Fan");
    assertThat(answer.devices()).extracting(d -> d.endpoint().toString()).containsOnly(SOURCE);
  }

  @Test
  void oic11_liteForm() throws Exception {
    Link link =
        link(
            "{'href':'/a/light','rt':['core.light'],'if':['oic.if.a'],'p':{'bm':1,'sec':true,"
                + "'port':1234,'x.org.iotivity.tcp':5,'x.org.iotivity.tls':6}}");

    assertThat(link.endpoints()).containsExactly(URI.create("coaps://192.0.2.7:1234"));
    assertThat(link.policy()).isEqualTo(1);
  }

  @Test
  void ocf_listOfLinks() throws Exception {
    DeviceLinks device =
        only(
            read(
                """
                [{"anchor":"ocf://DI","href":"/oic/d","rt":["oic.wk.d","oic.d.light"],
                  "if":["oic.if.r","oic.if.baseline"],"p":{"bm":1},
                  "eps":[{"ep":"coap://[fe80::b1d6]:1111","pri":2}]},
                 {"anchor":"ocf://DI","href":"/a/light","rel":["self"],
                  "rt":["oic.r.switch.binary"],"if":["oic.if.a","oic.if.baseline"],"p":{"bm":7},
                  "eps":[{"ep":"coaps://[fe80::b1d6]:1122","pri":1},
                         {"ep":"coap://[fe80::b1d6]:1113","pri":3},
                         {"ep":"coap://[fe80::b1d6]:1112","pri":2,"lat":240},
                         {"ep":"coap://[fe80::b1d6]:1110","pri":2},
                         {"ep":"coaps+tcp://[fe80::b1d6]:2222","pri":1}]}]""",
                "fe80::b1d6"));

    assertThat(device.di().text()).isEqualTo(DI);
    assertThat(device.type()).isEqualTo("oic.d.light");
    Link light = device.links().get(1);
    assertThat(light.policy()).isEqualTo(3);
    assertThat(light.endpoints())
        .extracting(URI::toString)
        .containsExactly(
            "coap://[fe80::b1d6]:1110",
            "coap://[fe80::b1d6]:1112",
            "coap://[fe80::b1d6]:1113",
            "coaps://[fe80::b1d6]:1122");
    assertThat(device.endpoint()).hasToString("coap://[fe80::b1d6]:1110");
  }

  @Test
  void ocf_securedDevice_isReachedWhereItsOwnResourcesAre() throws Exception {
    DeviceLinks device =
        only(
            read(
                """
                [{"anchor":"ocf://DI","href":"/oic/res","rt":["oic.wk.res"],
                  "eps":[{"ep":"coap://192.0.2.7:49152"},{"ep":"coaps://192.0.2.7:1122"}]},
                 {"anchor":"ocf://DI","href":"/a/light","rt":["oic.r.switch.binary"],
                  "eps":[{"ep":"coaps://192.0.2.7:1122"}]}]"""));

    assertThat(device.endpoint()).hasToString("coaps://192.0.2.7:1122");
  }

  @Test
  void ocf_baselineHasItsDeviceInTheAnchors() throws Exception {
    DeviceLinks device =
        only(
            read(
                "[{'rt':['oic.wk.res'],'if':['oic.if.ll','oic.if.baseline'],'links':["
                    + "{'anchor':'ocf://DI','href':'/a/light'}]}]"));

    assertThat(device.di().text()).isEqualTo(DI);
    assertThat(device.links()).extracting(Link::href).containsExactly("/a/light");
  }

  @Test
  void ocf_batch() throws Exception {
    DeviceLinks device =
        only(read("[{'href':'ocf://DI/a/light','rep':{'value':true,'rt':['oic.r.light']}}]"));

    assertThat(device.di().text()).isEqualTo(DI);
    assertThat(device.links())
        .containsExactly(new Link("/a/light", List.of("oic.r.light"), List.of(), 1, "", List.of()));
  }

  @Test
  void ocf_bridge_answersForSeveralDevices() throws Exception {
    DiscoveryAnswer answer =
        read(
            "[{'anchor':'ocf://DI','href':'/light'},{'anchor':'ocf://DI/oic/res','href':'/fan'},"
                + "{'anchor':'ocf://0685B960-736F-46F7-BEC0-9E6CBD61ADC1','href':'/light'}]");

    assertThat(answer.devices()).extracting(d -> d.links().size()).containsExactly(2, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[[]]", "[{}]", "[1]", "[null]", "[[1,2,3]]", "[{'links':5}]"})
  void nothingInIt_isNoDevice(String json) throws Exception {
    assertThat(read(json).devices()).isEmpty();
  }

  @Test
  void mapAtTheTop_isTakenForTheArrayWithIt() throws Exception {
    assertThat(only(read("{'di':'DI','links':[{'href':'/light'}]}")).links()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "5", "\"text\"", "null", "{\"di\":\"x\"}"})
  void otherRepresentations_areNone(String json) throws Exception {
    InetSocketAddress sender = new InetSocketAddress("192.0.2.7", 49152);
    assertThat(DiscoveryAnswer.read(JsonBody.parse(json), AnswerSource.of(sender, null))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'di':'not a uuid!','links':[{'href':'/light'}]}]",
        "[{'di':'','links':[{'href':'/light'}]}]",
        "[{'di':17.5,'links':[{'href':'/light'}]}]",
        "[{'di':{},'links':[{'href':'/light'}]}]",
        "[{'anchor':'ocf://','href':'/light'}]",
        "[{'anchor':'http://DI','href':'/light'}]",
        "[{'href':'/light'}]"
      })
  void deviceWithoutIdentifier_isLeftOutAndCounted(String json) throws Exception {
    DiscoveryAnswer answer = read(json);

    assertThat(answer.devices()).isEmpty();
    assertThat(answer.skipped()).isEqualTo(1);
  }

  @Test
  void oneBadDevice_doesNotSpoilTheOthers() throws Exception {
    DiscoveryAnswer answer =
        read("[{'di':'!','links':[]},{'di':'DI','links':[{'href':'/light'}]}]");

    assertThat(only(answer).di().text()).isEqualTo(DI);
    assertThat(answer.skipped()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/light, /a/light",
    "a/light, /a/light",
    "/a/light?if=oic.if.a, /a/light?if=oic.if.a",
    "ocf://DI/a/light, /a/light",
    "oic://DI/a/light, /a/light",
    "coap://192.0.2.7:1111/a/light, /a/light",
    "coaps://192.0.2.7/a/light, /a/light",
    "ocf://DI, /"
  })
  void href_hasManyForms(String href, String path) throws Exception {
    assertThat(link("{'href':'" + href + "'}").href()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'href':''",
        "'href':5",
        "'x':1",
        "'href':'/a/../b'",
        "'href':'/%zz'",
        "'href':'coap://192.0.2.8/a/light'",
        "'href':'coap://lamp.example/a/light'",
        "'href':'http://192.0.2.7/a/light'",
        "'href':'ocf://no device!/a/light'"
      })
  void href_thatIsNoPathOnTheDevice_isLeftOut(String member) throws Exception {
    assertThat(only(read("[{'di':'DI','links':[{" + member + "}]}]")).links()).isEmpty();
  }

  @Test
  void href_over256Characters_isLeftOut() throws Exception {
    String links = "{'href':'/" + "a/".repeat(130) + "'},{'href':'/light'}";

    assertThat(only(read("[{'di':'DI','links':[" + links + "]}]")).links())
        .extracting(Link::href)
        .containsExactly("/light");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'x':1           | 1",
        "'obs':true      | 3",
        "'p':{}          | 1",
        "'p':{'bm':0}    | 0",
        "'p':{'bm':1}    | 1",
        "'p':{'bm':7}    | 3",
        "'p':{'bm':'x'}  | 1",
        "'p':5           | 1",
        "'p':{'bm':99999999999}   | 1"
      },
      quoteCharacter = '`')
  void policy_isDiscoverableUnlessSaidOtherwise(String member, int policy) throws Exception {
    assertThat(link("{'href':'/light'," + member + "}").policy()).isEqualTo(policy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"2713892058 | 2713892058", "'11235' | 11235", "1.5 | ``", "{} | ``", "null | ``"})
  void ins_isKeptAsText(String ins, String text) throws Exception {
    assertThat(link("{'href':'/light','ins':" + ins + "}").ins()).isEqualTo(text);
  }

  @Test
  void typesAndInterfaces_ofAnyFormAreTaken() throws Exception {
    Link link = link("{'href':'/light','rt':['a b','c',5,null,'a',['d']],'if':' x  y\u00e9 '}");

    assertThat(link.rt()).containsExactly("a", "b", "c");
    assertThat(link.interfaces()).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "coap://192.0.2.8:1111",
        "coap://lamp.example:1111",
        "coap://abc.de:1111",
        "coap://127.0.0.1:1111",
        "coap://224.0.1.187:5683",
        "coap://[ff02::158]:5683",
        "coap://[::1]:5683",
        "coap://[2001:db8::7]:5683",
        "coap://192.0.2.7:0",
        "coap://192.0.2.7:70000",
        "coap+tcp://192.0.2.7:1111",
        "coap://user@192.0.2.8:1111",
        "coap:192.0.2.7",
        "http://192.0.2.7:80",
        "not an endpoint",
        ""
      })
  void endpointElsewhere_isIgnored(String ep) throws Exception {
    DeviceLinks device =
        only(read("[{'anchor':'ocf://DI','href':'/light','eps':[{'ep':'" + ep + "'}]}]"));

    assertThat(device.links().get(0).endpoints()).isEmpty();
    assertThat(device.endpoint()).hasToString(SOURCE);
  }

  @ParameterizedTest
  @CsvSource({
    "coap://192.0.2.7:1111, coap://192.0.2.7:1111",
    "coap://192.0.2.7, coap://192.0.2.7:5683",
    "coaps://192.0.2.7, coaps://192.0.2.7:5684",
    "coap://[::ffff:192.0.2.7]:1111, coap://192.0.2.7:1111"
  })
  void endpointOfTheSource_isTaken(String ep, String endpoint) throws Exception {
    DeviceLinks device =
        only(read("[{'anchor':'ocf://DI','href':'/light','eps':[{'ep':'" + ep + "'}]}]"));

    assertThat(device.endpoint()).hasToString(endpoint);
  }

  @Test
  void noEndpoints_orNoneUsable_isTheSource() throws Exception {
    for (String eps : List.of("[]", "{}", "5", "[5]", "[{'ep':5}]", "[[]]")) {
      assertThat(only(read("[{'anchor':'ocf://DI','href':'/light','eps':" + eps + "}]")).endpoint())
          .as(eps)
          .hasToString(SOURCE);
    }
  }

  @ParameterizedTest
  @CsvSource({"'x':1, 5684", "'port':1234, 1234", "'port':0, 5684", "'port':70000, 5684"})
  void secureWithoutEndpoints_isOnThePortOfThePolicy(String port, int expected) throws Exception {
    assertThat(link("{'href':'/light','p':{'sec':true," + port + "}}").endpoints())
        .containsExactly(URI.create("coaps://192.0.2.7:" + expected));
  }

  @Test
  void hugeLists_areCutOff() throws Exception {
    String links = "{'href':'/light'},".repeat(DiscoveryAnswer.MAX_LINKS);
    assertThat(only(read("[{'di':'DI','links':[" + links + "{'href':'/light'}]}]")).links())
        .hasSize(DiscoveryAnswer.MAX_LINKS);

    StringBuilder devices = new StringBuilder();
    for (int i = 0; i <= DiscoveryAnswer.MAX_DEVICES; i++) {
      devices.append("{'di':'").append(i).append("','links':[{'href':'/light'}]},");
    }
    assertThat(read("[" + devices + "{}]").devices()).hasSize(DiscoveryAnswer.MAX_DEVICES);

    String rt = "'" + "a ".repeat(1000).replace(" ", "','") + "'";
    String eps = "{'ep':'coap://192.0.2.7:1'},".repeat(1000) + "{}";
    StringBuilder types = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      types.append("t").append(i).append(' ');
    }
    assertThat(link("{'href':'/light','rt':[" + rt + "],'eps':[" + eps + "]}").endpoints())
        .hasSize(1);
    assertThat(link("{'href':'/light','rt':'" + types + "'}").rt()).hasSize(32);
  }

  @Test
  void name_isOneShortLine() throws Exception {
    String name = "Lamp\\nin the kitchen" + "x".repeat(200);

    assertThat(only(read("[{'di':'DI','n':'" + name + "','links':[{'href':'/light'}]}]")).name())
        .startsWith("Lamp in the kitchenxx")
        .hasSize(128);
  }

  @ParameterizedTest
  @CsvSource({
    "oic.wk.d oic.d.light, oic.d.light",
    "oic.d.smartplug oic.wk.d, oic.d.smartplug",
    "x.vendor.lamp oic.d.light, oic.d.light",
    "oic.wk.d x.vendor/lamp, x.vendor/lamp",
    "oic.wk.d, oic.wk.d",
    "'', oic.wk.d"
  })
  void deviceType_isTheStandardOneInAnyOrder(String rt, String type) throws Exception {
    assertThat(only(read("[{'di':'DI','links':[{'href':'/oic/d','rt':'" + rt + "'}]}]")).type())
        .isEqualTo(type);
  }
}
