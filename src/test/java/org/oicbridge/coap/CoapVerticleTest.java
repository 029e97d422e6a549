package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.CoapGateway.ack;
import static org.oicbridge.coap.CoapGateway.assertProblem;
import static org.oicbridge.coap.CoapGateway.await;
import static org.oicbridge.coap.CoapGateway.receive;
import static org.oicbridge.coap.CoapGateway.reply;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** Addresses, and the life of the verticle. */
@Timeout(30)
class CoapVerticleTest {
  @RegisterExtension final CoapGateway gateway = new CoapGateway();

  @Test
  void base_standsBeforeEveryPath() throws Exception {
    try (TestDevice device =
        TestDevice.ocf(
            r -> {
              Response created = new Response(ResponseCode.CREATED);
              created.getOptions().setLocationPath("lamps/7/x y");
              return created;
            })) {
      HostedDevice config = TestDevice.config(device.config().endpoint() + "/lamps/7/");
      CrudnResponse response = gateway.ask(config, Operation.CREATE, "/a", "{}");

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
        gateway.get(TestDevice.config("coap://127.0.0.1/../x"), "/a"),
        Status.INTERNAL_ERROR,
        "internal");
  }

  @Test
  void hostName_isResolved() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      int port = device.config().endpoint().getPort();
      assertThat(gateway.get(TestDevice.config("coap://localhost:" + port), "/a").status())
          .isEqualTo(Status.OK);
      assertThat(gateway.get(TestDevice.config("coap://localhost:" + port), "/a").status())
          .isEqualTo(Status.OK);
    }
  }

  @Test
  void unknownHostName_isUnreachable() throws Exception {
    try (DatagramSocket dns = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      gateway.restart(
          Vertx.vertx(
              new VertxOptions()
                  .setAddressResolverOptions(
                      new AddressResolverOptions()
                          .addServer("127.0.0.1:" + dns.getLocalPort())
                          .setQueryTimeout(100)
                          .setMaxQueries(1))));

      assertProblem(
          gateway.get(TestDevice.config("coap://lamp.invalid"), "/a"),
          Status.UNAVAILABLE,
          "device-unreachable");
    }
  }

  @Test
  void portZeroAndMulticast_areUnreachable() throws Exception {
    for (String endpoint : new String[] {"coap://127.0.0.1:0", "coap://224.0.1.187"}) {
      assertProblem(
          gateway.get(TestDevice.config(endpoint), "/a"), Status.UNAVAILABLE, "device-unreachable");
    }
  }

  @Test
  void expiredRequest_isNotSent() throws Exception {
    try (TestDevice device = TestDevice.ocf(CoapGateway::light)) {
      assertProblem(
          await(
              gateway.send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofNanos(-1))),
          Status.UNAVAILABLE,
          "not-sent");
      assertThat(device.requests).isEmpty();
    }
  }

  @Test
  void stop_endsWhatIsUnderWay() throws Exception {
    try (TestDevice device = TestDevice.ocf(r -> null)) {
      Future<CrudnResponse> sent =
          gateway.send(device.config(), Operation.RETRIEVE, "/a", null, Duration.ofSeconds(20));
      device.held.take();
      Future<CrudnResponse> queued =
          gateway.send(device.config(), Operation.RETRIEVE, "/b", null, Duration.ofSeconds(20));
      assertProblem(
          gateway.ask(device.config(), Operation.UPDATE, "/c", "x"),
          Status.BAD_REQUEST,
          "invalid-json");
      gateway.undeploy();

      assertProblem(await(sent), Status.TIMEOUT, "outcome-unknown");
      assertProblem(await(queued), Status.UNAVAILABLE, "stopping");
    }
  }

  @Test
  void requestFromAStranger_isNotAnswered() throws Exception {
    try (DatagramSocket raw = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      HostedDevice device = TestDevice.config("coap://127.0.0.1:" + raw.getLocalPort());
      Future<CrudnResponse> response =
          gateway.send(device, Operation.RETRIEVE, "/a", null, Duration.ofSeconds(10));
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
      HostedDevice device = TestDevice.config("coap://127.0.0.1:" + silent.getLocalPort());
      await(gateway.send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(50)));

      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .noneMatch(name -> name.contains("UDP-") && name.contains("127.0.0.1:0"))
          .noneMatch(name -> name.contains("CoapEndpoint"));
    }
  }
}
