package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.bus.Caller;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

@Timeout(60)
class UploadGateTest {
  private static final Caller KNOWN = new Caller("psk:kitchen", null, Set.of(), true);

  @RegisterExtension final OwnServer server = new OwnServer();

  private final AtomicLong now = new AtomicLong(1);

  /** A block of a longer body. */
  private static Request block(int number, boolean more) {
    Request request = OwnServer.request(Code.POST, "/oic/rd");
    request.setSourceContext(
        new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)));
    request.getOptions().setBlock1(6, more, number).setContentFormat(50);
    request.setPayload(new byte[1024]);
    return request;
  }

  private static boolean passesWhole(UploadGate gate, Request request) {
    gate.receiveRequest(request);
    return request.getOptions().hasBlock1() && request.getPayloadSize() == 1024;
  }

  @Test
  void blocksOfAStranger_goOnWithoutTheirBody() {
    UploadGate gate = new UploadGate(request -> Caller.STRANGER, now::get);
    Request first = block(0, true);
    assertThat(passesWhole(gate, first)).isFalse();
    assertThat(first.isCanceled()).as("it is answered").isFalse();
    assertThat(first.getOptions().hasBlock1()).isFalse();
    assertThat(passesWhole(gate, block(1, false))).isFalse();
    assertThat(passesWhole(gate, block(0, false))).as("all there is").isTrue();
  }

  @Test
  void uploadsOfAnIdentity_areBoundedInTime() {
    UploadGate gate = new UploadGate(request -> KNOWN, now::get);
    for (int i = 0; i < UploadGate.PER_IDENTITY; i++) {
      assertThat(passesWhole(gate, block(0, true))).isTrue();
    }
    Request oneMore = block(0, true);
    gate.receiveRequest(oneMore);
    assertThat(oneMore.isCanceled()).isTrue();
    assertThat(passesWhole(gate, block(1, true))).as("what has begun goes on").isTrue();

    now.addAndGet(UploadGate.KEPT.toNanos() + 1);
    assertThat(passesWhole(gate, block(0, true))).isTrue();
  }

  /** The first of many blocks, and what the server says to it. */
  private Response upload() throws Exception {
    Request request = block(0, true);
    // Its client's own block-wise layer is not to look at it.
    request.setSourceContext(null);
    Response answer = server.send(request);
    assertThat(answer).as("answer to the first block").isNotNull();
    return answer;
  }

  @Test
  void firstBlockOfAStranger_isAnsweredLikeTheWholeWouldBe() throws Exception {
    server.answers(
        request -> CrudnResponse.failed(Status.UNAUTHORIZED, "identity-required", "who is it?"));
    server.start();
    assertThat(upload().getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    assertThat(server.asked).hasSize(1);
    assertThat(server.asked.get(0).request().body()).isNull();
  }

  @Test
  void firstBlockFromFarAway_isChallengedWhoeverItSaysToBe() throws Exception {
    server.start(OwnServer.foreign(OwnServer.identity("far", OwnServer.LOOPBACK)));
    Response answer = upload();
    assertThat(answer.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    assertThat(answer.getOptions().hasOption(StandardOptionRegistry.ECHO)).isTrue();
    assertThat(server.asked).isEmpty();
  }
}
