package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

/** Requests to a group, on the loopback interface. */
@Timeout(60)
class MulticastGroupsTest {
  private static final String LOOPBACK = "lo";

  @RegisterExtension final OwnServer server = new OwnServer();
  private final List<Integer> leisures = new ArrayList<>();
  private MulticastSocket client;
  private int groupPort;

  @BeforeEach
  void open() throws Exception {
    client = new MulticastSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client.setNetworkInterface(NetworkInterface.getByName(LOOPBACK));
    try (DatagramSocket free = new DatagramSocket(0)) {
      groupPort = free.getLocalPort();
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void start(String interfaceName) throws Exception {
    server.start(
        OwnServer.with(OwnServer.plain(), -1, List.of(interfaceName)),
        java.time.Duration.ofSeconds(2),
        () -> {
          leisures.add(1);
          return 1;
        },
        groupPort);
  }

  private void send(CoAP.Type type, CoAP.Code code, String path, int mid) throws Exception {
    Request request = OwnServer.request(code, path);
    request.setType(type);
    request.setMID(mid);
    request.setToken(new byte[] {(byte) mid});
    byte[] bytes = new UdpDataSerializer().getByteArray(request);
    client.send(
        new DatagramPacket(
            bytes,
            bytes.length,
            InetAddress.getByAddress(new byte[] {(byte) 224, 0, 1, (byte) 187}),
            groupPort));
  }

  /** The token of the next answer: what was sent before and is silent has been passed over. */
  private int answered() throws Exception {
    DatagramPacket packet = CoapGateway.receive(client);
    assertThat(packet.getPort()).as("the unicast socket").isEqualTo(server.address().getPort());
    byte[] bytes = CoapGateway.bytes(packet);
    assertThat(bytes[0] & 0x30).as("non-confirmable").isEqualTo(0x10);
    assertThat(bytes[1]).isEqualTo((byte) 0x45);
    return bytes[4];
  }

  @Test
  void requestToTheGroup_isAnsweredFromTheUnicastSocketAfterItsLeisure() throws Exception {
    start(LOOPBACK);

    send(CoAP.Type.NON, CoAP.Code.GET, "/oic/res?rt=oic.wk.d", 1);

    assertThat(answered()).isEqualTo(1);
    assertThat(server.asked.get(0).multicast()).isTrue();
    assertThat(leisures).hasSize(1);
  }

  @Test
  void whatIsNotMeantForGroups_isNotAnswered() throws Exception {
    start(LOOPBACK);

    send(CoAP.Type.CON, CoAP.Code.GET, "/oic/res", 1);
    send(CoAP.Type.NON, CoAP.Code.POST, "/oic/rd", 2);
    send(CoAP.Type.NON, CoAP.Code.GET, "/XMPPResURI", 3);
    send(CoAP.Type.NON, CoAP.Code.GET, "/oic/d", 4);

    assertThat(answered()).isEqualTo(4);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void errorsAndNothing_areSilence() throws Exception {
    start(LOOPBACK);
    server.answers(
        own ->
            switch (own.request().path().query().get(0)) {
              case "a" -> CrudnResponse.failed(Status.NOT_FOUND, "x", "no match");
              case "b" -> OwnServer.ok("[]");
              case "c" -> OwnServer.ok(null);
              default -> OwnServer.ok(OwnServer.LINKS);
            });

    int mid = 0;
    for (String query : List.of("a", "b", "c", "d")) {
      send(CoAP.Type.NON, CoAP.Code.GET, "/oic/res?" + query, ++mid);
    }

    assertThat(answered()).isEqualTo(4);
    assertThat(server.asked).hasSize(4);
  }

  @Test
  void interfaceThatIsNotThere_leavesUnicastAlone() throws Exception {
    start("nowhere0");

    assertThat(server.send(OwnServer.get("/oic/res")).getCode())
        .isEqualTo(CoAP.ResponseCode.CONTENT);
  }
}
