package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.CoapGateway.LIGHT;
import static org.oicbridge.coap.CoapGateway.LIGHT_JSON;
import static org.oicbridge.coap.CoapGateway.MAX_BODY;
import static org.oicbridge.coap.CoapGateway.ack;
import static org.oicbridge.coap.CoapGateway.assertProblem;
import static org.oicbridge.coap.CoapGateway.await;
import static org.oicbridge.coap.CoapGateway.bytes;
import static org.oicbridge.coap.CoapGateway.receive;
import static org.oicbridge.coap.CoapGateway.reply;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Outcome;
import org.oicbridge.crudn.Status;

/** What time does to a request. */
@Timeout(30)
class DeadlineTest {
  @RegisterExtension final CoapGateway gateway = new CoapGateway();

  @Test
  void silentDevice_isGivenUpAtTheDeadline() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      HostedDevice device = TestDevice.config("coap://127.0.0.1:" + silent.getLocalPort());

      assertProblem(
          await(gateway.send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(200))),
          Status.TIMEOUT,
          "device-silent");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 5000})
  void silentDevice_mayHaveDoneWhatItWasSentButNotWhatItWasNotSent(int length) throws Exception {
    String body = "\"" + "x".repeat(length) + "\"";
    Duration wait = Duration.ofMillis(300);
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      gateway.get(device.config(), "/a");
      device.becomes(r -> null);
      CrudnResponse sent = await(gateway.send(device.config(), Operation.UPDATE, "/a", body, wait));
      assertThat(sent.problem().outcome()).isEqualTo(Outcome.UNKNOWN);
    }
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      HostedDevice device = TestDevice.config("coap://127.0.0.1:" + silent.getLocalPort());
      // Only discovery has asked it anything.
      CrudnResponse unsent = await(gateway.send(device, Operation.UPDATE, "/a", body, wait));
      assertThat(unsent.problem().outcome()).isEqualTo(Outcome.NOT_SENT);
    }
  }

  @Test
  void silentDevice_isGivenUpAfterTheLastRetransmission() throws Exception {
    gateway.deploy(
        new CoapConfig("127.0.0.1", 1, 1, Duration.ofMillis(50), 0, 1024, MAX_BODY, null));
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      HostedDevice device = TestDevice.config("coap://127.0.0.1:" + silent.getLocalPort());

      assertProblem(gateway.get(device, "/a"), Status.TIMEOUT, "device-silent");
    }
  }

  @Test
  void lostDatagram_isSentAgain() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    gateway.deploy(
        new CoapConfig("127.0.0.1", 1, 1, Duration.ofMillis(50), 4, 1024, MAX_BODY, null));
    try (DatagramSocket lossy = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      HostedDevice device = TestDevice.config("coap://127.0.0.1:" + lossy.getLocalPort());
      Future<CrudnResponse> answer =
          gateway.send(device, Operation.RETRIEVE, "/a", null, Duration.ofSeconds(10));
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
          gateway.send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofSeconds(10));
      Exchange held = device.held.take();
      held.sendAccept();
      assertThat(answer.isComplete()).isFalse();

      held.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      assertThat(await(answer).body()).isEqualTo(LIGHT_JSON);
    }
  }

  @Test
  void deviceThatOnlyAcknowledges_isAnotherTimeout() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      gateway.get(device.config(), "/a");
      device.becomes(r -> null);
      Future<CrudnResponse> answer =
          gateway.send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofMillis(400));
      device.held.take().sendAccept();

      assertProblem(await(answer), Status.TIMEOUT, "deadline");
    }
  }

  @Test
  void answerAfterTheDeadline_isIgnored() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      gateway.get(device.config(), "/a");
      device.becomes(r -> null);
      Future<CrudnResponse> answer =
          gateway.send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofMillis(200));
      Exchange held = device.held.take();
      assertProblem(await(answer), Status.TIMEOUT, "device-silent");

      held.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      device.becomes(TestDevice.ocfBehaviour(r -> new Response(ResponseCode.NOT_FOUND)));
      assertThat(gateway.get(device.config(), "/b").status()).isEqualTo(Status.NOT_FOUND);
    }
  }

  @Test
  void requestsOfOneDevice_takeTurnsInOrderAndOthersGoOn() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapGateway::light);
        TestDevice other = TestDevice.ocf(CoapGateway::light)) {
      gateway.get(device.config(), "/0");
      device.becomes(r -> null);
      Duration wait = Duration.ofSeconds(10);
      Future<CrudnResponse> a = gateway.send(device.config(), Operation.RETRIEVE, "/a", null, wait);
      Exchange first = device.held.take();
      Future<CrudnResponse> b = gateway.send(device.config(), Operation.RETRIEVE, "/b", null, wait);
      Future<CrudnResponse> c = gateway.send(device.config(), Operation.RETRIEVE, "/c", null, wait);
      CrudnResponse over = gateway.get(device.config(), "/d");

      assertProblem(over, Status.TOO_MANY_REQUESTS, "queue-full");
      assertThat(over.headers().get("Retry-After")).contains("1");
      assertThat(gateway.get(other.config(), "/x").status()).isEqualTo(Status.OK);
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
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      gateway.get(device.config(), "/0");
      device.becomes(r -> null);
      Future<CrudnResponse> first =
          gateway.send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofSeconds(10));
      Exchange held = device.held.take();
      CrudnResponse late =
          await(
              gateway.send(device.config(), Operation.UPDATE, "/b", "{}", Duration.ofMillis(100)));

      assertProblem(late, Status.UNAVAILABLE, "not-sent");
      held.sendResponse(TestDevice.content(ContentFormat.OCF_CBOR, LIGHT));
      await(first);
      device.becomes(TestDevice.ocfBehaviour(CoapGateway::light));
      gateway.get(device.config(), "/c");
      assertThat(device.requests)
          .extracting(r -> r.getOptions().getUriPathString())
          .containsExactly("oic/res", "0", "a", "c");
    }
  }
}
