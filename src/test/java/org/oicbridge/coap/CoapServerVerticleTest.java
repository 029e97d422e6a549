package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.OwnServer.get;
import static org.oicbridge.coap.OwnServer.json;
import static org.oicbridge.coap.OwnServer.ok;
import static org.oicbridge.coap.OwnServer.request;

import io.vertx.core.Promise;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** The gateway's own resources over plain CoAP. */
@Timeout(60)
class CoapServerVerticleTest {
  private static final byte[] LINKS = CborWriterTestData.cbor(OwnServer.LINKS);

  @RegisterExtension final OwnServer server = new OwnServer();

  @Test
  void withoutAPort_nothingIsServed() throws Exception {
    CoapServerConfig none =
        OwnServer.with(OwnServer.plain(), CoapServerConfig.NONE, java.util.List.of());
    CoapServerConfig nothing =
        new CoapServerConfig(
            none.host(),
            CoapServerConfig.NONE,
            CoapServerConfig.NONE,
            none.interfaces(),
            null,
            null,
            null,
            none.identities(),
            1,
            none.publishPrefixes(),
            none.localPrefixes());

    assertThat(server.start(nothing)).isEqualTo(OwnEndpoints.NONE);
  }

  @Test
  void endpoints_areWhereItListens() throws Exception {
    OwnEndpoints endpoints = server.start(OwnServer.plain());

    assertThat(endpoints.addresses()).containsExactly(InetAddress.getLoopbackAddress());
    assertThat(endpoints.port()).isPositive();
    assertThat(endpoints.securePort()).isEqualTo(-1);
  }

  @Test
  void retrieve_becomesARequestOfTheOwnDevice() throws Exception {
    server.start();

    Response answer = server.send(get("/oic/res?rt=oic.r.switch;if=oic.if.ll"));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(answer.getOptions().getContentFormat()).isEqualTo(ContentFormat.CBOR);
    assertThat(OcfOption.version(answer.getOptions(), OcfOption.CONTENT_VERSION)).isEqualTo(-1);
    assertThat(answer.getPayload()).isEqualTo(LINKS);
    OwnRequest asked = server.asked.get(0);
    assertThat(asked.request().target()).isEqualTo(OwnServer.GATEWAY);
    assertThat(asked.request().operation()).isEqualTo(Operation.RETRIEVE);
    assertThat(asked.request().path().path()).isEqualTo("/oic/res");
    assertThat(asked.request().path().query()).containsExactly("rt=oic.r.switch", "if=oic.if.ll");
    assertThat(asked.request().body()).isNull();
    assertThat(asked.caller()).isEqualTo(Caller.STRANGER);
    assertThat(asked.form()).isEqualTo(OwnRequest.Form.OIC);
    assertThat(asked.multicast()).isFalse();
    assertThat(asked.source()).isEqualTo(server.client().getAddress());
  }

  @Test
  void acceptOcf_isAnsweredWithTheVersion() throws Exception {
    server.start();
    Request request = get("/oic/res");
    request.getOptions().setAccept(ContentFormat.OCF_CBOR);
    request.getOptions().addOption(OcfOption.ACCEPT_VERSION.create(2048L));

    Response answer = server.send(request);

    assertThat(answer.getOptions().getContentFormat()).isEqualTo(ContentFormat.OCF_CBOR);
    assertThat(OcfOption.version(answer.getOptions(), OcfOption.CONTENT_VERSION)).isEqualTo(2048);
    assertThat(answer.getPayload()).isEqualTo(LINKS);
    assertThat(server.asked.get(0).form()).isEqualTo(OwnRequest.Form.OCF);
  }

