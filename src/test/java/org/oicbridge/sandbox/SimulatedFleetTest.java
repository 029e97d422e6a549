package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fleet, asked by Californium's client and by hand. */
@Timeout(60)
class SimulatedFleetTest {
  private static final ObjectMapper CBOR = new CBORMapper();
  private static final int COUNT = 300;
  private static final int PATIENCE_MILLIS = 10_000;

  private static Vertx vertx;
  private static SimulatedFleet fleet;
  private static CoapEndpoint client;
  private static int threadsBefore;
  private static int threadsAfter;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(1));
    threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
    fleet = SimulatedFleet.start(vertx, "127.0.0.1", 0, COUNT).await();
    threadsAfter = ManagementFactory.getThreadMXBean().getThreadCount();
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
    fleet.stop().await();
    vertx.close().await();
  }

  private static CoapClient client(int number, String path) {
    CoapClient one = new CoapClient(fleet.devices().get(number).endpoint() + path);
    one.setEndpoint(client);
    return one;
  }

  private static JsonNode read(int number, String path) throws Exception {
    CoapResponse answer = client(number, path).get();
    assertThat(answer.getCode()).isEqualTo(ResponseCode.CONTENT);
    return CBOR.readTree(answer.getPayload());
  }

  private static byte[] map(String name, Object value) throws IOException {
    return CBOR.writeValueAsBytes(Map.of(name, value));
  }

  @Test
  void threads_doNotFollowFromTheNumberOfDevices() {
    // Two event loops and one worker, whatever the number.
    assertThat(threadsAfter - threadsBefore).isLessThanOrEqualTo(4);
  }

  @Test
  void everyDevice_tellsItsOwnIdentifierAtItsOwnEndpoint() throws Exception {
    for (int number = 0; number < COUNT; number++) {
      SimulatedDevices.Device device = fleet.devices().get(number);
      assertThat(read(number, "/oic/d").path("di").asText()).isEqualTo(device.di());
      assertThat(new org.oicbridge.crudn.DeviceId(device.di()).conformant()).isTrue();
    }
    assertThat(fleet.devices())
        .extracting(SimulatedDevices.Device::endpoint)
        .doesNotHaveDuplicates()
        .hasSize(COUNT);
  }

  @Test
  void discovery_namesAllThatTheDeviceHas() throws Exception {
    JsonNode links = read(7, "/oic/res");
    assertThat(links.findValuesAsText("href"))
        .containsExactly("/oic/res", "/oic/d", "/oic/p", "/light", "/dimming");
    assertThat(links.findValuesAsText("ep"))
        .containsOnly(fleet.devices().get(7).endpoint().toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = CoAP.Type.class,
      names = {"CON", "NON"})
  void update_changesThatDeviceOnly(CoAP.Type type) throws Exception {
    int number = type == CoAP.Type.CON ? 10 : 11;
    Request request = Request.newPost();
    request.setURI(fleet.devices().get(number).endpoint() + "/light");
    request.setType(type);
    request.getOptions().setContentFormat(OcfAnswer.OCF_CBOR);
    request.setPayload(map("value", true));
    request.send(client);
    Response answer = request.waitForResponse(PATIENCE_MILLIS);
    assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(answer.getType()).isEqualTo(type == CoAP.Type.CON ? CoAP.Type.ACK : CoAP.Type.NON);
    assertThat(read(number, "/light").path("value").booleanValue()).isTrue();
    assertThat(read(12, "/light").path("value").booleanValue()).isFalse();
  }

  @Test
  void whatIsNotThere_isRefused() throws Exception {
    assertThat(client(0, "/nothing").get().getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(client(0, "/light").delete().getCode()).isEqualTo(ResponseCode.METHOD_NOT_ALLOWED);
  }

  @Test
  void observer_isToldOfChangesUntilItLeaves() throws Exception {
    BlockingQueue<CoapResponse> told = new LinkedBlockingQueue<>();
    CoapClient observer = client(20, "/dimming");
    CoapObserveRelation relation = observer.observeAndWait(new Collect(told));
    assertThat(relation.isCanceled()).isFalse();
    assertThat(told.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isNotNull();

    client(20, "/dimming").put(map("dimmingSetting", 77), OcfAnswer.OCF_CBOR);
    CoapResponse notification = told.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    assertThat(CBOR.readTree(notification.getPayload()).path("dimmingSetting").asInt())
        .isEqualTo(77);
    assertThat(notification.getOptions().hasObserve()).isTrue();

    relation.proactiveCancel();
    CoapResponse last = told.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    assertThat(last.getOptions().hasObserve()).isFalse();
    client(20, "/dimming").put(map("dimmingSetting", 5), OcfAnswer.OCF_CBOR);
    assertThat(read(20, "/dimming").path("dimmingSetting").asInt()).isEqualTo(5);
    assertThat(told).isEmpty();
  }

  private record Collect(BlockingQueue<CoapResponse> told) implements CoapHandler {
    @Override
    public void onLoad(CoapResponse response) {
      told.add(response);
    }

    @Override
    public void onError() {}
  }

  /** A request with this message id, as it is on the wire. */
  private static byte[] update(int number, int mid, boolean value) throws IOException {
    Request request = new Request(CoAP.Code.POST, CoAP.Type.CON);
    request.setURI(fleet.devices().get(number).endpoint() + "/light");
    request.getOptions().setContentFormat(OcfAnswer.OCF_CBOR);
    request.setPayload(map("value", value));
    request.setMID(mid);
    request.setToken(new Token(new byte[] {1, 2}));
    return new UdpDataSerializer().getByteArray(request);
  }

  private static byte[] exchange(DatagramSocket socket, int number, byte[] datagram)
      throws IOException {
    InetSocketAddress to =
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), fleet.devices().get(number).endpoint().getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.send(new DatagramPacket(datagram, datagram.length, to));
    DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
    socket.receive(answer);
    return Arrays.copyOf(answer.getData(), answer.getLength());
  }

  @Test
  void requestThatComesAgain_isAnsweredAgainAndNotDoneAgain() throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      byte[] first = exchange(socket, 30, update(30, 500, true));
      // Another body with the same message id: were it done, the light would be off.
      byte[] second = exchange(socket, 30, update(30, 500, false));
      assertThat(second).isEqualTo(first);
      assertThat(read(30, "/light").path("value").booleanValue()).isTrue();

      exchange(socket, 30, update(30, 501, false));
      assertThat(read(30, "/light").path("value").booleanValue()).isFalse();
    }
  }

  @Test
  void ping_isAnsweredWithAReset() throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      byte[] answer = exchange(socket, 31, new byte[] {0x40, 0, 0x12, 0x34});
      Message reset = new UdpDataParser().parseMessage(answer);
      assertThat(reset.getType()).isEqualTo(CoAP.Type.RST);
      assertThat(reset.getMID()).isEqualTo(0x1234);
    }
  }

  @Test
  void noise_isDropped() throws Exception {
    try (DatagramSocket socket = new DatagramSocket()) {
      InetSocketAddress to =
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), fleet.devices().get(32).endpoint().getPort());
      for (byte[] noise : List.of(new byte[0], new byte[] {1}, new byte[] {0x4f, 1, 0, 1, 2})) {
        socket.send(new DatagramPacket(noise, noise.length, to));
      }
      assertThat(exchange(socket, 32, new byte[] {0x40, 0, 0, 1})).hasSize(4);
    }
  }

  @Test
  void fleet_thatCannotListen_fails() {
    int taken = fleet.devices().get(0).endpoint().getPort();
    assertThatThrownBy(() -> SimulatedFleet.start(vertx, "127.0.0.1", taken, 1).await())
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> SimulatedFleet.start(vertx, "127.0.0.1", 65_000, 1000).await())
        .hasMessageContaining("not enough ports");
    assertThatThrownBy(() -> SimulatedFleet.start(vertx, "::1", 0, 1).await())
        .hasMessageContaining("IPv4");
  }

  @Test
  void addresses_goOnWhereTheFirstIsFull() throws Exception {
    InetAddress first = InetAddress.getByName("127.0.0.255");
    assertThat(SimulatedFleet.address(first, 0).getHostAddress()).isEqualTo("127.0.0.255");
    assertThat(SimulatedFleet.address(first, 1).getHostAddress()).isEqualTo("127.0.1.0");
    assertThat(SimulatedFleet.address(first, 600).getHostAddress()).isEqualTo("127.0.3.87");
  }
}
