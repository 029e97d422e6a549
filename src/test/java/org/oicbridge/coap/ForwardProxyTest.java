package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.OwnServer.get;
import static org.oicbridge.coap.OwnServer.ok;
import static org.oicbridge.coap.OwnServer.request;

import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** Devices by their path, and the gateway as a forward proxy to them. */
@Timeout(60)
class ForwardProxyTest {
  private static final String LAMP = "11111111-1111-4111-8111-111111111111";
  private static final String FAN = "22222222-2222-4222-8222-222222222222";
  private static final IdentityConfig KNOWN =
      OwnServer.identity("known", new IdentityConfig.Source(AddressPrefix.parse("127.0.0.1")));

  @RegisterExtension final OwnServer server = new OwnServer();

  private CrudnRequest asked() {
    assertThat(server.asked).hasSize(1);
    return server.asked.get(0).request();
  }

  private static Request proxied(Code code, String uri) {
    Request request = new Request(code);
    request.getOptions().setProxyUri(uri);
    return request;
  }

  @Test
  void path_arrivesWithItsQueryUntouched() throws Exception {
    server.start(KNOWN);
    Request request = get("/devices/" + LAMP + "/light");
    request.getOptions().addUriQuery("if=oic.if.a;b").addUriQuery("x=1");
    request.getOptions().addETag(new byte[] {1, 2});
    request.getOptions().setAccept(ContentFormat.OCF_CBOR);
    request.getOptions().addOption(OcfOption.ACCEPT_VERSION.create(2048L));
    server.answers(
        own ->
            CrudnResponse.answered(
                Status.OK,
                Headers.of("ETag", "\"0a0b\"").with("Cache-Control", "max-age=7"),
                "{\"value\":true}"));

    Response answer = server.send(request);

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(OwnServer.json(answer)).isEqualTo("{\"value\":true}");
    assertThat(answer.getOptions().getContentFormat()).isEqualTo(ContentFormat.OCF_CBOR);
    assertThat(answer.getOptions().getETags().get(0)).containsExactly(10, 11);
    assertThat(answer.getOptions().getMaxAge()).isEqualTo(7);
    assertThat(asked().path().segments()).containsExactly("devices", LAMP, "light");
    assertThat(asked().path().query()).containsExactly("if=oic.if.a;b", "x=1");
    assertThat(asked().headers())
        .isEqualTo(
            Headers.of("If-None-Match", "\"0102\"")
                .with("OCF-Accept-Content-Format-Version", "2048"));
    assertThat(server.asked.get(0).caller().identity()).isEqualTo("source:known");
  }

