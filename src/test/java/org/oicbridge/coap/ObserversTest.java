package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.OwnServer.get;
import static org.oicbridge.coap.OwnServer.ok;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnChange;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Secret;
import org.oicbridge.crudn.Status;

/** Observing the gateway's own resources. */
@Timeout(60)
class ObserversTest {
  private static final byte[] KEY = "0123456789".getBytes(StandardCharsets.UTF_8);

  @RegisterExtension final OwnServer server = new OwnServer();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicReference<String> state = new AtomicReference<>("1");

  @BeforeEach
  void observable() {
    Metrics.addRegistry(registry);
    server.answers(
        r ->
            r.request().headers().get("Observe").isPresent()
                ? ok(state.get()).with("Observe", "0")
                : ok(state.get()));
  }

  @AfterEach
  void forget() {
    Metrics.removeRegistry(registry);
  }

  private void change(String path, String to) {
    state.set(to);
    Contracts.OWN_CHANGED.publish(server.vertx().eventBus(), Contracts.HOME, new OwnChange(path));
  }

  private int observers() {
    return (int) registry.get("oicgw.coap.server.observers").gauge().value();
  }

  private BlockingQueue<Object> observe(String path) {
    return OwnServer.collect(server.client(), get(path).setObserve(), server.address());
  }

