package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.OscoreContextTest.config;
import static org.oicbridge.coap.OscoreContextTest.hex;
import static org.oicbridge.coap.OwnServer.get;
import static org.oicbridge.coap.OwnServer.ok;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.oscore.HashMapCtxDB;
import org.eclipse.californium.oscore.OSCoreCoapStackFactory;
import org.eclipse.californium.oscore.OSCoreCtx;
import org.eclipse.californium.oscore.ObjectSecurityLayer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnChange;
import org.oicbridge.config.IdentityConfig;

/** The gateway's own resources under OSCORE, with Californium's implementation as the client. */
@Timeout(60)
class OscoreServerTest {
  private static final String SALT = "9e7ca92223786340";

  @RegisterExtension final OwnServer server = new OwnServer();
  private final List<byte[]> sent = new CopyOnWriteArrayList<>();
  private CoapEndpoint client;
  private HashMapCtxDB contexts;

  @BeforeEach
  void start() throws Exception {
    server.start(
        OwnServer.identity("kitchen", config("01", "02", SALT)),
        OwnServer.identity("cellar", config("01", "03", SALT)));
    client = client("02");
  }

  @AfterEach
  void stop() {
    client.destroy();
  }

  private CoapEndpoint client(String id) throws Exception {
    contexts = new HashMapCtxDB();
    OSCoreCtx context =
        new OSCoreCtx(
            hex("0102030405060708090a0b0c0d0e0f10"),
            true,
            null,
            hex(id),
            hex("01"),
            null,
            32,
            hex(SALT),
            null,
            100_000);
    contexts.addContext("coap://127.0.0.1:" + server.address().getPort(), context);
    CoapEndpoint endpoint =
        new CoapEndpoint.Builder()
            .setConfiguration(OwnServer.clientConfiguration())
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .setOptionRegistry(OcfOption.REGISTRY)
            .setCoapStackFactory(new OSCoreCoapStackFactory())
            .setCustomCoapStackArgument(contexts)
            .build();
    endpoint.addPostProcessInterceptor(
        new MessageInterceptorAdapter() {
          @Override
          public void sendRequest(Request request) {
            sent.add(request.getBytes());
          }
        });
    endpoint.start();
    return endpoint;
  }

  private Request secured(Code code, String path) {
    Request request = new Request(code);
    request.setURI("coap://127.0.0.1:" + server.address().getPort() + path);
    request.getOptions().setOscore(new byte[0]);
    return request;
  }

  private Response ask(CoapEndpoint from, Request request) throws Exception {
    from.sendRequest(request);
    return request.waitForResponse(10_000);
  }

