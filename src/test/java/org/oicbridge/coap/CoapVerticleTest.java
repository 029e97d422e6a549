package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

@Timeout(30)
class CoapVerticleTest {
  private static final Jid ACCOUNT = Jid.parse("john@example.org");
  private static final byte[] LIGHT = HexFormat.of().parseHex("a16576616c7565f5");
  private static final String LIGHT_JSON = "{\"value\":true}";
  private static final int MAX_BODY = 300_000;

  private Vertx vertx;
  private String deployment;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    deploy(1, 2);
  }

  private void deploy(int nstart, int queue) throws Exception {
    deploy(new CoapConfig("127.0.0.1", nstart, queue, Duration.ofSeconds(2), 4, 1024, MAX_BODY));
  }

  private void deploy(CoapConfig config) throws Exception {
    if (deployment == null) {
      Contracts.register(vertx);
    } else {
      await(vertx.undeploy(deployment));
    }
    deployment = await(vertx.deployVerticle(new CoapVerticle(3, config)));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Future<CrudnResponse> send(
      DeviceConfig device, Operation operation, String path, String body, Duration deadline) {
    return send(device, operation, path, Headers.NONE, body, deadline);
  }

  private Future<CrudnResponse> send(
      DeviceConfig device,
      Operation operation,
      String path,
      Headers headers,
      String body,
      Duration wait) {
    CrudnRequest request =
        new CrudnRequest(
            ACCOUNT,
            device.di(),
            operation,
            ResourcePath.parse(path),
            headers,
            body,
            ACCOUNT,
            CrudnRequest.Via.SHORTEST,
            Deadline.in(wait));
    return Contracts.DEVICE.request(
        vertx.eventBus(), 3, new DeviceRequest(device, request), Deadline.in(wait.plusSeconds(10)));
  }

  private CrudnResponse ask(DeviceConfig device, Operation operation, String path, String body)
      throws Exception {
    return await(send(device, operation, path, body, Duration.ofSeconds(10)));
  }

  private CrudnResponse get(DeviceConfig device, String path) throws Exception {
    return ask(device, Operation.RETRIEVE, path, null);
  }

  private static void assertProblem(CrudnResponse response, Status status, String type) {
    assertThat(response.problem()).as("%s", response).isNotNull();
    assertThat(response.problem().type()).isEqualTo(type);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.body()).isNull();
  }

  private static Response light(Request request) {
    return TestDevice.content(
        Math.max(request.getOptions().getAccept(), ContentFormat.CBOR), LIGHT);
  }

  // The three eras

  @Test
  void ocfDevice_isSpokenToWithVersions() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light)) {
      CrudnResponse read = get(device.config(), "/a/light?if=oic.if.baseline&x=%C3%BC");

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
      CrudnResponse write = ask(device.config(), Operation.UPDATE, "/a/light", "{\"value\":true}");

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
    try (TestDevice device = new TestDevice(TestDevice.legacyBehaviour(CoapVerticleTest::light))) {
      assertThat(get(device.config(), "/a/light").body()).isEqualTo(LIGHT_JSON);
      assertThat(ask(device.config(), Operation.CREATE, "/a/light", "{\"value\":true}").status())
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
      assertThat(get(device.config(), "/time").body()).isEqualTo("\"Nov 22 10:27:38\"");
      assertThat(device.lastRequest().getOptions().hasAccept()).isFalse();
      assertThat(OcfOption.version(device.lastRequest().getOptions(), OcfOption.ACCEPT_VERSION))
          .isEqualTo(-1);

      ask(device.config(), Operation.CREATE, "/x", "{ \"value\" : true }");
      assertThat(device.lastRequest().getOptions().getContentFormat()).isEqualTo(50);
      assertThat(device.lastRequest().getPayloadString()).isEqualTo("{ \"value\" : true }");

      device.becomes(r -> TestDevice.content(ContentFormat.CBOR, LIGHT));
      assertThat(get(device.config(), "/x").body()).isEqualTo(LIGHT_JSON);
      ask(device.config(), Operation.CREATE, "/x", "{ \"value\" : true }");
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
                    : TestDevice.plainBehaviour(CoapVerticleTest::light).apply(r))) {
      assertThat(get(device.config(), "/x").body()).isEqualTo(LIGHT_JSON);
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
      assertThat(get(device.config(), "/a").body()).isEqualTo("{\"v\":1.50,\"s\":\"\\ufffe\"}");
      assertThat(device.lastRequest().getOptions().getAccept()).isEqualTo(50);
    }
  }

  @Test
  void deviceThatChangedItsEra_isDetectedAgain() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light)) {
      assertThat(get(device.config(), "/a").body()).isEqualTo(LIGHT_JSON);

      device.becomes(TestDevice.legacyBehaviour(CoapVerticleTest::light));
      assertThat(get(device.config(), "/a").body()).isEqualTo(LIGHT_JSON);
      assertThat(device.lastRequest().getOptions().getAccept()).isEqualTo(60);
      assertThat(device.discoveries()).isEqualTo(3);
    }
  }

  @Test
  void refusalThatStays_isDetectedAgainOnlyOnce() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light)) {
      get(device.config(), "/a");
      device.becomes(
          TestDevice.ocfBehaviour(r -> new Response(ResponseCode.UNSUPPORTED_CONTENT_FORMAT)));

      for (int i = 0; i < 5; i++) {
        assertThat(ask(device.config(), Operation.UPDATE, "/a", "{}").status())
            .isEqualTo(Status.UNSUPPORTED_MEDIA_TYPE);
      }
      assertThat(device.discoveries()).isEqualTo(2);
    }
  }

  @Test
  void firstRequests_shareOneDetection() throws Exception {
    deploy(4, 10);
    try (TestDevice device = new TestDevice(r -> TestDevice.isDiscovery(r) ? null : light(r))) {
      Future<CrudnResponse> first =
          send(device.config(), Operation.RETRIEVE, "/1", null, Duration.ofSeconds(10));
      Future<CrudnResponse> second =
          send(device.config(), Operation.RETRIEVE, "/2", null, Duration.ofSeconds(10));
      Exchange discovery = device.held.take();
      // Both are under way once the bus has answered a third that ends at once.
      assertProblem(
          ask(device.config(), Operation.UPDATE, "/3", "nonsense"), Status.BAD_REQUEST, "bad-json");
      discovery.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, TestDevice.OCF_LINKS));

      assertThat(await(first).status()).isEqualTo(Status.OK);
      assertThat(await(second).status()).isEqualTo(Status.OK);
      assertThat(device.discoveries()).isEqualTo(1);
    }
  }

  @Test
  void detectionOnAShorterDeadline_doesNotEndOthers() throws Exception {
    deploy(4, 10);
    try (TestDevice device = new TestDevice(r -> TestDevice.isDiscovery(r) ? null : light(r))) {
      Future<CrudnResponse> hasty =
          send(device.config(), Operation.RETRIEVE, "/1", null, Duration.ofMillis(300));
      Future<CrudnResponse> patient =
          send(device.config(), Operation.RETRIEVE, "/2", null, Duration.ofSeconds(10));

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
      assertProblem(get(device.config(), "/a"), Status.UNAVAILABLE, "detection-failed");

      device.becomes(TestDevice.ocfBehaviour(CoapVerticleTest::light));
      assertThat(get(device.config(), "/a").status()).isEqualTo(Status.OK);
    }
  }

  // Time

  @Test
  void silentDevice_isGivenUpAtTheDeadline() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DeviceConfig device = TestDevice.config("coap://127.0.0.1:" + silent.getLocalPort());

      assertProblem(
          await(send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(200))),
          Status.TIMEOUT,
          "device-silent");
    }
  }

  @Test
  void silentDevice_isGivenUpAfterTheLastRetransmission() throws Exception {
    deploy(new CoapConfig("127.0.0.1", 1, 1, Duration.ofMillis(50), 0, 1024, MAX_BODY));
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DeviceConfig device = TestDevice.config("coap://127.0.0.1:" + silent.getLocalPort());

      assertProblem(get(device, "/a"), Status.TIMEOUT, "device-silent");
    }
  }

  @Test
  void lostDatagram_isSentAgain() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    deploy(new CoapConfig("127.0.0.1", 1, 1, Duration.ofMillis(50), 4, 1024, MAX_BODY));
    try (DatagramSocket lossy = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DeviceConfig device = TestDevice.config("coap://127.0.0.1:" + lossy.getLocalPort());
      Future<CrudnResponse> answer =
          send(device, Operation.RETRIEVE, "/a", null, Duration.ofSeconds(10));
      DatagramPacket first = receive(lossy);
      DatagramPacket second = receive(lossy);

      assertThat(second.getLength()).isEqualTo(first.getLength());
      assertThat(bytes(second)).isEqualTo(bytes(first));
      reply(lossy, second, ack("84")); // 4.04: plain
      reply(lossy, receive(lossy), ack("45"));
      assertThat(await(answer).status()).isEqualTo(Status.OK);
      assertThat(registry.counter("oicgw.coap.retransmissions").count()).isPositive();
      assertThat(registry.get("oicgw.coap.requests").tag("outcome", "answered").timer().count())
          .isEqualTo(1);
      assertThat(registry.get("oicgw.coap.detections").tag("era", "plain").counter().count())
          .isEqualTo(1);
      assertThat(registry.get("oicgw.coap.devices").tag("shard", "3").gauge().value()).isEqualTo(1);
      assertThat(registry.get("oicgw.coap.in.flight").gauge().value()).isZero();
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  @Test
  void separateAnswer_isAwaited() throws Exception {
    try (TestDevice device = TestDevice.ocf(r -> null)) {
      Future<CrudnResponse> answer =
          send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofSeconds(10));
      Exchange held = device.held.take();
      held.sendAccept();
      assertThat(answer.isComplete()).isFalse();

      held.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      assertThat(await(answer).body()).isEqualTo(LIGHT_JSON);
    }
  }

  @Test
  void deviceThatOnlyAcknowledges_isAnotherTimeout() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light)) {
      get(device.config(), "/a");
      device.becomes(r -> null);
      Future<CrudnResponse> answer =
          send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofMillis(400));
      device.held.take().sendAccept();

      assertProblem(await(answer), Status.TIMEOUT, "deadline");
    }
  }

  @Test
  void answerAfterTheDeadline_isIgnored() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light)) {
      get(device.config(), "/a");
      device.becomes(r -> null);
      Future<CrudnResponse> answer =
          send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofMillis(200));
      Exchange held = device.held.take();
      assertProblem(await(answer), Status.TIMEOUT, "device-silent");

      held.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      device.becomes(TestDevice.ocfBehaviour(r -> new Response(ResponseCode.NOT_FOUND)));
      assertThat(get(device.config(), "/b").status()).isEqualTo(Status.NOT_FOUND);
    }
  }

  // The queue

  @Test
  void requestsOfOneDevice_takeTurnsInOrderAndOthersGoOn() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light);
        TestDevice other = TestDevice.ocf(CoapVerticleTest::light)) {
      get(device.config(), "/0");
      device.becomes(r -> null);
      Duration wait = Duration.ofSeconds(10);
      Future<CrudnResponse> a = send(device.config(), Operation.RETRIEVE, "/a", null, wait);
      Exchange first = device.held.take();
      Future<CrudnResponse> b = send(device.config(), Operation.RETRIEVE, "/b", null, wait);
      Future<CrudnResponse> c = send(device.config(), Operation.RETRIEVE, "/c", null, wait);
      CrudnResponse over = get(device.config(), "/d");

      assertProblem(over, Status.TOO_MANY_REQUESTS, "queue-full");
      assertThat(over.headers().get("Retry-After")).contains("1");
      assertThat(get(other.config(), "/x").status()).isEqualTo(Status.OK);
      assertThat(device.lastRequest().getOptions().getUriPathString()).isEqualTo("a");

      first.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      assertThat(await(a).status()).isEqualTo(Status.OK);
      Exchange second = device.held.take();
      assertThat(second.getRequest().getOptions().getUriPathString()).isEqualTo("b");
      assertThat(device.held).isEmpty();
      second.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      assertThat(await(b).status()).isEqualTo(Status.OK);
      device.held.take().sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      assertThat(await(c).status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void requestWhoseDeadlinePassesInTheQueue_isNeverSent() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light)) {
      get(device.config(), "/0");
      device.becomes(r -> null);
      Future<CrudnResponse> first =
          send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofSeconds(10));
      Exchange held = device.held.take();
      CrudnResponse late =
          await(send(device.config(), Operation.UPDATE, "/b", "{}", Duration.ofMillis(100)));

      assertProblem(late, Status.TIMEOUT, "deadline");
      held.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      await(first);
      device.becomes(TestDevice.ocfBehaviour(CoapVerticleTest::light));
      get(device.config(), "/c");
      assertThat(device.requests)
          .extracting(r -> r.getOptions().getUriPathString())
          .containsExactly("oic/res", "0", "a", "c");
    }
  }

  // Bodies

  @Test
  void longAnswer_arrivesInBlocks() throws Exception {
    String text = "x".repeat(200_000);
    byte[] cbor = JsonBody.toCbor("{\"t\":\"" + text + "\"}");
    try (TestDevice device =
        TestDevice.ocf(r -> TestDevice.content(ContentFormat.OCF_CBOR, cbor))) {
      assertThat(get(device.config(), "/a").body()).isEqualTo("{\"t\":\"" + text + "\"}");
    }
  }

  @Test
  void answerOverTheLimit_isRefused() throws Exception {
    byte[] cbor = JsonBody.toCbor("\"" + "x".repeat(MAX_BODY) + "\"");
    try (TestDevice device =
        TestDevice.ocf(r -> TestDevice.content(ContentFormat.OCF_CBOR, cbor))) {
      assertProblem(get(device.config(), "/a"), Status.BAD_GATEWAY, "answer-too-large");
      device.becomes(TestDevice.ocfBehaviour(CoapVerticleTest::light));
      assertThat(get(device.config(), "/a").status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void longBody_isSentInBlocks() throws Exception {
    String body = "{\"t\":\"" + "y".repeat(100_000) + "\"}";
    try (TestDevice device = TestDevice.ocf(r -> new Response(ResponseCode.CHANGED))) {
      assertThat(ask(device.config(), Operation.UPDATE, "/a", body).status())
          .isEqualTo(Status.NO_CONTENT);
      assertThat(CborReader.toJson(device.lastRequest().getPayload())).isEqualTo(body);
    }
  }

  @Test
  void bodyOverTheLimit_isRefusedUnsent() throws Exception {
    try (TestDevice device = TestDevice.ocf(r -> new Response(ResponseCode.CHANGED))) {
      for (int length : new int[] {MAX_BODY, 5 * MAX_BODY}) {
        String body = "\"" + "y".repeat(length) + "\"";
        assertProblem(
            ask(device.config(), Operation.UPDATE, "/a", body),
            Status.CONTENT_TOO_LARGE,
            "body-too-large");
      }
      assertThat(device.requests).isEmpty();
    }
  }

  @Test
  void emptyAnswer_isNoBody() throws Exception {
    try (TestDevice device = TestDevice.ocf(r -> new Response(ResponseCode.CONTENT))) {
      CrudnResponse response = get(device.config(), "/a");

      assertThat(response.status()).isEqualTo(Status.OK);
      assertThat(response.body()).isNull();
      assertThat(response.headers().get("Content-Type")).isEmpty();
    }
  }

  @Test
  void deadlineAmidBlocks_endsTheTransfer() throws Exception {
    deploy(new CoapConfig("127.0.0.1", 1, 1, Duration.ofMillis(50), 4, 1024, MAX_BODY));
    try (DatagramSocket raw = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DeviceConfig device = TestDevice.config("coap://127.0.0.1:" + raw.getLocalPort());
      Future<CrudnResponse> response =
          send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(600));
      reply(raw, receive(raw), ack("84"));
      // 2.05 with the first 16 bytes of a longer body: Block2 0/1/16.
      UnaryOperator<byte[]> block =
          asked -> {
            byte[] head = ack("45").apply(asked);
            byte[] whole = Arrays.copyOf(head, head.length + 4 + 16);
            System.arraycopy(HexFormat.of().parseHex("d10a08ff"), 0, whole, head.length, 4);
            return whole;
          };
      reply(raw, receive(raw), block);
      assertProblem(await(response), Status.TIMEOUT, "device-silent");
      // The second block was asked for up to four times by then; a fifth time would come within
      // 50 ms times 1.5 times 2^3 of the fourth.
      assertThat(packetsUntilQuiet(raw)).isBetween(2, 4);
    }
  }

  private static int packetsUntilQuiet(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(900);
    for (int count = 0; ; count++) {
      try {
        socket.receive(new DatagramPacket(new byte[2048], 2048));
      } catch (SocketTimeoutException e) {
        return count;
      }
    }
  }

  // Bad answers

  @Test
  void payloadThatIsNoCbor_isABadAnswer() throws Exception {
    try (TestDevice device =
        TestDevice.ocf(r -> TestDevice.content(ContentFormat.OCF_CBOR, new byte[] {(byte) 0xff}))) {
      assertProblem(get(device.config(), "/a"), Status.BAD_GATEWAY, "bad-answer");
    }
  }

  @Test
  void reset_isABadAnswer() throws Exception {
    rawAnswer(asked -> new byte[] {0x70, 0, asked[2], asked[3]}, "bad-answer");
  }

  @Test
  void malformedMessage_isABadAnswer() throws Exception {
    // An option whose length runs out of the datagram.
    rawAnswer(
        asked -> {
          byte[] whole = Arrays.copyOf(ack("45").apply(asked), asked.length + 1);
          whole[4 + (asked[0] & 15)] = (byte) 0x4e;
          return Arrays.copyOf(whole, 5 + (asked[0] & 15));
        },
        "bad-answer");
  }

  @Test
  void unknownCriticalOption_isABadAnswer() throws Exception {
    rawAnswer(
        asked -> {
          byte[] head = ack("45").apply(asked);
          byte[] whole = Arrays.copyOf(head, head.length + 1);
          whole[head.length] = (byte) 0xd0;
          byte[] option = Arrays.copyOf(whole, whole.length + 1);
          option[whole.length] = 52; // option 65
          return option;
        },
        "bad-answer");
  }

  @Test
  void datagramThatIsNoCoap_isIgnored() throws Exception {
    rawAnswer(asked -> new byte[] {1, 2}, "device-silent");
  }

  @Test
  void answerToAnotherRequest_isIgnored() throws Exception {
    rawAnswer(
        asked -> {
          byte[] answer = ack("45").apply(asked);
          answer[answer.length - 1] ^= 1;
          return answer;
        },
        "device-silent");
  }

  private void rawAnswer(UnaryOperator<byte[]> answer, String type) throws Exception {
    try (DatagramSocket raw = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DeviceConfig device = TestDevice.config("coap://127.0.0.1:" + raw.getLocalPort());
      Future<CrudnResponse> response =
          send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(1500));
      reply(raw, receive(raw), answer);

      assertProblem(
          await(response), type.equals("bad-answer") ? Status.BAD_GATEWAY : Status.TIMEOUT, type);
    }
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    socket.setSoTimeout(10_000);
    socket.receive(packet);
    return packet;
  }

  private static byte[] bytes(DatagramPacket packet) {
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private static void reply(DatagramSocket socket, DatagramPacket to, UnaryOperator<byte[]> answer)
      throws IOException {
    byte[] bytes = answer.apply(bytes(to));
    socket.send(new DatagramPacket(bytes, bytes.length, to.getSocketAddress()));
  }

  /** A piggybacked answer with a code in hex, and the token of the request. */
  private static UnaryOperator<byte[]> ack(String code) {
    return asked -> {
      byte[] answer = Arrays.copyOf(asked, 4 + (asked[0] & 15));
      answer[0] = (byte) (0x60 | (asked[0] & 15));
      answer[1] = HexFormat.of().parseHex(code)[0];
      return answer;
    };
  }

  // Addresses

  @Test
  void base_standsBeforeEveryPath() throws Exception {
    try (TestDevice device =
        TestDevice.ocf(
            r -> {
              Response created = new Response(ResponseCode.CREATED);
              created.getOptions().setLocationPath("lamps/7/x y");
              return created;
            })) {
      DeviceConfig config = TestDevice.config(device.config().endpoint() + "/lamps/7/");
      CrudnResponse response = ask(config, Operation.CREATE, "/a", "{}");

      assertThat(response.status()).isEqualTo(Status.CREATED);
      assertThat(response.headers().get("Location")).contains("/x%20y");
      assertThat(device.requests)
          .extracting(r -> r.getOptions().getUriPathString())
          .containsExactly("lamps/7/oic/res", "lamps/7/a");
    }
  }

  @Test
  void endpointThatCantBe_isAnsweredToo() throws Exception {
    assertProblem(
        get(TestDevice.config("coap://127.0.0.1/../x"), "/a"), Status.INTERNAL_ERROR, "internal");
  }

  @Test
  void hostName_isResolved() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light)) {
      int port = device.config().endpoint().getPort();
      assertThat(get(TestDevice.config("coap://localhost:" + port), "/a").status())
          .isEqualTo(Status.OK);
      assertThat(get(TestDevice.config("coap://localhost:" + port), "/a").status())
          .isEqualTo(Status.OK);
    }
  }

  @Test
  void unknownHostName_isUnreachable() throws Exception {
    try (DatagramSocket dns = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      await(vertx.close());
      vertx =
          Vertx.vertx(
              new VertxOptions()
                  .setAddressResolverOptions(
                      new AddressResolverOptions()
                          .addServer("127.0.0.1:" + dns.getLocalPort())
                          .setQueryTimeout(100)
                          .setMaxQueries(1)));
      deployment = null;
      deploy(1, 1);

      assertProblem(
          get(TestDevice.config("coap://lamp.invalid"), "/a"),
          Status.UNAVAILABLE,
          "device-unreachable");
    }
  }

  @Test
  void portZeroAndMulticast_areUnreachable() throws Exception {
    for (String endpoint : new String[] {"coap://127.0.0.1:0", "coap://224.0.1.187"}) {
      assertProblem(
          get(TestDevice.config(endpoint), "/a"), Status.UNAVAILABLE, "device-unreachable");
    }
  }

  // The verticle

  @Test
  void expiredRequest_isNotSent() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapVerticleTest::light)) {
      assertProblem(
          await(send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofNanos(-1))),
          Status.TIMEOUT,
          "deadline");
      assertThat(device.requests).isEmpty();
    }
  }

  @Test
  void stop_endsWhatIsUnderWay() throws Exception {
    try (TestDevice device = TestDevice.ocf(r -> null)) {
      Future<CrudnResponse> sent =
          send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofSeconds(20));
      device.held.take();
      Future<CrudnResponse> queued =
          send(device.config(), Operation.RETRIEVE, "/b", null, Duration.ofSeconds(20));
      assertProblem(
          ask(device.config(), Operation.UPDATE, "/c", "x"), Status.BAD_REQUEST, "bad-json");
      await(vertx.undeploy(deployment));

      assertProblem(await(sent), Status.UNAVAILABLE, "stopping");
      assertProblem(await(queued), Status.UNAVAILABLE, "stopping");
    }
  }

  @Test
  void requestFromAStranger_isNotAnswered() throws Exception {
    try (DatagramSocket raw = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DeviceConfig device = TestDevice.config("coap://127.0.0.1:" + raw.getLocalPort());
      Future<CrudnResponse> response =
          send(device, Operation.RETRIEVE, "/a", null, Duration.ofSeconds(10));
      DatagramPacket asked = receive(raw);
      // A CON GET back to the gateway's socket, then the answers that it waits for.
      reply(raw, asked, bytes -> new byte[] {0x40, 1, 0x12, 0x34});
      reply(raw, asked, ack("84"));
      DatagramPacket next = receive(raw);
      assertThat(next.getData()[1])
          .as("GET, no answer or reset to the stranger")
          .isEqualTo((byte) 1);
      reply(raw, next, ack("45"));

      assertThat(await(response).status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void californium_hasNoThreadsOfItsOwn() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      DeviceConfig device = TestDevice.config("coap://127.0.0.1:" + silent.getLocalPort());
      await(send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(50)));

      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .noneMatch(name -> name.contains("UDP-") && name.contains("127.0.0.1:0"))
          .noneMatch(name -> name.contains("CoapEndpoint"));
    }
  }
}