  private static Response next(BlockingQueue<Object> answers) throws Exception {
    return (Response) answers.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void observer_isToldOfChangesAndOnlyOfThem() throws Exception {
    server.start();
    BlockingQueue<Object> answers = observe("/oic/d");
    Response first = next(answers);
    assertThat(OwnServer.json(first)).isEqualTo("1");
    assertThat(first.getOptions().hasObserve()).isTrue();

    change("/oic/res", "2");
    change("/oic/d", "1");
    change("/oic/d", "3");

    Response second = next(answers);
    assertThat(OwnServer.json(second)).isEqualTo("3");
    assertThat(second.getOptions().getObserve()).isGreaterThan(first.getOptions().getObserve());
    assertThat(answers).isEmpty();
    OwnRequest again = server.asked.get(server.asked.size() - 1);
    assertThat(again).isNotSameAs(server.asked.get(0));
    assertThat(again.caller()).isEqualTo(server.asked.get(0).caller());
    assertThat(again.form()).isEqualTo(server.asked.get(0).form());
  }

  @Test
  void resourceThatIsNotObservable_isAnsweredWithoutARelation() throws Exception {
    server.start();
    server.answers(r -> ok("1"));

    Response answer = server.send(get("/oic/p").setObserve());

    assertThat(answer.getOptions().hasObserve()).isFalse();
    assertThat(observers()).isZero();
  }

  @Test
  void observeOne_endsTheRelation() throws Exception {
    server.start();
    Request request = get("/oic/d").setObserve();
    next(OwnServer.collect(server.client(), request, server.address()));
    OwnServer.until(() -> observers() == 1);

    Request cancel = get("/oic/d").setObserveCancel();
    cancel.setToken(request.getToken());
    Response last = server.send(cancel);

    assertThat(last.getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(last.getOptions().hasObserve()).isFalse();
    OwnServer.until(() -> observers() == 0);
  }

  @Test
  void reset_endsTheRelation() throws Exception {
    server.start();
    byte[] question = {0x51, 1, 0x12, 0x34, 0x77, 0x60, 0x53, 'o', 'i', 'c', 1, 'd'};
    try (DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      client.send(new DatagramPacket(question, question.length, server.address()));
      CoapGateway.receive(client);
      OwnServer.until(() -> observers() == 1);
      change("/oic/d", "2");
      byte[] told = CoapGateway.bytes(CoapGateway.receive(client));
      assertThat(told[0] & 0x30).as("a notification that is NON").isEqualTo(0x10);
      byte[] reset = {0x70, 0, told[2], told[3]};
      client.send(new DatagramPacket(reset, reset.length, server.address()));
      OwnServer.until(() -> observers() == 0);
    }
  }

  @Test
  void error_isTheLastThatAnObserverHears() throws Exception {
    server.start();
    BlockingQueue<Object> answers = observe("/oic/d");
    next(answers);
    server.answers(r -> CrudnResponse.failed(Status.NOT_FOUND, "x", "gone"));

    change("/oic/d", "2");

    assertThat(next(answers).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    OwnServer.until(() -> observers() == 0);
  }

  @Test
  void notificationThatNobodyTakes_endsTheRelation() throws Exception {
    server.start(OwnServer.plain(), Duration.ofMillis(50), () -> 1, 1);
    byte[] question = {0x41, 1, 0x12, 0x34, 0x77, 0x60, 0x53, 'o', 'i', 'c', 1, 'd'};
    try (DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      client.send(new DatagramPacket(question, question.length, server.address()));
      CoapGateway.receive(client);
      OwnServer.until(() -> observers() == 1);
      change("/oic/d", "2");
      OwnServer.until(() -> observers() == 0);
    }
  }

  @Test
  void changesThatPileUp_areToldAsTheLatest() throws Exception {
    server.start();
    BlockingQueue<Object> answers = observe("/oic/d");
    next(answers);
    Promise<CrudnResponse> slow = Promise.promise();
    int before = server.asked.size();
    server.answersLater(
        r ->
            server.asked.size() == before + 1
                ? slow.future()
                : io.vertx.core.Future.succeededFuture(ok(state.get()).with("Observe", "0")));
    change("/oic/d", "2");
    OwnServer.until(() -> server.asked.size() == before + 1);
    change("/oic/d", "3");
    change("/oic/d", "4");
    change("/oic/d", "5");
    OwnServer.await(server.vertx().timer(1));
    slow.complete(ok("2").with("Observe", "0"));

    List<String> seen = new java.util.ArrayList<>();
    do {
      seen.add(OwnServer.json(next(answers)));
    } while (!seen.contains("5"));
    assertThat(seen).isSubsetOf("2", "5");
    assertThat(server.asked).hasSize(before + 2);
  }

  @Test
  void relationsOfOneAddress_areBounded() throws Exception {
    server.start();
    for (int i = 0; i < Observers.PER_PEER; i++) {
      assertThat(next(observe("/oic/d")).getOptions().hasObserve()).isTrue();
    }

    Response over = next(observe("/oic/d"));

    assertThat(over.getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(over.getOptions().hasObserve()).isFalse();
    assertThat(observers()).isEqualTo(Observers.PER_PEER);
  }

  private static Request secured() {
    Request request = get("/oic/d").setObserve();
    request.setURI("coaps://127.0.0.1/oic/d");
    return request;
  }

  private void startSecure() throws Exception {
    server.start(
        OwnServer.with(
            OwnServer.plain(
                OwnServer.identity("kitchen", new IdentityConfig.Psk("lamp", new Secret(KEY)))),
            0,
            List.of()));
  }

  @Test
  void sessionThatIsClosed_takesItsRelationsAlong() throws Exception {
    startSecure();
    CoapEndpoint client = DtlsClients.psk("lamp", KEY);
    try {
      next(OwnServer.collect(client, secured(), server.secureAddress()));
      OwnServer.until(() -> observers() == 1);

      ((DTLSConnector) client.getConnector()).close(server.secureAddress());

      OwnServer.until(() -> observers() == 0);
    } finally {
      client.destroy();
    }
  }

  @Test
  void anotherSessionOfTheSameAddress_isNotToldWhatTheFirstAskedFor() throws Exception {
    startSecure();
    CoapEndpoint first = DtlsClients.psk("lamp", KEY);
    InetSocketAddress address = first.getAddress();
    next(OwnServer.collect(first, secured(), server.secureAddress()));
    first.destroy();
    CoapEndpoint second =
        OwnServer.client(
            DtlsClients.connector(
                DtlsClients.builder()
                    .setAddress(address)
                    .setAdvancedPskStore(new AdvancedSinglePskStore("lamp", KEY))));
    try {
      Request plain = secured();
      plain.getOptions().removeObserve();
      BlockingQueue<Object> answers = OwnServer.collect(second, plain, server.secureAddress());
      next(answers);

      change("/oic/d", "2");

      OwnServer.until(() -> observers() == 0);
      assertThat(answers).isEmpty();
    } finally {
      second.destroy();
    }
  }
}
