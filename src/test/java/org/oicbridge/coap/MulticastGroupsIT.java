package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.peers.GroupPeer;
import org.oicbridge.peers.NetworkNamespace;

/** A client on another machine looks for the gateway by its multicast groups. */
@Timeout(120)
class MulticastGroupsIT {
  private static final int TRIES = 3;

  private final List<OwnRequest> asked = new CopyOnWriteArrayList<>();
  private NetworkNamespace network;
  private Vertx vertx;

  @BeforeEach
  void start() {
    network = NetworkNamespace.create();
  }

  @AfterEach
  void stop() throws Exception {
    if (vertx != null) {
      OwnServer.await(vertx.close());
    }
    network.close();
  }

  /** Serves at the port of the groups, as it is usual. */
  private int serve(boolean nativeTransport) throws Exception {
    vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(nativeTransport));
    Contracts.register(vertx);
    Contracts.OWN_DEVICE.serve(
        vertx.eventBus(),
        Contracts.HOME,
        request -> {
          asked.add(request);
          return io.vertx.core.Future.succeededFuture(OwnServer.ok(OwnServer.LINKS));
        });
    int port;
    try (DatagramSocket free = new DatagramSocket(0)) {
      port = free.getLocalPort();
    }
    CoapServerConfig server =
        new CoapServerConfig(
            "::",
            port,
            CoapServerConfig.NONE,
            List.of(network.hostInterface()),
            null,
            null,
            null,
            List.of(),
            10,
            List.of(),
            List.of());
    CoapConfig config =
        new CoapConfig("::", 1, 1, Duration.ofSeconds(2), 4, 1024, OwnServer.MAX_BODY, server);
    Promise<OwnEndpoints> where = Promise.promise();
    OwnServer.await(
        vertx.deployVerticle(
            new CoapServerVerticle(
                config,
                OwnServer.GATEWAY,
                Duration.ofSeconds(5),
                where,
                new CoapServerVerticle.Surroundings(
                    () -> 1, port, System::currentTimeMillis, null, Duration.ofHours(1)))));
    assertThat(OwnServer.await(where.future()).port()).isEqualTo(port);
    return port;
  }

  private static byte[] request(CoAP.Type type, int mid) {
    Request request = OwnServer.get("/oic/res");
    request.setType(type);
    request.setMID(mid);
    request.setToken(new byte[] {(byte) mid});
    return new UdpDataSerializer().getByteArray(request);
  }

  @ParameterizedTest
  @CsvSource({
    "ff02::158,false",
    "ff02::158,true",
    "ff03::158,true",
    "ff05::158,false",
    "ff05::158,true",
    "224.0.1.187,false",
    "224.0.1.187,true"
  })
  void requestToAGroup_isAnsweredByUnicastFromTheUnicastPort(String group, boolean nativeTransport)
      throws Exception {
    int port = serve(nativeTransport);
    boolean ipv4 = InetAddress.getByName(group) instanceof Inet4Address;

    List<GroupPeer.Answer> answers = List.of();
    // What is sent to a group is not repeated by anybody, and may be lost on a busy machine.
    for (int attempt = 0; attempt < TRIES && answers.isEmpty(); attempt++) {
      asked.clear();
      answers =
          GroupPeer.ask(network, group, port, request(CoAP.Type.CON, 1), request(CoAP.Type.NON, 2));
    }

    // The confirmable one shows that the unicast socket does not get it, too.
    assertThat(answers).hasSize(1);
    GroupPeer.Answer answer = answers.get(0);
    assertThat(answer.datagram()).as("non-confirmable 2.05").startsWith("5145");
    assertThat(answer.datagram().substring(8, 10)).as("the token").isEqualTo("02");
    assertThat(answer.port()).isEqualTo(port);
    assertThat(answer.sender().isMulticastAddress()).isFalse();
    assertThat(answer.sender() instanceof Inet4Address).isEqualTo(ipv4);
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0).multicast()).isTrue();
  }
}
