package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.crudn.Status;

class ServerGateTest {
  private final LocalNetworks networks =
      new LocalNetworks(List.of(AddressPrefix.parse("192.0.2.0/24")));
  private final AtomicLong now = new AtomicLong(1);
  private final ServerGate gate = new ServerGate(networks, Set.of("lo"), now::get);

  @BeforeEach
  void look() throws Exception {
    networks.refresh();
  }

  private static InetAddress address(int... bytes) {
    try {
      return InetAddress.getByAddress(
          new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private boolean passes(InetAddress source, boolean multicast) {
    Request request = OwnServer.get("/oic/res");
    request.setType(CoAP.Type.NON);
    request.setSourceContext(new AddressEndpointContext(new InetSocketAddress(source, 5683)));
    request.setLocalAddress(new InetSocketAddress(0), multicast);
    gate.receiveRequest(request);
    return !request.isCanceled();
  }

  @Test
  void foreignRequests_areLimitedInTime() {
    for (int i = 0; i < ServerGate.FOREIGN_RATE; i++) {
      assertThat(passes(address(198, 51, 100, i % 256), false)).isTrue();
    }
    assertThat(passes(address(198, 51, 100, 1), false)).isFalse();
    assertThat(passes(address(192, 0, 2, 1), false)).as("local").isTrue();

    now.addAndGet(Duration.ofMillis(10).toNanos());
    assertThat(passes(address(198, 51, 100, 1), false)).isTrue();
  }

  @Test
  void requestUnderOscore_isNeverLostToAFlood() {
    InetSocketAddress far = new InetSocketAddress(address(198, 51, 100, 7), 5683);
    for (int i = 0; i < ServerGate.FOREIGN_RATE; i++) {
      passes(far.getAddress(), false);
    }
    assertThat(passes(far.getAddress(), false)).as("the flood").isFalse();

    Request secured = OwnServer.get("/oic/res");
    secured.setSourceContext(
        new MapBasedEndpointContext(
            far, new OscoreRequest(null, new byte[0], far, 1), new Attributes()));
    gate.receiveRequest(secured);
    assertThat(secured.isCanceled()).isFalse();
  }

  @Test
  void groupRequestFromBeyondTheInterface_isIgnored() {
    assertThat(passes(address(127, 0, 0, 9), true)).isTrue();
    assertThat(passes(address(192, 0, 2, 1), true)).isFalse();
    assertThat(passes(address(198, 51, 100, 1), true)).isFalse();
  }

  @Test
  void senderThatCanBeNobody_isIgnored() {
    assertThat(passes(address(0, 0, 0, 0), false)).isFalse();
    assertThat(passes(address(224, 0, 1, 187), false)).isFalse();
  }

  @Test
  void outstandingRequests_areBoundedInAll() throws Exception {
    for (int i = 0; i < ServerGate.LIMIT; i++) {
      gate.enter(address(10, 0, i / 256, i % 256));
    }

    assertThatThrownBy(() -> gate.enter(address(10, 1, 0, 0)))
        .isInstanceOfSatisfying(
            RequestFailed.class,
            failed -> assertThat(failed.response().status()).isEqualTo(Status.UNAVAILABLE));
    gate.leave(address(10, 0, 0, 0));
    gate.enter(address(10, 1, 0, 0));
  }

  @Test
  void shortMemory_letsNothingInUntilThereIsMore() throws Exception {
    gate.overloaded(true);
    assertThatThrownBy(() -> gate.enter(address(10, 1, 0, 0)))
        .isInstanceOfSatisfying(
            RequestFailed.class,
            failed -> assertThat(failed.response().problem().type()).isEqualTo("overloaded"));
    gate.overloaded(false);
    gate.enter(address(10, 1, 0, 0));
  }
}