  @ParameterizedTest
  @CsvSource({"-1, OIC", "2048, OCF"})
  void acceptJson_isAnsweredWithText(long version, OwnRequest.Form form) throws Exception {
    server.start();
    Request request = get("/oic/res");
    request.getOptions().setAccept(ContentFormat.JSON);
    if (version >= 0) {
      request.getOptions().addOption(OcfOption.ACCEPT_VERSION.create(version));
    }

    Response answer = server.send(request);

    assertThat(answer.getOptions().getContentFormat()).isEqualTo(ContentFormat.JSON);
    assertThat(answer.getPayloadString()).isEqualTo(OwnServer.LINKS);
    assertThat(server.asked.get(0).form()).isEqualTo(form);
  }

  @Test
  void anotherAccept_isRefused() throws Exception {
    server.start();
    Request request = get("/oic/res");
    request.getOptions().setAccept(ContentFormat.LINK_FORMAT);

    assertThat(server.send(request).getCode()).isEqualTo(ResponseCode.NOT_ACCEPTABLE);
    assertThat(server.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"60", "10000", "-1"})
  void cborBody_arrivesAsJson(int format) throws Exception {
    server.start();
    server.answers(
        r -> CrudnResponse.answered(Status.NO_CONTENT, Headers.of("Location", "/oic/rd/7"), null));
    Request request = request(Code.POST, "/oic/rd?rt=oic.wk.rdpub");
    request.setPayload(CborWriterTestData.cbor("{\"di\":\"a\",\"ttl\":600}"));
    if (format >= 0) {
      request.getOptions().setContentFormat(format);
    }

    Response answer = server.send(request);

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(answer.getOptions().getLocationString()).isEqualTo("/oic/rd/7");
    assertThat(answer.getPayloadSize()).isZero();
    assertThat(server.asked.get(0).request().body()).isEqualTo("{\"di\":\"a\",\"ttl\":600}");
    assertThat(server.asked.get(0).request().operation()).isEqualTo(Operation.UPDATE);
  }

