package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Searches on the loopback interface, where one socket is the group and another one answers. */
@Timeout(60)
class MulticastSearchTest {
  private static final DiscoveryPace PACE =
      new DiscoveryPace(Duration.ofMillis(1), Duration.ofMillis(1500), Duration.ofSeconds(1));

  private final List<MulticastSearch.Answer> answers =
      Collections.synchronizedList(new ArrayList<>());
  private Vertx vertx;
  private MulticastSocket group;
  private DatagramSocket device;
  private io.vertx.core.Future<Void> search;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    group = new MulticastSocket(0);
    group.joinGroup(
        new InetSocketAddress(MulticastGroups.IPV4.get(0), group.getLocalPort()), loopback);
    device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    search =
        new MulticastSearch(vertx, loopback, "127.0.0.1", group.getLocalPort(), answers::add)
            .run(PACE);
  }

  @AfterEach
  void stop() throws Exception {
    group.close();
    device.close();
    CoapGateway.await(vertx.close());
  }

  private record Asked(Request request, InetSocketAddress from) {}

  private Asked asked() throws IOException {
    DatagramPacket packet = CoapGateway.receive(group);
    return new Asked(
        (Request) MulticastSearch.parse(CoapGateway.bytes(packet)),
        (InetSocketAddress) packet.getSocketAddress());
  }

  private void send(byte[] datagram, Asked to) throws IOException {
    device.send(new DatagramPacket(datagram, datagram.length, to.from));
  }

  private void answer(Asked to, CoAP.Type type) throws IOException {
    Response response = TestDevice.content(ContentFormat.OCF_CBOR, TestDevice.OCF_LINKS);
    response.setType(type);
    response.setMID(4711);
    response.setToken(to.request.getToken());
    send(new UdpDataSerializer().getByteArray(response), to);
  }

  @Test
  void bothErasAreAsked_inTheirDialects() throws Exception {
    Request ocf = asked().request;
    Request legacy = asked().request;

    assertThat(List.of(ocf, legacy))
        .allSatisfy(
            request -> {
              assertThat(request.getType()).isEqualTo(CoAP.Type.NON);
              assertThat(request.getCode()).isEqualTo(CoAP.Code.GET);
              assertThat(request.getOptions().getUriPathString()).isEqualTo("oic/res");
              assertThat(request.getToken().length()).isEqualTo(8);
            });
    assertThat(ocf.getOptions().getAccept()).isEqualTo(10_000);
    assertThat(OcfOption.version(ocf.getOptions(), OcfOption.ACCEPT_VERSION)).isEqualTo(2048);
    assertThat(legacy.getOptions().getAccept()).isEqualTo(60);
    assertThat(OcfOption.version(legacy.getOptions(), OcfOption.ACCEPT_VERSION)).isEqualTo(-1);
    assertThat(legacy.getToken()).isNotEqualTo(ocf.getToken());
  }

  @Test
  void answerFromAnotherPort_isTaken_onceForEachQuestion() throws Exception {
    Asked ocf = asked();
    answer(ocf, CoAP.Type.NON);
    answer(ocf, CoAP.Type.NON);
    answer(asked(), CoAP.Type.NON);
    CoapGateway.await(search);

    assertThat(answers)
        .extracting(MulticastSearch.Answer::sender)
        .containsExactly(
            (InetSocketAddress) device.getLocalSocketAddress(),
            (InetSocketAddress) device.getLocalSocketAddress());
  }

  @Test
  void confirmableAnswer_isAcknowledged() throws Exception {
    answer(asked(), CoAP.Type.CON);

    assertThat(CoapGateway.bytes(CoapGateway.receive(device)))
        .isEqualTo(HexFormat.of().parseHex("60001267"));
    CoapGateway.await(search);
    assertThat(answers).hasSize(1);
  }

  @Test
  void whatIsNoAnswerToThisSearch_isNotTaken() throws Exception {
    Asked ocf = asked();
    Response foreign = TestDevice.content(ContentFormat.OCF_CBOR, TestDevice.OCF_LINKS);
    foreign.setType(CoAP.Type.NON);
    foreign.setMID(1);
    foreign.setToken(new org.eclipse.californium.core.coap.Token(new byte[8]));
    send(new UdpDataSerializer().getByteArray(foreign), ocf);
    send(new byte[0], ocf);
    send(HexFormat.of().parseHex("ffffffff"), ocf);
    send(new UdpDataSerializer().getByteArray(ocf.request), ocf);
    CoapGateway.await(search);

    assertThat(answers).isEmpty();
  }

  @Test
  void payloadLongerThanItsBlock_isNoMessage() {
    String header = "52450102aabb" + "c22710" + "b100" + "ff";

    assertThat(MulticastSearch.parse(HexFormat.of().parseHex(header + "80".repeat(16))))
        .isNotNull();
    assertThat(MulticastSearch.parse(HexFormat.of().parseHex(header + "80".repeat(17)))).isNull();
  }

  @Test
  void longDatagram_isTakenWhole() throws Exception {
    Asked ocf = asked();
    Response response = TestDevice.content(ContentFormat.OCF_CBOR, new byte[60_000]);
    response.setType(CoAP.Type.NON);
    response.setMID(1);
    response.setToken(ocf.request.getToken());
    send(new UdpDataSerializer().getByteArray(response), ocf);
    CoapGateway.await(search);

    assertThat(answers).extracting(a -> a.response().getPayloadSize()).containsExactly(60_000);
  }

  @Test
  void answersOverTheLimit_areNotRead() throws Exception {
    Asked ocf = asked();
    for (int i = 0; i < MulticastSearch.MAX_ANSWERS; i++) {
      send(new byte[] {0}, ocf);
      // Each waits for the socket to be read, so that the system drops none of them.
      if (i % 50 == 0) {
        answer(new Asked(ocf.request, ocf.from), CoAP.Type.CON);
        CoapGateway.receive(device);
      }
    }
    int before = answers.size();
    Asked legacy = asked();
    answer(legacy, CoAP.Type.NON);
    CoapGateway.await(search);

    assertThat(before).isEqualTo(1);
    assertThat(answers).hasSize(1);
  }
}