  /** Shows that this is no recording, as the first request has to. */
  private static byte[] echo(Response challenge) {
    assertThat(challenge.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    return challenge.getOptions().getOthers(StandardOptionRegistry.ECHO).get(0).getValue();
  }

  private void shakeHands(CoapEndpoint from) throws Exception {
    byte[] echo = echo(ask(from, secured(Code.GET, "/oic/d")));
    Request again = secured(Code.GET, "/oic/d");
    again.getOptions().addOption(StandardOptionRegistry.ECHO.create(echo));
    assertThat(ask(from, again).getCode()).isEqualTo(ResponseCode.CONTENT);
    server.asked.clear();
  }

  @Test
  void firstRequest_mustBeNoRecording() throws Exception {
    Response first = ask(client, secured(Code.GET, "/oic/res"));

    assertThat(first.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    assertThat(first.getOptions().hasOscore()).as("protected itself").isTrue();
    assertThat(server.asked).isEmpty();
    shakeHands(client);
  }

  @Test
  void context_isAnIdentityThatIsSecure() throws Exception {
    shakeHands(client);

    Response answer = ask(client, secured(Code.GET, "/oic/res?rt=a"));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(OwnServer.json(answer)).isEqualTo(OwnServer.LINKS);
    assertThat(server.asked.get(0).caller().identity()).isEqualTo("oscore:kitchen");
    assertThat(server.asked.get(0).caller().secure()).isTrue();
    assertThat(server.asked.get(0).request().path()).hasToString("/oic/res?rt=a");
  }

  @Test
  void plainRequests_areServedAsBefore() throws Exception {
    assertThat(server.send(get("/oic/res")).getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(server.asked.get(0).caller().stranger()).isTrue();
  }

  @Test
  void replayedRequest_isRefused() throws Exception {
    shakeHands(client);
    ask(client, secured(Code.POST, "/oic/rd"));
    byte[] recorded = sent.get(sent.size() - 1);
    assertThat(server.asked).hasSize(1);

    try (DatagramSocket attacker = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      attacker.send(new DatagramPacket(recorded, recorded.length, server.address()));
      byte[] answer = CoapGateway.bytes(CoapGateway.receive(attacker));
      assertThat(answer[1]).as("4.01").isEqualTo((byte) 0x81);
    }
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void requestSentAgain_isAnsweredAgainAndNotCarriedOutAgain() throws Exception {
    try (DatagramSocket raw = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      shakeHands(client);
      // Made by hand, so that the server sees it first from here.
      Request request = secured(Code.POST, "/oic/rd");
      request.setType(CoAP.Type.CON);
      request.setMID(77);
      request.setToken(new byte[] {7});
      Request made = ObjectSecurityLayer.prepareSend(contexts, request);
      byte[] unseen = new UdpDataSerializer().getByteArray(made);
      raw.send(new DatagramPacket(unseen, unseen.length, server.address()));
      byte[] first = CoapGateway.bytes(CoapGateway.receive(raw));
      raw.send(new DatagramPacket(unseen, unseen.length, server.address()));
      byte[] second = CoapGateway.bytes(CoapGateway.receive(raw));

      assertThat(second).isEqualTo(first);
      assertThat(server.asked).hasSize(1);
    }
  }

  @Test
  void proxyThatIsNamedOutsideOfTheProtection_isNotServed() throws Exception {
    shakeHands(client);
    Request request = secured(Code.POST, "/light");
    request.setType(CoAP.Type.CON);
    request.setMID(77);
    request.setToken(new byte[] {7});
    Request made = ObjectSecurityLayer.prepareSend(contexts, request);
    made.getOptions().setProxyScheme("coap").setUriHost("11111111-1111-4111-8111-111111111111");
    byte[] changed = new UdpDataSerializer().getByteArray(made);
    try (DatagramSocket attacker = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      attacker.send(new DatagramPacket(changed, changed.length, server.address()));
      CoapGateway.receive(attacker);
    }

    assertThat(server.asked).isEmpty();
  }

  @Test
  void forgedRequest_doesNotMoveTheWindow() throws Exception {
    shakeHands(client);
    ask(client, secured(Code.GET, "/oic/d"));
    byte[] forged = sent.get(sent.size() - 1).clone();
    forged[forged.length - 1]++;
    try (DatagramSocket attacker = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      attacker.send(new DatagramPacket(forged, forged.length, server.address()));
      assertThat(CoapGateway.bytes(CoapGateway.receive(attacker))[1])
          .as("4.00")
          .isEqualTo((byte) 0x80);
    }

    assertThat(ask(client, secured(Code.GET, "/oic/d")).getCode()).isEqualTo(ResponseCode.CONTENT);
  }

  @Test
  void twoClients_getTheirOwnAnswersThoughTheirTokensAreEqual() throws Exception {
    CoapEndpoint other = client("03");
    try {
      shakeHands(client);
      shakeHands(other);
      server.answers(own -> ok("\"" + own.caller().identity() + "\""));
      Request one = secured(Code.GET, "/oic/d");
      one.setToken(new byte[] {7});
      Request two = secured(Code.GET, "/oic/d");
      two.setToken(new byte[] {7});
      client.sendRequest(one);
      other.sendRequest(two);

      assertThat(OwnServer.json(one.waitForResponse(10_000))).contains("kitchen");
      assertThat(OwnServer.json(two.waitForResponse(10_000))).contains("cellar");
    } finally {
      other.destroy();
    }
  }

  @Test
  void longBodies_travelInBlocksThatAreProtectedEach() throws Exception {
    shakeHands(client);
    String body = "{\"a\":\"" + "x".repeat(5000) + "\"}";
    server.answers(own -> ok(own.request().body()));
    Request request = secured(Code.POST, "/oic/rd");
    request.setPayload(body);
    request.getOptions().setContentFormat(ContentFormat.JSON).setAccept(ContentFormat.JSON);

    assertThat(ask(client, request).getPayloadString()).isEqualTo(body);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void observer_isToldUnderProtection() throws Exception {
    shakeHands(client);
    server.answers(own -> ok("1").with("Observe", "0"));
    BlockingQueue<Object> answers =
        OwnServer.collect(client, secured(Code.GET, "/oic/d").setObserve(), server.address());
    assertThat(OwnServer.json((Response) answers.poll(10, TimeUnit.SECONDS))).isEqualTo("1");

    for (String state : List.of("2", "3")) {
      server.answers(own -> ok(state).with("Observe", "0"));
      Contracts.OWN_CHANGED.publish(
          server.vertx().eventBus(), Contracts.HOME, new OwnChange("/oic/d"));
      Response told = (Response) answers.poll(10, TimeUnit.SECONDS);
      assertThat(OwnServer.json(told)).isEqualTo(state);
    }
  }

  @Test
  void observationThatAProxyDoesNotTakePartIn_isNone() throws Exception {
    try (DatagramSocket raw = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      shakeHands(client);
      server.answers(own -> ok("1").with("Observe", "0"));
      Request request = secured(Code.GET, "/oic/d").setObserve();
      request.setType(CoAP.Type.CON);
      request.setMID(78);
      request.setToken(new byte[] {8});
      Request made = ObjectSecurityLayer.prepareSend(contexts, request);
      made.getOptions().removeObserve();
      byte[] bytes = new UdpDataSerializer().getByteArray(made);
      raw.send(new DatagramPacket(bytes, bytes.length, server.address()));

      byte[] answer = CoapGateway.bytes(CoapGateway.receive(raw));
      assertThat(answer[1]).as("2.04, not 2.05 of a notification").isEqualTo((byte) 0x44);
      assertThat(server.asked.get(0).request().headers().get("Observe")).isEmpty();
    }
  }

  @Test
  void unknownContext_isRefused() throws Exception {
    CoapEndpoint stranger = client("04");
    try {
      assertThat(ask(stranger, secured(Code.GET, "/oic/d")).getCode())
          .isEqualTo(ResponseCode.UNAUTHORIZED);
      assertThat(server.asked).isEmpty();
    } finally {
      stranger.destroy();
    }
  }

  @Test
  void withoutAnyContext_theOptionIsOneThatIsNotUnderstood() throws Exception {
    server.stop();
    server.start(
        OwnServer.identity(
            "x",
            new IdentityConfig.Source(org.oicbridge.config.AddressPrefix.parse("192.0.2.0/24"))));
    Request request = get("/oic/d");
    request.getOptions().setOscore(new byte[] {9, 0, 2});

    assertThat(server.send(request).getCode()).isEqualTo(ResponseCode.BAD_OPTION);
  }
}
