package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.OwnServer.get;
import static org.oicbridge.coap.OwnServer.ok;

import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.scandium.DTLSConnector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Secret;
import org.oicbridge.crudn.Status;

/** Observing devices through the gateway. */
@Timeout(60)
class DeviceObserversTest {
  private static final String LAMP = "11111111-1111-4111-8111-111111111111";
  private static final String LIGHT = "/devices/" + LAMP + "/light";
  private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final Duration ACK = Duration.ofSeconds(30);
  private static final IdentityConfig KNOWN =
      OwnServer.identity("known", new IdentityConfig.Source(AddressPrefix.parse("127.0.0.1")));

  @RegisterExtension final OwnServer server = new OwnServer();

  @BeforeEach
  void observable() {
    server.answers(own -> value("1"));
  }

  private static CrudnResponse value(String json) {
    return ok(json).with("Observe", "0");
  }

  private void startPatient() throws Exception {
    server.start(OwnServer.plain(KNOWN), ACK, () -> 1, 1);
  }

  private String subscription() throws Exception {
    String name = server.subscriptions.poll(10, TimeUnit.SECONDS);
    assertThat(name).isNotNull();
    return name;
  }

  private void tell(String subscription, Kind kind, CrudnResponse response) {
    Contracts.NOTIFICATION.send(
        server.vertx().eventBus(), subscription, new Notification(subscription, response, kind));
  }

  private void assertForgotten(String subscription) throws Exception {
    assertThat(server.forgotten.poll(20, TimeUnit.SECONDS)).isEqualTo(subscription);
  }

  private BlockingQueue<Object> observe(Request request) {
    return OwnServer.collect(server.client(), request.setObserve(), server.address());
  }

  private static Response next(BlockingQueue<Object> answers) throws Exception {
    return (Response) answers.poll(20, TimeUnit.SECONDS);
  }