  @Test
  void jsonBody_arrivesAsItIs() throws Exception {
    server.start();
    server.answers(r -> CrudnResponse.answered(Status.CREATED, Headers.NONE, "{\"ok\":true}"));
    Request request = request(Code.PUT, "/XMPPResURI");
    request.setPayload("{\"a\": 1}");
    request.getOptions().setContentFormat(ContentFormat.JSON);

    Response answer = server.send(request);

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CREATED);
    assertThat(json(answer)).isEqualTo("{\"ok\":true}");
    assertThat(server.asked.get(0).request().body()).isEqualTo("{\"a\": 1}");
    assertThat(server.asked.get(0).request().operation()).isEqualTo(Operation.CREATE);
  }

  @ParameterizedTest
  @CsvSource({
    "60, a161, BAD_REQUEST",
    "50, 7b, BAD_REQUEST",
    "50, ff, BAD_REQUEST",
    "0, 41, UNSUPPORTED_CONTENT_FORMAT"
  })
  void badBody_isRefusedWithAReason(int format, String hex, ResponseCode code) throws Exception {
    server.start();
    Request request = request(Code.POST, "/oic/rd");
    request.setPayload(java.util.HexFormat.of().parseHex(hex));
    request.getOptions().setContentFormat(format);

    Response answer = server.send(request);

    assertThat(answer.getCode()).isEqualTo(code);
    assertThat(answer.getPayloadString()).isNotEmpty();
    assertThat(answer.getOptions().getContentFormat()).isEqualTo(-1);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void fetch_isNotServed() throws Exception {
    server.start();

    assertThat(server.send(request(Code.FETCH, "/oic/res")).getCode())
        .isEqualTo(ResponseCode.METHOD_NOT_ALLOWED);
  }

  @Test
  void problem_becomesADiagnostic() throws Exception {
    server.start();
    server.answers(r -> CrudnResponse.failed(Status.FORBIDDEN, "x", "you may not publish"));

    Response answer = server.send(get("/oic/rd"));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(answer.getPayloadString()).isEqualTo("you may not publish");
    assertThat(answer.getOptions().getContentFormat()).isEqualTo(-1);
  }

  @Test
  void errorBody_becomesADiagnostic() throws Exception {
    server.start();
    server.answers(
        r ->
            CrudnResponse.answered(Status.UNAVAILABLE, Headers.NONE, "{\"error\":\"not yet\"}")
                .with("Retry-After", "7"));

    Response answer = server.send(get("/oic/d"));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
    assertThat(answer.getPayloadString()).isEqualTo("not yet");
    assertThat(answer.getOptions().getMaxAge()).isEqualTo(7);
  }

  @Test
  void longBodies_travelInBlocksBothWays() throws Exception {
    server.start(OwnServer.identity("neighbour", OwnServer.LOOPBACK));
    String body = "{\"a\":\"" + "x".repeat(20_000) + "\"}";
    server.answers(r -> ok(r.request().body()));
    Request request = request(Code.POST, "/oic/rd");
    request.setPayload(body);
    request.getOptions().setContentFormat(ContentFormat.JSON).setAccept(ContentFormat.JSON);

    Response answer = server.send(request);

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(answer.getPayloadString()).isEqualTo(body);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void bodyOverTheLimit_isRefused() throws Exception {
    server.start(OwnServer.identity("neighbour", OwnServer.LOOPBACK));
    Request request = request(Code.POST, "/oic/rd");
    request.setPayload("\"" + "x".repeat(OwnServer.MAX_BODY) + "\"");
    request.getOptions().setContentFormat(ContentFormat.JSON);

    assertThat(server.send(request).getCode()).isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void slowAnswer_isAcknowledgedFirst() throws Exception {
    server.start(OwnServer.plain(), Duration.ofMillis(100), () -> 1, 1);
    Promise<CrudnResponse> later = Promise.promise();
    server.answersLater(r -> later.future());
    byte[] question = {0x41, 1, 0x12, 0x34, 0x77, (byte) 0xb1, 'a'};
    try (DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      client.send(new DatagramPacket(question, question.length, server.address()));
      byte[] ack = CoapGateway.bytes(CoapGateway.receive(client));
      assertThat(ack).containsExactly(0x60, 0, 0x12, 0x34);

      later.complete(ok("1"));
      byte[] answer = CoapGateway.bytes(CoapGateway.receive(client));
      assertThat(answer[0]).isEqualTo((byte) 0x41);
      assertThat(answer[1]).isEqualTo((byte) 0x45);
      assertThat(answer[4]).isEqualTo((byte) 0x77);
    }
  }

  @Test
  void sourcePrefix_isAnIdentity() throws Exception {
    server.start(
        OwnServer.identity("wide", new IdentityConfig.Source(AddressPrefix.parse("127.0.0.0/8"))),
        OwnServer.identity("narrow", new IdentityConfig.Source(AddressPrefix.parse("127.0.0.1"))));

    server.send(get("/oic/res"));

    Caller caller = server.asked.get(0).caller();
    assertThat(caller.identity()).isEqualTo("source:narrow");
    assertThat(caller.secure()).isFalse();
  }

  @Test
  void malformedDatagrams_stopNothing() throws Exception {
    server.start();
    try (DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      java.util.Random random = new java.util.Random(1);
      for (int i = 0; i < 2000; i++) {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        client.send(new DatagramPacket(bytes, bytes.length, server.address()));
      }
    }

    Response answer = server.send(get("/oic/res"));

    assertThat(answer).isNotNull();
    assertThat(answer.getCode()).isEqualTo(ResponseCode.CONTENT);
  }

  @Test
  void tooManyRequestsOfOneAddress_areTurnedAway() throws Exception {
    server.start();
    server.answersLater(r -> Promise.<CrudnResponse>promise().future());
    for (int i = 0; i < ServerGate.PER_PEER; i++) {
      Request request = get("/oic/res");
      request.setType(CoAP.Type.NON);
      OwnServer.collect(server.client(), request, server.address());
    }

    Response answer = server.send(get("/oic/res"));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.TOO_MANY_REQUESTS);
    assertThat(answer.getOptions().getMaxAge()).isEqualTo(1);
    assertThat(new String(answer.getPayload(), StandardCharsets.UTF_8)).contains("64");
  }
}
