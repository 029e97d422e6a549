package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.CoapGateway.LIGHT;
import static org.oicbridge.coap.CoapGateway.LIGHT_JSON;
import static org.oicbridge.coap.CoapGateway.assertProblem;
import static org.oicbridge.coap.CoapGateway.await;
import static org.oicbridge.coap.CoapGateway.light;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** Each device is spoken to in its own way. */
@Timeout(30)
class WireEraTest {
  @RegisterExtension final CoapGateway gateway = new CoapGateway();

  @Test
  void ocfDevice_isSpokenToWithVersions() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      CrudnResponse read = gateway.get(device.config(), "/a/light?if=oic.if.baseline&x=%C3%BC");

      assertThat(read.status()).isEqualTo(Status.OK);
      assertThat(read.body()).isEqualTo(LIGHT_JSON);
      assertThat(read.problem()).isNull();
      assertThat(read.headers().get("Content-Type")).contains("application/json");
      Request request = device.lastRequest();
      assertThat(request.isConfirmable()).isTrue();
      assertThat(request.getCode()).isEqualTo(Code.GET);
      assertThat(request.getOptions().getUriPath()).containsExactly("a", "light");
      assertThat(request.getOptions().getUriQuery()).containsExactly("if=oic.if.baseline", "x=ü");
      assertThat(request.getOptions().getAccept()).isEqualTo(10_000);
      assertThat(OcfOption.version(request.getOptions(), OcfOption.ACCEPT_VERSION)).isEqualTo(2048);
      assertThat(OcfOption.version(request.getOptions(), OcfOption.CONTENT_VERSION)).isEqualTo(-1);

      device.becomes(TestDevice.ocfBehaviour(r -> new Response(ResponseCode.CHANGED)));
      CrudnResponse write =
          gateway.ask(device.config(), Operation.UPDATE, "/a/light", "{\"value\":true}");

