package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SimulatedDevicesTest {
  private static final int OCF_CBOR = 10000;
  private static final ObjectMapper CBOR = new CBORMapper();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static SimulatedDevices devices;
  private static CoapEndpoint client;

  @BeforeAll
  static void start() throws Exception {
    devices = SimulatedDevices.start("127.0.0.1", 0, Duration.ofMillis(100));
    client =
        CoapEndpoint.builder()
            .setConfiguration(
                new Configuration(
                    CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, SystemConfig.DEFINITIONS))
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    client.start();
  }

  @AfterAll
  static void stop() {
    client.destroy();
    devices.stop();
  }

  @Test
  void devices_areALightAThermostatAndASwitchWithFixedIdentifiers() {
    assertThat(devices.devices())
        .extracting(SimulatedDevices.Device::rt)
        .containsExactly("oic.d.light", "oic.d.thermostat", "oic.d.switch");
    assertThat(devices.devices())
        .extracting(SimulatedDevices.Device::di)
        .doesNotHaveDuplicates()
        .allMatch(di -> new org.oicbridge.crudn.DeviceId(di).conformant());
    assertThat(devices.devices())
        .extracting(one -> one.endpoint().getPort())
        .doesNotHaveDuplicates()
        .allMatch(port -> port > 0);
  }

  @Test
  void discovery_givesABareArrayOfLinks() throws Exception {
    SimulatedDevices.Device light = devices.devices().get(0);
    JsonNode links = read(light, "/oic/res");
    assertThat(links.findValuesAsText("href"))
        .containsExactly("/oic/res", "/oic/d", "/oic/p", "/light", "/dimming");
    assertThat(links.findValuesAsText("anchor")).containsOnly("ocf://" + light.di());
    assertThat(links.get(0).path("rel")).isEqualTo(json("[\"self\"]"));
    assertThat(links.get(1).path("rt")).isEqualTo(json("[\"oic.wk.d\",\"oic.d.light\"]"));
    assertThat(links.get(3))
        .isEqualTo(
            json(
                """
                {"anchor":"ocf://%s","href":"/light","rt":["oic.r.switch.binary"],
                 "if":["oic.if.a","oic.if.baseline"],"p":{"bm":3},"eps":[{"ep":"%s"}]}"""
                    .formatted(light.di(), light.endpoint())));
    assertThat(links.get(1).path("p")).isEqualTo(json("{\"bm\":1}"));
  }

  @Test
  void discovery_filtersByResourceType() throws Exception {
    SimulatedDevices.Device light = devices.devices().get(0);
    assertThat(read(light, "/oic/res?rt=oic.r.light.dimming").findValuesAsText("href"))
        .containsExactly("/dimming");
  }

  @Test
  void discovery_throughTheBaselineInterfaceIsAnArrayOfOneMap() throws Exception {
    JsonNode answer = read(devices.devices().get(2), "/oic/res?if=oic.if.baseline");
    assertThat(answer).hasSize(1);
    assertThat(answer.get(0).path("rt")).isEqualTo(json("[\"oic.wk.res\"]"));
    assertThat(answer.get(0).path("if")).isEqualTo(json("[\"oic.if.ll\",\"oic.if.baseline\"]"));
    assertThat(answer.get(0).path("links").findValuesAsText("href")).contains("/switch");
  }

  @Test
  void deviceAndPlatform_tellWhoTheyAre() throws Exception {
    SimulatedDevices.Device thermostat = devices.devices().get(1);
    JsonNode device = read(thermostat, "/oic/d");
    assertThat(device.path("di").asText()).isEqualTo(thermostat.di());
    assertThat(device.path("n").asText()).isEqualTo(thermostat.name());
    assertThat(device.path("icv").asText()).isEqualTo("ocf.1.0.0");
    assertThat(device.path("rt")).isEqualTo(json("[\"oic.wk.d\",\"oic.d.thermostat\"]"));
    assertThat(device.path("if")).isEqualTo(json("[\"oic.if.r\",\"oic.if.baseline\"]"));
    assertThat(read(thermostat, "/oic/p").path("pi")).isEqualTo(device.path("piid"));
  }

  @Test
  void retrieve_hasTheOcfFormatAndTheVersionOption() throws Exception {
    Response response = send(Code.GET, devices.devices().get(0), "/light", null);
    assertThat(response.getOptions().getContentFormat()).isEqualTo(OCF_CBOR);
    assertThat(OcfVersionOptions.read(response.getOptions(), 2053)).hasValue(2048);
  }

  @Test
  void baseline_addsTypesAndInterfaces() throws Exception {
    SimulatedDevices.Device porch = devices.devices().get(2);
    assertThat(read(porch, "/switch?if=oic.if.baseline"))
        .isEqualTo(
            json(
                """
                {"rt":["oic.r.switch.binary"],"if":["oic.if.a","oic.if.baseline"],"value":false}"""));
    assertThat(read(porch, "/switch?if=oic.if.a")).isEqualTo(json("{\"value\":false}"));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /light, '{\"value\":true}', '{\"value\":true}'",
    "PUT, /light, '{\"value\":false,\"unknown\":1}', '{\"value\":false}'",
    "POST, /light?if=oic.if.baseline, '{\"value\":true,\"rt\":[\"x\"]}', '{\"value\":true}'",
    "POST, /dimming, '{\"dimmingSetting\":0}', '{\"dimmingSetting\":0}'",
    "POST, /dimming, '{\"dimmingSetting\":100}', '{\"dimmingSetting\":100}'",
  })
  void update_isSeenByTheNextRetrieve(Code method, String path, String body, String then)
      throws Exception {
    SimulatedDevices.Device light = devices.devices().get(0);
    assertThat(send(method, light, path, cbor(body)).getCode().text).isEqualTo("2.04");
    assertThat(read(light, path.replaceAll("\\?.*", ""))).isEqualTo(json(then));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /dimming, '{\"dimmingSetting\":101}', 4.00",
    "POST, /dimming, '{\"dimmingSetting\":-1}', 4.00",
    "POST, /dimming, '{\"dimmingSetting\":\"50\"}', 4.00",
    "POST, /dimming, '{\"dimmingSetting\":1.5}', 4.00",
    "POST, /dimming, '{\"other\":1}', 4.00",
    "POST, /dimming, '[1]', 4.00",
    "POST, /light, '{\"value\":\"true\"}', 4.00",
    "PUT, /light, '{\"value\":1}', 4.00",
    "DELETE, /light, , 4.05",
    "PATCH, /light, '{\"value\":true}', 4.05",
    "GET, /nothing, , 4.04",
    "GET, /, , 4.04",
    "GET, /oic, , 4.04",
    "GET, /.well-known/core, , 4.04",
    "POST, /nothing, '{}', 4.04",
    "GET, /light?if=oic.if.s, , 4.03",
    "GET, /light?if=oic.if.nonsense, , 4.03",
    "GET, /light?if=oic.if.a&if=oic.if.baseline, , 4.00",
    "GET, /light?if=oic.if.a;if=oic.if.baseline, , 4.00",
    "GET, /oic/res?rt=oic.r.nonsense, , 4.00",
    "POST, /oic/res, '{}', 4.03",
    "POST, /oic/res?if=oic.if.baseline, '{}', 4.05",
    "POST, /oic/d, '{\"n\":\"x\"}', 4.03",
  })
  void badRequest_isRefusedAndChangesNothing(Code method, String path, String body, String code)
      throws Exception {
    SimulatedDevices.Device light = devices.devices().get(0);
    JsonNode before = state(light);
    Response response = send(method, light, path, body == null ? null : cbor(body));
    assertThat(response.getCode().text).isEqualTo(code);
    assertThat(state(light)).isEqualTo(before);
  }

  @Test
  void sensor_isReadOnlyWhateverTheInterface() throws Exception {
    SimulatedDevices.Device thermostat = devices.devices().get(1);
    byte[] body = cbor("{\"temperature\":99}");
    assertThat(send(Code.POST, thermostat, "/temperature", body).getCode().text).isEqualTo("4.03");
    assertThat(send(Code.POST, thermostat, "/temperature?if=oic.if.baseline", body).getCode().text)
        .isEqualTo("4.05");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "a1", "a16576616c7565f5ff", "f6", "", "a1617801a1"})
  void body_thatIsNoCborMapIsRefused(String hex) throws Exception {
    SimulatedDevices.Device light = devices.devices().get(0);
    JsonNode before = state(light);
    Request request = request(Code.POST, light, "/light", HexFormat.of().parseHex(hex));
    assertThat(exchange(request).getCode().text).isEqualTo("4.00");
    assertThat(state(light)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"60, 4.06", "50, 4.06", "0, 4.06", "10000, 2.05"})
  void accept_knowsOnlyTheOcfFormat(int accept, String code) throws Exception {
    Request request = request(Code.GET, devices.devices().get(0), "/light", null);
    request.getOptions().setAccept(accept);
    assertThat(exchange(request).getCode().text).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 50, -1})
  void contentFormat_otherThanOcfIsRefused(int format) throws Exception {
    Request request =
        request(Code.POST, devices.devices().get(0), "/light", cbor("{\"value\":true}"));
    request.getOptions().removeContentFormat();
    if (format >= 0) {
      request.getOptions().setContentFormat(format);
    }
    assertThat(exchange(request).getCode().text).isEqualTo("4.15");
  }

  @ParameterizedTest
  @CsvSource({
    "2049, 2048, 2.05",
    "2049, 2112, 2.05",
    "2049, 1024, 4.15",
    "2053, 2047, 4.15",
  })
  void version_beforeOcf1IsRefused(int option, int version, String code) throws Exception {
    Request request = request(Code.GET, devices.devices().get(0), "/light", null);
    OcfVersionOptions.write(request.getOptions(), option, version);
    assertThat(exchange(request).getCode().text).isEqualTo(code);
  }

  @Test
  void temperature_changesByItselfAndNotifies() throws Exception {
    SimulatedDevices.Device thermostat = devices.devices().get(1);
    BlockingQueue<CoapResponse> notified = new LinkedBlockingQueue<>();
    CoapObserveRelation relation = observe(thermostat, "/temperature", notified);
    JsonNode first = CBOR.readTree(notified.poll(10, TimeUnit.SECONDS).getPayload());
    CoapResponse next = notified.poll(10, TimeUnit.SECONDS);
    relation.proactiveCancel();
    assertThat(next.advanced().getOptions().hasObserve()).isTrue();
    assertThat(OcfVersionOptions.read(next.advanced().getOptions(), 2053)).hasValue(2048);
    JsonNode second = CBOR.readTree(next.getPayload());
    assertThat(first.path("units").asText()).isEqualTo("C");
    assertThat(second.path("temperature").asDouble())
        .isBetween(19.0, 23.0)
        .isNotEqualTo(first.path("temperature").asDouble());
  }

  @Test
  void update_notifiesObservers() throws Exception {
    SimulatedDevices.Device porch = devices.devices().get(2);
    BlockingQueue<CoapResponse> notified = new LinkedBlockingQueue<>();
    CoapObserveRelation relation = observe(porch, "/switch", notified);
    assertThat(notified.poll(10, TimeUnit.SECONDS)).isNotNull();
    send(Code.POST, porch, "/switch", cbor("{\"value\":true}"));
    assertThat(CBOR.readTree(notified.poll(10, TimeUnit.SECONDS).getPayload()))
        .isEqualTo(json("{\"value\":true}"));
    relation.proactiveCancel();
    send(Code.POST, porch, "/switch", cbor("{\"value\":false}"));
  }

  @Test
  void start_givesTheFollowingPortsToTheOtherDevices() throws Exception {
    SimulatedDevices running = startOnThreeFreePorts();
    int first = running.devices().get(0).endpoint().getPort();
    assertThat(running.devices())
        .extracting(SimulatedDevices.Device::endpoint)
        .containsExactly(
            URI.create("coap://127.0.0.1:" + first),
            URI.create("coap://127.0.0.1:" + (first + 1)),
            URI.create("coap://127.0.0.1:" + (first + 2)));
    running.stop();
  }

  @Test
  void start_onATakenPortSaysSoAndLeavesNothingRunning() throws Exception {
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> SimulatedDevices.start("127.0.0.1", taken.getLocalPort()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "224.0.1.187", "no such host"})
  void start_refusesAHostThatClientsCannotSendTo(String host) {
    assertThatThrownBy(() -> SimulatedDevices.start(host, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(host);
  }

  @Test
  void temperature_staysInItsRange() {
    Temperature temperature = new Temperature();
    for (int i = 0; i < 200; i++) {
      double before = temperature.celsius();
      assertThat(temperature.next()).isBetween(19.0, 23.0).isNotEqualTo(before);
    }
  }

  private static SimulatedDevices startOnThreeFreePorts() throws Exception {
    for (int attempt = 0; attempt < 50; attempt++) {
      int port;
      try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      try {
        return SimulatedDevices.start("127.0.0.1", port);
      } catch (IllegalStateException taken) {
        assertThat(taken).isNotNull();
      }
    }
    throw new AssertionError("no three free ports in a row");
  }

  private static CoapObserveRelation observe(
      SimulatedDevices.Device device, String path, BlockingQueue<CoapResponse> into) {
    CoapClient observer = new CoapClient(device.endpoint() + path);
    observer.setEndpoint(client);
    return observer.observe(
        new CoapHandler() {
          @Override
          public void onLoad(CoapResponse response) {
            into.add(response);
          }

          @Override
          public void onError() {}
        });
  }

  private static JsonNode state(SimulatedDevices.Device light) throws Exception {
    return JSON.valueToTree(
        Map.of("light", read(light, "/light"), "dimming", read(light, "/dimming")));
  }

  private static JsonNode read(SimulatedDevices.Device device, String path) throws Exception {
    Response response = send(Code.GET, device, path, null);
    assertThat(response.getCode().text).isEqualTo("2.05");
    return CBOR.readTree(response.getPayload());
  }

  private static Response send(Code code, SimulatedDevices.Device device, String path, byte[] body)
      throws Exception {
    return exchange(request(code, device, path, body));
  }

  private static Request request(
      Code code, SimulatedDevices.Device device, String path, byte[] body) {
    Request request = new Request(code);
    int mark = path.indexOf('?');
    request.setURI(device.endpoint() + (mark < 0 ? path : path.substring(0, mark)));
    if (mark >= 0) {
      List.of(path.substring(mark + 1).split("&")).forEach(request.getOptions()::addUriQuery);
    }
    if (body != null) {
      request.setPayload(body);
      request.getOptions().setContentFormat(OCF_CBOR);
    }
    return request;
  }

  private static Response exchange(Request request) throws Exception {
    Response response = request.send(client).waitForResponse(3_000);
    assertThat(response).as("answer to %s", request).isNotNull();
    return response;
  }

  private static byte[] cbor(String json) throws Exception {
    return CBOR.writeValueAsBytes(json(json));
  }

  private static JsonNode json(String text) throws Exception {
    return CBOR.readTree(CBOR.writeValueAsBytes(JSON.readTree(text)));
  }
}