  private static Request raw(CoAP.Type type, int mid, String token) {
    return RawClient.get(LIGHT, type, mid, token).setObserve();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void observer_isToldWhatTheRouterIsTold(boolean proxied) throws Exception {
    server.start(KNOWN);
    Request request = get(proxied ? "/x" : LIGHT);
    if (proxied) {
      request.getOptions().setProxyUri("coap://" + LAMP + "/light");
    }
    BlockingQueue<Object> answers = observe(request);
    Response first = next(answers);
    assertThat(OwnServer.json(first)).isEqualTo("1");
    assertThat(first.getOptions().hasObserve()).isTrue();
    String name = subscription();

    tell(
        name,
        Kind.CHANGED,
        ok("2").with("Observe", "77").with("Cache-Control", "max-age=9").with("ETag", "\"0a\""));
    Response second = next(answers);
    assertThat(OwnServer.json(second)).isEqualTo("2");
    assertThat(second.getOptions().getMaxAge()).isEqualTo(9);
    assertThat(second.getOptions().getETags().get(0)).containsExactly(10);
    assertThat(second.getOptions().getObserve()).isGreaterThan(first.getOptions().getObserve());

    tell(name, Kind.RESTARTED, ok("3").with("Location", "coap://192.0.2.1/elsewhere"));
    Response third = next(answers);
    assertThat(OwnServer.json(third)).isEqualTo("3");
    assertThat(third.getOptions().getObserve()).isGreaterThan(second.getOptions().getObserve());
    assertThat(server.forgotten).isEmpty();
  }

  @Test
  void deviceThatDoesNotObserve_isAnsweredWithoutARelation() throws Exception {
    server.start(KNOWN);
    server.answers(own -> ok("1"));

    Response answer = server.send(get(LIGHT).setObserve());

    assertThat(answer.getOptions().hasObserve()).isFalse();
    assertForgotten(subscription());
  }

  @Test
  void observeOne_endsTheSubscription() throws Exception {
    server.start(KNOWN);
    Request request = get(LIGHT);
    next(observe(request));
    Request cancel = get(LIGHT).setObserveCancel();
    cancel.setToken(request.getToken());

    assertThat(server.send(cancel).getOptions().hasObserve()).isFalse();

    assertForgotten(subscription());
    assertThat(server.subscriptions).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = CoAP.Type.class,
      names = {"CON", "NON"})
  void reset_endsTheSubscription(CoAP.Type type) throws Exception {
    startPatient();
    try (RawClient client = new RawClient(server.address())) {
      client.send(raw(type, 1, "a"));
      Response first = client.response();
      if (type == CoAP.Type.CON) {
        client.acknowledge(first);
      }
      String name = subscription();
      tell(name, Kind.CHANGED, ok("2"));
      client.reset(client.response());

      assertForgotten(name);
    }
  }

  @Test
  void observerThatConfirmsNothing_isRemoved() throws Exception {
    server.start(OwnServer.plain(KNOWN), Duration.ofMillis(50), () -> 1, 1);
    try (RawClient client = new RawClient(server.address())) {
      client.send(raw(CoAP.Type.CON, 1, "a"));
      client.acknowledge(client.response());
      String name = subscription();

      tell(name, Kind.CHANGED, ok("2"));

      assertForgotten(name);
    }
  }

  @Test
  void observerThatWasToldNothing_hasToConfirmItsInterest() throws Exception {
    server.silence = Duration.ofMillis(50);
    startPatient();
    try (RawClient client = new RawClient(server.address())) {
      client.send(raw(CoAP.Type.NON, 1, "a"));
      Response first = client.response();

      Response reminder = client.response();

      assertThat(reminder.getType()).isEqualTo(CoAP.Type.CON);
      assertThat(reminder.getPayloadString()).isEqualTo("1");
      assertThat(reminder.getOptions().getObserve()).isGreaterThan(first.getOptions().getObserve());
      client.reset(reminder);
      assertForgotten(subscription());
    }
  }

  @Test
  void slowObserver_isToldTheNewestOnly() throws Exception {
    startPatient();
    try (RawClient client = new RawClient(server.address())) {
      client.send(raw(CoAP.Type.CON, 1, "a"));
      client.acknowledge(client.response());
      String name = subscription();
      tell(name, Kind.CHANGED, ok("2"));
      Response second = client.response();
      tell(name, Kind.CHANGED, ok("3"));
      tell(name, Kind.CHANGED, ok("4"));
      // Whatever was said to the server before is done when this is answered.
      client.send(RawClient.get(LIGHT, CoAP.Type.NON, 2, "b"));
      assertThat(client.response().getTokenString()).isEqualTo("62");
      client.acknowledge(second);

      Response last = client.response();

      assertThat(second.getPayloadString()).isEqualTo("2");
      assertThat(last.getPayloadString()).isEqualTo("4");
      assertThat(last.getOptions().getObserve()).isGreaterThan(second.getOptions().getObserve());
    }
  }

  @Test
  void notificationsInQuickSuccession_areConfirmed() throws Exception {
    startPatient();
    try (RawClient client = new RawClient(server.address())) {
      client.send(raw(CoAP.Type.NON, 1, "a"));
      client.response();
      String name = subscription();

      tell(name, Kind.CHANGED, ok("2"));
      tell(name, Kind.CHANGED, ok("3"));

      assertThat(client.response().getType()).isEqualTo(CoAP.Type.NON);
      assertThat(client.response().getType()).isEqualTo(CoAP.Type.CON);
    }
  }

  @Test
  void end_isToldAsAnError() throws Exception {
    server.start(KNOWN);
    BlockingQueue<Object> answers = observe(get(LIGHT));
    next(answers);
    String name = subscription();

    tell(name, Kind.ENDED, CrudnResponse.failed(Status.UNAVAILABLE, "device-offline", "gone"));

    Response last = next(answers);
    assertThat(last.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
    assertThat(last.getOptions().hasObserve()).isFalse();
    assertForgotten(name);
  }

  @Test
  void deviceThatObservesNoMore_isNoSuccess() throws Exception {
    server.start(KNOWN);
    BlockingQueue<Object> answers = observe(get(LIGHT));
    next(answers);
    String name = subscription();

    tell(name, Kind.ENDED, ok("2"));

    assertThat(next(answers).getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
    assertForgotten(name);
  }

  @Test
  void deviceThatIsTakenAway_isForbiddenToAProxy() throws Exception {
    server.start(KNOWN);
    Request request = get("/x");
    request.getOptions().setProxyUri("coap://" + LAMP + "/light");
    BlockingQueue<Object> answers = observe(request);
    next(answers);

    tell(
        subscription(),
        Kind.ENDED,
        CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "none"));

    assertThat(next(answers).getCode()).isEqualTo(ResponseCode.FORBIDDEN);
  }

  @Test
  void longNotification_isReadInBlocks() throws Exception {
    server.start(KNOWN);
    BlockingQueue<Object> answers = observe(get(LIGHT));
    next(answers);
    String large = "\"" + "x".repeat(5000) + "\"";

    tell(subscription(), Kind.CHANGED, ok(large));

    assertThat(OwnServer.json(next(answers))).isEqualTo(large);
  }

  @Test
  void blocksOfALongNotification_areOfOneRepresentation() throws Exception {
    startPatient();
    try (RawClient client = new RawClient(server.address())) {
      client.send(raw(CoAP.Type.CON, 1, "a"));
      client.acknowledge(client.response());
      String name = subscription();
      tell(name, Kind.CHANGED, ok("\"" + "x".repeat(5000) + "\""));
      Response first = client.response();
      client.acknowledge(first);
      Response second = block(client, 2, "b");

      tell(name, Kind.CHANGED, ok("\"" + "y".repeat(5000) + "\""));
      Response other = client.response();
      client.acknowledge(other);
      Response third = block(client, 3, "c");

      assertThat(first.getOptions().hasObserve()).isTrue();
      assertThat(first.getOptions().getBlock2().isM()).isTrue();
      assertThat(second.getOptions().hasObserve()).isFalse();
      assertThat(second.getPayloadString()).startsWith("xxx");
      assertThat(second.getOptions().getETags().get(0))
          .isEqualTo(first.getOptions().getETags().get(0));
      assertThat(third.getPayloadString()).startsWith("yyy");
      assertThat(third.getOptions().getETags().get(0))
          .isEqualTo(other.getOptions().getETags().get(0))
          .isNotEqualTo(first.getOptions().getETags().get(0));
      assertThat(server.asked).hasSize(1);
    }
  }

  private static Response block(RawClient client, int mid, String token) throws Exception {
    Request request = RawClient.get(LIGHT, CoAP.Type.NON, mid, token);
    request.getOptions().setBlock2(6, false, 1);
    client.send(request);
    return client.response();
  }

  @Test
  void registrationThatIsRepeated_goesOnCounting() throws Exception {
    startPatient();
    try (RawClient client = new RawClient(server.address())) {
      client.send(raw(CoAP.Type.NON, 1, "a"));
      client.response();
      String before = subscription();
      tell(before, Kind.CHANGED, ok("2"));
      Response told = client.response();

      client.send(raw(CoAP.Type.NON, 2, "a"));
      Response again = client.response();

      assertThat(again.getOptions().getObserve()).isGreaterThan(told.getOptions().getObserve());
      assertForgotten(before);
      tell(subscription(), Kind.CHANGED, ok("3"));
      assertThat(client.response().getPayloadString()).isEqualTo("3");
    }
  }

  @Test
  void registrationThatIsRepeatedInVain_endsTheFirst() throws Exception {
    startPatient();
    try (RawClient client = new RawClient(server.address())) {
      client.send(raw(CoAP.Type.NON, 1, "a"));
      client.response();
      String first = subscription();
      server.answers(
          own -> CrudnResponse.failed(Status.UNAVAILABLE, "device-offline", "not online"));

      client.send(raw(CoAP.Type.NON, 2, "a"));

      assertThat(client.response().getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      assertForgotten(subscription());
      assertForgotten(first);
    }
  }

  @Test
  void newsThatOvertakesTheFirstAnswer_isToldAfterIt() throws Exception {
    server.start(KNOWN);
    Promise<CrudnResponse> slow = Promise.promise();
    server.answersLater(own -> slow.future());
    BlockingQueue<Object> answers = observe(get(LIGHT));
    tell(subscription(), Kind.CHANGED, ok("2"));
    slow.complete(value("1"));

    assertThat(OwnServer.json(next(answers))).isEqualTo("1");
    assertThat(OwnServer.json(next(answers))).isEqualTo("2");
  }

  @Test
  void slowDevice_isAskedOnceAndAnsweredSeparately() throws Exception {
    startPatient();
    Promise<CrudnResponse> slow = Promise.promise();
    server.answersLater(own -> slow.future());
    try (RawClient client = new RawClient(server.address())) {
      Request request = RawClient.get(LIGHT, CoAP.Type.CON, 1, "a");
      client.send(request);

      assertThat(client.next()).isInstanceOf(EmptyMessage.class);
      client.send(request);
      assertThat(client.next()).isInstanceOf(EmptyMessage.class);
      slow.complete(CrudnResponse.answered(Status.OK, Headers.NONE, "1"));

      Response answer = client.response();
      assertThat(answer.getType()).isEqualTo(CoAP.Type.CON);
      assertThat(answer.getPayloadString()).isEqualTo("1");
      assertThat(server.asked).hasSize(1);
    }
  }

  @Test
  void relationsOfOneAddress_areSharedWithThoseOfTheGateway() throws Exception {
    server.start(KNOWN);
    for (int i = 0; i < Observers.PER_PEER; i++) {
      assertThat(next(observe(get(i % 2 == 0 ? "/oic/res" : LIGHT))).getOptions().hasObserve())
          .isTrue();
    }
    int subscribed = server.subscriptions.size();
    server.answers(own -> own.request().path().path().equals("/oic/res") ? value("1") : ok("1"));

    Response over = next(observe(get(LIGHT)));

    assertThat(over.getCode()).isEqualTo(ResponseCode.CONTENT);
    assertThat(over.getOptions().hasObserve()).isFalse();
    assertThat(server.subscriptions).hasSize(subscribed);
  }

  @Test
  void farAddress_isProvenBeforeAnythingIsObserved() throws Exception {
    server.start(OwnServer.foreign(KNOWN));

    Response answer = server.send(get(LIGHT).setObserve());

    assertThat(answer.getCode()).isEqualTo(ResponseCode.UNAUTHORIZED);
    assertThat(answer.getOptions().getOthers()).isNotEmpty();
    assertThat(server.subscriptions).isEmpty();
    assertThat(server.asked).isEmpty();
  }

  @Test
  void sessionThatIsClosed_takesItsSubscriptionsAlong() throws Exception {
    server.start(
        OwnServer.with(
            OwnServer.plain(
                OwnServer.identity("kitchen", new IdentityConfig.Psk("lamp", new Secret(KEY)))),
            0,
            java.util.List.of()));
    CoapEndpoint client = DtlsClients.psk("lamp", KEY);
    try {
      Request request = get(LIGHT).setObserve();
      request.setURI("coaps://127.0.0.1" + LIGHT);
      BlockingQueue<Object> answers = OwnServer.collect(client, request, server.secureAddress());
      next(answers);
      String name = subscription();
      tell(name, Kind.CHANGED, ok("2"));
      assertThat(OwnServer.json(next(answers))).isEqualTo("2");

      ((DTLSConnector) client.getConnector()).close(server.secureAddress());

      assertForgotten(name);
    } finally {
      client.destroy();
    }
  }
}