  @Test
  void location_isToldInOptions() throws Exception {
    server.start(KNOWN);
    server.answers(
        own ->
            CrudnResponse.answered(
                Status.CREATED, Headers.of("Location", "/devices/" + LAMP + "/a%2Fb?c=d"), null));

    Response answer = server.send(request(Code.POST, "/devices/" + LAMP + "/scenes"));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CREATED);
    assertThat(answer.getOptions().getLocationPath()).containsExactly("devices", LAMP, "a/b");
    assertThat(answer.getOptions().getLocationQuery()).containsExactly("c=d");
  }

  @ParameterizedTest
  @CsvSource({
    "ocf://%s/light?if=oic.if.a",
    "oic://%s/light?if=oic.if.a",
    "coap://%s/light?if=oic.if.a",
    "COAP://%s:5683/light?if=oic.if.a#there",
  })
  void proxyUri_namesTheDeviceAsItsHost(String uri) throws Exception {
    server.start(KNOWN);
    Request request = proxied(Code.POST, uri.formatted(LAMP));
    // What a proxy has to ignore.
    request.getOptions().addUriPath("oic").addUriPath("res").addUriQuery("rt=x");
    request.getOptions().setContentFormat(ContentFormat.JSON);
    request.setPayload("{\"value\":false}");

    Response answer = server.send(request);

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(asked().operation()).isEqualTo(Operation.UPDATE);
    assertThat(asked().path().segments()).containsExactly("devices", LAMP, "light");
    assertThat(asked().path().query()).containsExactly("if=oic.if.a");
    assertThat(asked().body()).isEqualTo("{\"value\":false}");
  }

  @Test
  void proxyScheme_namesTheDeviceByUriHost() throws Exception {
    server.start(KNOWN);
    Request request = get("/?c=d");
    request.getOptions().addUriPath("a/b").setProxyScheme("ocf").setUriHost(LAMP);

    assertThat(server.send(request).getCode()).isEqualTo(ResponseCode.CONTENT);

    assertThat(asked().path().segments()).containsExactly("devices", LAMP, "a/b");
    assertThat(asked().path().query()).containsExactly("c=d");
  }

  @Test
  void gatewayItself_isNoDeviceBehindIt() throws Exception {
    server.start();

    server.send(proxied(Code.GET, "ocf://" + OwnServer.GATEWAY + "/oic/res?rt=a"));

    assertThat(asked().path().toString()).isEqualTo("/oic/res?rt=a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "coap://192.0.2.1/light",
        "coap://192.0.2.1:5683/light",
        "coap://[2001:db8::1]/light",
        "coap://lamp.example.org/light",
        "coap:///light",
        "coap:",
        "ocf://user@11111111-1111-4111-8111-111111111111/light",
        "ocf://11111111-1111-4111-8111-111111111111:1234/light"
      })
  void anyOtherHost_isForbidden(String uri) throws Exception {
    server.start(KNOWN);

    Response answer = server.send(proxied(Code.GET, uri));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(answer.getPayloadString()).contains("devices of the caller's account");
    assertThat(server.asked).isEmpty();
  }

  @Test
  void otherHostOfAProxyScheme_isForbidden() throws Exception {
    server.start(KNOWN);
    Request request = get("/light");
    request.getOptions().setProxyScheme("coap").setUriHost("192.0.2.1").setUriPort(5683);

    assertThat(server.send(request).getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    Request without = get("/light");
    without.getOptions().setProxyScheme("coap").removeUriHost();
    assertThat(server.send(without).getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void deviceThatThereIsNot_isForbiddenToAProxyAndNotFoundByPath() throws Exception {
    server.start(KNOWN);
    server.answers(own -> CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "none"));

    assertThat(server.send(proxied(Code.GET, "ocf://" + LAMP + "/light")).getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(server.send(get("/devices/" + LAMP + "/light")).getCode())
        .isEqualTo(ResponseCode.NOT_FOUND);
  }

  @Test
  void resourceThatADeviceHasNot_isNotFound() throws Exception {
    server.start(KNOWN);
    server.answers(own -> CrudnResponse.answered(Status.NOT_FOUND, Headers.NONE, null));

    assertThat(server.send(proxied(Code.GET, "ocf://" + LAMP + "/light")).getCode())
        .isEqualTo(ResponseCode.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://11111111-1111-4111-8111-111111111111/light",
        "coaps://11111111-1111-4111-8111-111111111111/light",
        "coap+tcp://11111111-1111-4111-8111-111111111111/light",
        "/light"
      })
  void otherSchemes_areNotSupported(String uri) throws Exception {
    server.start(KNOWN);

    assertThat(server.send(proxied(Code.GET, uri)).getCode())
        .isEqualTo(ResponseCode.PROXY_NOT_SUPPORTED);
    Request scheme = get("/light");
    scheme.getOptions().setProxyScheme("http").setUriHost(LAMP);
    assertThat(server.send(scheme).getCode()).isEqualTo(ResponseCode.PROXY_NOT_SUPPORTED);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void stranger_isNotToldWhatThereIs() throws Exception {
    server.start();

    assertThat(server.send(proxied(Code.GET, "coap://192.0.2.1/light")).getCode())
        .isEqualTo(ResponseCode.UNAUTHORIZED);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void path_thatCantBe_isABadRequest() throws Exception {
    server.start(KNOWN);

    assertThat(server.send(proxied(Code.GET, "ocf://" + LAMP + "/%zz")).getCode())
        .isEqualTo(ResponseCode.BAD_REQUEST);
    assertThat(server.send(proxied(Code.GET, "ocf://" + LAMP + "/a/../b")).getCode())
        .isEqualTo(ResponseCode.BAD_REQUEST);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void farAddress_isProvenFirst() throws Exception {
    server.start(OwnServer.foreign(KNOWN));

    Response answer = server.send(get("/devices/" + LAMP + "/light"));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    assertThat(answer.getOptions().getOthers()).isNotEmpty();
    assertThat(server.asked).isEmpty();
  }

  @Test
  void answersOfTwoDevices_areNotMixedUpBlockByBlock() throws Exception {
    server.start(KNOWN);
    server.answers(
        own -> {
          String di = own.request().path().segments().get(1);
          return ok("\"" + (di.equals(LAMP) ? "a" : "b").repeat(20_000) + "\"");
        });
    try (RawClient client = new RawClient(server.address())) {
      assertThat(block(client, LAMP, 0)).endsWith("aaaa");
      assertThat(block(client, FAN, 0)).endsWith("bbbb");
      assertThat(block(client, LAMP, 1)).endsWith("aaaa");
      assertThat(block(client, FAN, 1)).endsWith("bbbb");
    }
  }

  /** Californium's own client tells transfers apart by their path alone, so this one is simpler. */
  private String block(RawClient client, String di, int number) throws Exception {
    Request request = proxied(Code.GET, "ocf://" + di + "/light");
    request.setType(CoAP.Type.CON);
    request.setMID(di.charAt(0) * 256 + number);
    request.setToken(new byte[] {(byte) di.charAt(0), (byte) number});
    request.getOptions().setBlock2(6, false, number).setAccept(ContentFormat.JSON);
    client.send(request);
    Response response = client.response();
    if (response.getType() == CoAP.Type.CON) {
      client.acknowledge(response);
    }
    return response.getPayloadString();
  }

  @Test
  void longBody_travelsInBlocks() throws Exception {
    server.start(KNOWN);
    String body = "{\"a\":\"" + "x".repeat(20_000) + "\"}";
    server.answers(own -> ok(own.request().body()));
    Request request = proxied(Code.PUT, "ocf://" + LAMP + "/light");
    request.setPayload(body);
    request.getOptions().setContentFormat(ContentFormat.JSON).setAccept(ContentFormat.JSON);

    assertThat(server.send(request).getPayloadString()).isEqualTo(body);
    assertThat(asked().path().segments()).containsExactly("devices", LAMP, "light");
  }

  @Test
  void answerThatCantBeSaid_isABadGateway() throws Exception {
    server.start(KNOWN);
    server.answers(own -> ok("\"" + "x".repeat(OwnServer.MAX_BODY) + "\""));

    assertThat(server.send(get("/devices/" + LAMP + "/light")).getCode())
        .isEqualTo(ResponseCode.BAD_GATEWAY);
  }
}