      assertThat(write.status()).isEqualTo(Status.NO_CONTENT);
      assertThat(write.body()).isNull();
      request = device.lastRequest();
      assertThat(request.getCode()).isEqualTo(Code.POST);
      assertThat(request.getPayload()).isEqualTo(LIGHT);
      assertThat(request.getOptions().getContentFormat()).isEqualTo(10_000);
      assertThat(OcfOption.version(request.getOptions(), OcfOption.CONTENT_VERSION))
          .isEqualTo(2048);
      assertThat(device.discoveries()).isEqualTo(1);
    }
  }

  @Test
  void legacyDevice_isSpokenToWithoutVersions() throws Exception {
    try (TestDevice device = new TestDevice(TestDevice.legacyBehaviour(CoapGateway::light))) {
      assertThat(gateway.get(device.config(), "/a/light").body()).isEqualTo(LIGHT_JSON);
      assertThat(
              gateway
                  .ask(device.config(), Operation.CREATE, "/a/light", "{\"value\":true}")
                  .status())
          .isEqualTo(Status.OK);

      Request request = device.lastRequest();
      assertThat(request.getCode()).isEqualTo(Code.PUT);
      assertThat(request.getOptions().getAccept()).isEqualTo(60);
      assertThat(request.getOptions().getContentFormat()).isEqualTo(60);
      assertThat(OcfOption.version(request.getOptions(), OcfOption.ACCEPT_VERSION)).isEqualTo(-1);
      assertThat(device.discoveries()).isEqualTo(2);
    }
  }

  @Test
  void plainDevice_getsJsonUntilItSpeaksCbor() throws Exception {
    byte[] text = "Nov 22 10:27:38".getBytes(StandardCharsets.UTF_8);
    try (TestDevice device =
        new TestDevice(
            TestDevice.plainBehaviour(r -> TestDevice.content(ContentFormat.NONE, text)))) {
      // As CBOR this would be a byte string of fourteen bytes.
      assertThat(gateway.get(device.config(), "/time").body()).isEqualTo("\"Nov 22 10:27:38\"");
      assertThat(device.lastRequest().getOptions().hasAccept()).isFalse();
      assertThat(OcfOption.version(device.lastRequest().getOptions(), OcfOption.ACCEPT_VERSION))
          .isEqualTo(-1);

      gateway.ask(device.config(), Operation.CREATE, "/x", "{ \"value\" : true }");
      assertThat(device.lastRequest().getOptions().getContentFormat()).isEqualTo(50);
      assertThat(device.lastRequest().getPayloadString()).isEqualTo("{ \"value\" : true }");

      device.becomes(r -> TestDevice.content(ContentFormat.CBOR, LIGHT));
      assertThat(gateway.get(device.config(), "/x").body()).isEqualTo(LIGHT_JSON);
      gateway.ask(device.config(), Operation.CREATE, "/x", "{ \"value\" : true }");
      assertThat(device.lastRequest().getOptions().getContentFormat()).isEqualTo(60);
      assertThat(device.lastRequest().getPayload()).isEqualTo(LIGHT);
      assertThat(device.discoveries()).isEqualTo(1);
    }
  }

  @Test
  void libcoapServer_isPlainThoughItRefusesTheVersionOption() throws Exception {
    try (TestDevice device =
        new TestDevice(
            r ->
                OcfOption.version(r.getOptions(), OcfOption.ACCEPT_VERSION) >= 0
                    ? new Response(ResponseCode.BAD_OPTION)
                    : TestDevice.plainBehaviour(CoapGateway::light).apply(r))) {
      assertThat(gateway.get(device.config(), "/x").body()).isEqualTo(LIGHT_JSON);
      assertThat(device.lastRequest().getOptions().hasAccept()).isFalse();
    }
  }

  @Test
  void deviceWithJsonLinks_isSpokenToInJson() throws Exception {
    byte[] links =
        JsonBody.toCbor(
            "[{\"di\":\"1\",\"links\":[{\"href\":\"/a\",\"type\":\"application/json\"}]}]");
    byte[] json = "{\"v\":1.50,\"s\":\"\uFFFE\"}".getBytes(StandardCharsets.UTF_8);
    try (TestDevice device =
        new TestDevice(
            r ->
                TestDevice.isDiscovery(r)
                    ? TestDevice.content(ContentFormat.CBOR, links)
                    : TestDevice.content(ContentFormat.JSON, json))) {
      assertThat(gateway.get(device.config(), "/a").body())
          .isEqualTo("{\"v\":1.50,\"s\":\"\\ufffe\"}");
      assertThat(device.lastRequest().getOptions().getAccept()).isEqualTo(50);
    }
  }

  @Test
  void deviceThatChangedItsEra_isDetectedAgain() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      assertThat(gateway.get(device.config(), "/a").body()).isEqualTo(LIGHT_JSON);

      device.becomes(TestDevice.legacyBehaviour(CoapGateway::light));
      assertThat(gateway.get(device.config(), "/a").body()).isEqualTo(LIGHT_JSON);
      assertThat(device.lastRequest().getOptions().getAccept()).isEqualTo(60);
      assertThat(device.discoveries()).isEqualTo(3);
    }
  }

  @Test
  void refusalThatStays_isDetectedAgainOnlyOnce() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      gateway.get(device.config(), "/a");
      device.becomes(
          TestDevice.ocfBehaviour(r -> new Response(ResponseCode.UNSUPPORTED_CONTENT_FORMAT)));

      for (int i = 0; i < 5; i++) {
        assertThat(gateway.ask(device.config(), Operation.UPDATE, "/a", "{}").status())
            .isEqualTo(Status.UNSUPPORTED_MEDIA_TYPE);
      }
      assertThat(device.discoveries()).isEqualTo(2);
    }
  }

  @Test
  void firstRequests_shareOneDetection() throws Exception {
    gateway.deploy(4, 10);
    try (TestDevice device = new TestDevice(r -> TestDevice.isDiscovery(r) ? null : light(r))) {
      Future<CrudnResponse> first =
          gateway.send(device.config(), Operation.RETRIEVE, "/1", null, Duration.ofSeconds(10));
      Future<CrudnResponse> second =
          gateway.send(device.config(), Operation.RETRIEVE, "/2", null, Duration.ofSeconds(10));
      Exchange discovery = device.held.take();
      // Both are under way once the bus has answered a third that ends at once.
      assertProblem(
          gateway.ask(device.config(), Operation.UPDATE, "/3", "nonsense"),
          Status.BAD_REQUEST,
          "invalid-json");
      discovery.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, TestDevice.OCF_LINKS));

      assertThat(await(first).status()).isEqualTo(Status.OK);
      assertThat(await(second).status()).isEqualTo(Status.OK);
      assertThat(device.discoveries()).isEqualTo(1);
    }
  }

  @Test
  void detectionOnAShorterDeadline_doesNotEndOthers() throws Exception {
    gateway.deploy(4, 10);
    try (TestDevice device = new TestDevice(r -> TestDevice.isDiscovery(r) ? null : light(r))) {
      Future<CrudnResponse> hasty =
          gateway.send(device.config(), Operation.RETRIEVE, "/1", null, Duration.ofMillis(300));
      Future<CrudnResponse> patient =
          gateway.send(device.config(), Operation.RETRIEVE, "/2", null, Duration.ofSeconds(10));

      assertProblem(await(hasty), Status.TIMEOUT, "device-silent");
      device.held.take();
      device
          .held
          .take()
          .sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, TestDevice.OCF_LINKS));
      assertThat(await(patient).status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void detectionThatTheDeviceCantAnswer_isNotRemembered() throws Exception {
    try (TestDevice device = new TestDevice(r -> new Response(ResponseCode.SERVICE_UNAVAILABLE))) {
      assertProblem(gateway.get(device.config(), "/a"), Status.UNAVAILABLE, "detection-failed");

      device.becomes(TestDevice.ocfBehaviour(CoapGateway::light));
      assertThat(gateway.get(device.config(), "/a").status()).isEqualTo(Status.OK);
    }
  }
}
