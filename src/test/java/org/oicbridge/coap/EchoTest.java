package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.OwnServer.get;
import static org.oicbridge.coap.OwnServer.ok;
import static org.oicbridge.coap.OwnServer.request;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

/** What a client has to show that is far away. */
@Timeout(60)
class EchoTest {
  private static final String LONG = "[\"" + "x".repeat(500) + "\"]";

  @RegisterExtension final OwnServer server = new OwnServer();

  private static byte[] echo(Response answer) {
    assertThat(answer.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    assertThat(answer.getPayloadSize()).isZero();
    return answer.getOptions().getOthers(StandardOptionRegistry.ECHO).get(0).getValue();
  }

  private static Request with(byte[] echo, Request request) {
    request.getOptions().addOption(StandardOptionRegistry.ECHO.create(echo));
    return request;
  }

  @Test
  void longAnswer_goesOnlyToAnAddressThatHasShownItself() throws Exception {
    server.start(OwnServer.foreign());
    server.answers(r -> ok(LONG));

    byte[] echo = echo(server.send(get("/oic/res")));

    assertThat(server.send(with(echo, get("/oic/res"))).getPayloadSize()).isGreaterThan(500);
  }

  @Test
  void shortAnswer_goesToAnybody() throws Exception {
    server.start(OwnServer.foreign());

    assertThat(server.send(get("/oic/d")).getCode()).isEqualTo(ResponseCode.CONTENT);
  }

  @Test
  void longDiagnostic_isNoWayAround() throws Exception {
    server.start(OwnServer.foreign());
    server.answers(r -> CrudnResponse.failed(Status.NOT_FOUND, "x", "n".repeat(200)));

    echo(server.send(get("/a")));
  }

  @Test
  void neighbour_isAnsweredAtOnce() throws Exception {
    server.start();
    server.answers(r -> ok(LONG));

    assertThat(server.send(get("/oic/res")).getPayloadSize()).isGreaterThan(500);
  }

  @Test
  void echoOfAnotherAddress_isWorthNothing() throws Exception {
    server.start(OwnServer.foreign());
    server.answers(r -> ok(LONG));
    byte[] echo = echo(server.send(get("/oic/res")));

    CoapEndpoint other = OwnServer.client(null);
    try {
      byte[] again = echo(OwnServer.send(other, with(echo, get("/oic/res")), server.address()));
      assertThat(again).isNotEqualTo(echo);
    } finally {
      other.destroy();
    }
  }

  @Test
  void forgedEcho_isWorthNothing() throws Exception {
    server.start(OwnServer.foreign());
    server.answers(r -> ok(LONG));
    byte[] echo = echo(server.send(get("/oic/res")));
    echo[echo.length - 1]++;

    echo(server.send(with(echo, get("/oic/res"))));
    echo(server.send(with(new byte[] {1}, get("/oic/res"))));
  }

  @Test
  void changeInTheNameOfAnUnprovenAddress_isNotCarriedOut() throws Exception {
    server.start(
        OwnServer.foreign(
            OwnServer.identity(
                "house", new IdentityConfig.Source(AddressPrefix.parse("127.0.0.0/8")))));

    byte[] echo = echo(server.send(request(Code.POST, "/oic/rd")));
    assertThat(server.asked).isEmpty();

    server.send(with(echo, request(Code.POST, "/oic/rd")));
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void observation_isNotStartedForAnUnprovenAddress() throws Exception {
    server.start(OwnServer.foreign());
    server.answers(r -> ok("1").with("Observe", "0"));

    echo(server.send(get("/oic/d").setObserve()));
    assertThat(server.asked).isEmpty();
  }

  @Test
  void echo_growsOld() {
    AtomicLong now = new AtomicLong(5);
    Echo echo = new Echo(now::get);
    Request request = get("/a");
    request.setSourceContext(
        new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7)));
    byte[] value =
        echo.challenge(request)
            .getOptions()
            .getOthers(StandardOptionRegistry.ECHO)
            .get(0)
            .getValue();
    with(value, request);

    now.addAndGet(Echo.FRESH.toNanos());
    assertThat(echo.verified(request)).isTrue();
    now.incrementAndGet();
    assertThat(echo.verified(request)).isFalse();
  }
}
