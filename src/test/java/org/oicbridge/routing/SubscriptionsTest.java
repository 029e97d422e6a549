package org.oicbridge.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.routing.RouterFixture.GATEWAY;
import static org.oicbridge.routing.RouterFixture.GATEWAY_JID;
import static org.oicbridge.routing.RouterFixture.GUEST;
import static org.oicbridge.routing.RouterFixture.HOME;
import static org.oicbridge.routing.RouterFixture.LAMP;
import static org.oicbridge.routing.RouterFixture.OK;
import static org.oicbridge.routing.RouterFixture.account;
import static org.oicbridge.routing.RouterFixture.lamp;
import static org.oicbridge.routing.RouterFixture.request;
import static org.oicbridge.routing.RouterFixture.retrieve;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.ObserveDevice;
import org.oicbridge.bus.ObserveRemote;
import org.oicbridge.bus.OwnChange;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

@Timeout(60)
class SubscriptionsTest {
  private static final DeviceId FAN = new DeviceId("22222222-2222-4222-8222-222222222222");
  private static final Jid FAN_JID = HOME.withResource("OIC/1.0/oic.d.fan/" + FAN);
  private static final Duration LATER = Duration.ofMinutes(10);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private RouterFixture fixture;
  private Subscriber one;
  private Subscriber two;

  @BeforeEach
  void start() throws Exception {
    start(new Pace(LATER, LATER, LATER), 3);
  }

  private void start(Pace pace, int subscriptions) throws Exception {
    fixture = new RouterFixture(pace, subscriptions);
    fixture.hostLamp();
    one = new Subscriber(fixture, "one");
    two = new Subscriber(fixture, "two");
  }

  private void restart(Pace pace, int subscriptions) throws Exception {
    fixture.close();
    start(pace, subscriptions);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static CrudnRequest lampRequest() {
    return retrieve(LAMP, Via.SHORTEST);
  }

  private static CrudnResponse value(String body) {
    return CrudnResponse.answered(Status.OK, Headers.of("Observe", "9999"), body);
  }

  /** Both subscribe to the lamp; the name of the observation. */
  private String bothSubscribe() throws InterruptedException {
    one.subscribe(lampRequest());
    two.subscribe(lampRequest());
    return fixture.nextObservation(ObserveDevice.class).observation();
  }

  @Test
  void manySubscribers_makeOneObservation() throws Exception {
    CrudnResponse first = one.subscribe(lampRequest());
    CrudnResponse second = two.subscribe(lampRequest());

    assertThat(first.body()).isEqualTo("1");
    assertThat(second).isEqualTo(first);
    ObserveDevice upstream = fixture.nextObservation(ObserveDevice.class);
    assertThat(upstream.ask().request().headers().get("Observe")).contains("0");
    assertThat(upstream.ask().device().di()).isEqualTo(LAMP);
    assertThat(fixture.observations).isEmpty();
    assertThat(fixture.sentToCoap).isEmpty();
  }

  @Test
  void notification_reachesEverySubscriberWithOurSequence() throws Exception {
    int first = sequence(one.subscribe(lampRequest()));
    two.subscribe(lampRequest());
    String upstream = fixture.nextObservation(ObserveDevice.class).observation();

    fixture.observed(upstream, value("2").with("ETag", "\"0a\""), Kind.CHANGED);

    CrudnResponse news = one.next(Kind.CHANGED);
    assertThat(news.body()).isEqualTo("2");
    assertThat(news.headers().get("ETag")).contains("\"0a\"");
    assertThat(sequence(news)).isEqualTo(first + 1);
    assertThat(two.next(Kind.CHANGED)).isEqualTo(news);
    assertThat(new Subscriber(fixture, "three").subscribe(lampRequest())).isEqualTo(news);
    assertThat(fixture.sentToCoap).isEmpty();
  }

  private static int sequence(CrudnResponse response) {
    return Integer.parseInt(response.headers().get("Observe").orElseThrow());
  }

  @Test
  void conditionsAndBody_areNotObserved() throws Exception {
    CrudnRequest plain = lampRequest();
    CrudnRequest conditional =
        new CrudnRequest(
            HOME,
            LAMP,
            Operation.RETRIEVE,
            plain.path(),
            Headers.of("If-None-Match", "\"0a\"").with("Accept", "text/html"),
            null,
            HOME,
            Via.SHORTEST,
            plain.deadline());
    one.subscribe(conditional);

    assertThat(fixture.nextObservation(ObserveDevice.class).ask().request().headers())
        .isEqualTo(Headers.of("Observe", "0"));
  }

  @Test
  void staleValue_isAskedForAgain() throws Exception {
    fixture.observeAnswer =
        Future.succeededFuture(OK.with("Observe", "7").with("Cache-Control", "no-cache"));
    one.subscribe(lampRequest());
    fixture.nextObservation(ObserveDevice.class);

    fixture.coapAnswer =
        Future.succeededFuture(CrudnResponse.answered(Status.OK, Headers.NONE, "5"));
    assertThat(two.subscribe(lampRequest()).body()).isEqualTo("5");
    assertThat(one.next(Kind.CHANGED).body()).isEqualTo("5");
    assertThat(fixture.sentToCoap).hasSize(1);
    assertThat(fixture.observations).isEmpty();
  }

  @Test
  void answerOlderThanANotification_isNotTold() throws Exception {
    fixture.observeAnswer =
        Future.succeededFuture(OK.with("Observe", "7").with("Cache-Control", "no-cache"));
    one.subscribe(lampRequest());
    String upstream = fixture.nextObservation(ObserveDevice.class).observation();
    Promise<CrudnResponse> slow = Promise.promise();
    fixture.coapAnswer = slow.future();
    Future<CrudnResponse> late =
        Contracts.SUBSCRIBE.request(
            fixture.vertx.eventBus(),
            0,
            new Subscribe(lampRequest(), "late"),
            lampRequest().deadline());
    fixture.observed(upstream, value("new"), Kind.CHANGED);
    assertThat(one.next(Kind.CHANGED).body()).isEqualTo("new");
    slow.complete(CrudnResponse.answered(Status.OK, Headers.NONE, "old"));

    assertThat(RouterFixture.await(late).body()).isEqualTo("new");
    assertThat(one.heardNothing()).isTrue();
  }

  @Test
  void deviceThatDoesNotObserve_answersOnceWithoutObserve() throws Exception {
    fixture.observeAnswer = Future.succeededFuture(OK);

    CrudnResponse answer = one.subscribe(lampRequest());

    assertThat(answer).isEqualTo(OK);
    fixture.nextObservation(ObserveDevice.class);
    two.subscribe(lampRequest());
    assertThat(fixture.nextObservation(ObserveDevice.class)).isNotNull();
  }

  @Test
  void subscribersOfAnOpeningObservation_shareItsAnswer() throws Exception {
    Promise<CrudnResponse> slow = Promise.promise();
    fixture.observeAnswer = slow.future();
    var bus = fixture.vertx.eventBus();
    Future<CrudnResponse> a =
        Contracts.SUBSCRIBE.request(
            bus, 0, new Subscribe(lampRequest(), "a"), lampRequest().deadline());
    Future<CrudnResponse> b =
        Contracts.SUBSCRIBE.request(
            bus, 0, new Subscribe(lampRequest(), "b"), lampRequest().deadline());
    fixture.nextObservation(ObserveDevice.class);
    slow.complete(value("3"));

    assertThat(RouterFixture.await(a).body()).isEqualTo("3");
    assertThat(RouterFixture.await(b).headers().get("Observe")).isPresent();
    assertThat(fixture.observations).isEmpty();
  }

  @Test
  void lastOneLeaving_endsTheObservationAfterAWhile() throws Exception {
    restart(new Pace(AT_ONCE, LATER, LATER), 3);
    String upstream = bothSubscribe();

    one.unsubscribe();
    assertThat(fixture.observations).isEmpty();
    two.unsubscribe();

    assertThat(fixture.nextObservation(ForgetObservation.class).observation()).isEqualTo(upstream);
    one.subscribe(lampRequest());
    assertThat(fixture.nextObservation(ObserveDevice.class)).isNotNull();
  }

  @Test
  void oneWhoComesWhileItLingers_keepsTheObservation() throws Exception {
    bothSubscribe();
    one.unsubscribe();
    two.unsubscribe();

    assertThat(one.subscribe(lampRequest()).body()).isEqualTo("1");
    assertThat(fixture.observations).isEmpty();
  }

  @Test
  void oneWhoLeft_isToldNothingMore() throws Exception {
    String upstream = bothSubscribe();
    one.unsubscribe();

    fixture.observed(upstream, value("2"), Kind.CHANGED);

    two.next(Kind.CHANGED);
    assertThat(one.heardNothing()).isTrue();
  }

  @Test
  void subscriptions_areLimitedPerAccount() throws Exception {
    bothSubscribe();
    new Subscriber(fixture, "three").subscribe(lampRequest());

    CrudnResponse refused = new Subscriber(fixture, "four").subscribe(lampRequest());

    assertThat(refused.problem().type()).isEqualTo("too-many-subscriptions");
    assertThat(refused.status()).isEqualTo(Status.TOO_MANY_REQUESTS);
    one.unsubscribe();
    assertThat(new Subscriber(fixture, "four").subscribe(lampRequest()).body()).isEqualTo("1");
  }

  /** Subscribes without waiting; the names are a, b and so on. */
  private Future<CrudnResponse> wish(String name, Duration time) {
    CrudnRequest request = lampRequest();
    CrudnRequest timed =
        new CrudnRequest(
            HOME,
            LAMP,
            Operation.RETRIEVE,
            request.path(),
            Headers.NONE,
            null,
            HOME,
            Via.SHORTEST,
            Deadline.in(time));
    return Contracts.SUBSCRIBE.request(
        fixture.vertx.eventBus(), 0, new Subscribe(timed, name), Deadline.in(LATER));
  }

  @Test
  void thoseWhoWaitForTheFirstAnswer_countToo() throws Exception {
    restart(new Pace(LATER, LATER, LATER), 1);
    Promise<CrudnResponse> slow = Promise.promise();
    fixture.observeAnswer = slow.future();
    Future<CrudnResponse> first = wish("a", LATER);

    assertThat(RouterFixture.await(wish("b", LATER)).problem().type())
        .isEqualTo("too-many-subscriptions");
    slow.complete(value("3"));
    assertThat(RouterFixture.await(first).body()).isEqualTo("3");
    assertThat(RouterFixture.await(wish("b", LATER)).problem().type())
        .isEqualTo("too-many-subscriptions");
  }

  @Test
  void oneWhoLeavesBeforeTheFirstAnswer_isNotKept() throws Exception {
    restart(new Pace(AT_ONCE, LATER, LATER), 1);
    Promise<CrudnResponse> slow = Promise.promise();
    fixture.observeAnswer = slow.future();
    Future<CrudnResponse> first = wish("a", LATER);
    String upstream = fixture.nextObservation(ObserveDevice.class).observation();
    fixture.ask(Contracts.UNSUBSCRIBE, new Unsubscribe(HOME, "a"));
    slow.complete(value("3"));
    RouterFixture.await(first);

    assertThat(fixture.nextObservation(ForgetObservation.class))
        .isEqualTo(new ForgetObservation(upstream));
    assertThat(RouterFixture.await(wish("b", LATER)).body()).isEqualTo("3");
  }

  @Test
  void slowDevice_costsOnlyTheSubscriberWhoseTimeIsOver() throws Exception {
    Promise<CrudnResponse> slow = Promise.promise();
    fixture.observeAnswer = slow.future();
    Future<CrudnResponse> patient = wish("b", LATER);

    assertThat(RouterFixture.await(wish("a", AT_ONCE)).problem().type()).isEqualTo("deadline");
    slow.complete(value("3"));
    assertThat(RouterFixture.await(patient).body()).isEqualTo("3");
  }

  @Test
  void silentDevice_isNotAskedAgainForTheOneWhoAsked() throws Exception {
    fixture.observeAnswer =
        Future.succeededFuture(CrudnResponse.failed(Status.TIMEOUT, "device-silent", "silent"));

    assertThat(RouterFixture.await(wish("a", LATER)).problem().type()).isEqualTo("device-silent");
    assertThat(fixture.observations).hasSize(1);
  }

  @Test
  void lostObservation_isMadeAnewAndSaysSo() throws Exception {
    restart(new Pace(LATER, AT_ONCE, LATER), 3);
    String upstream = bothSubscribe();
    fixture.observeAnswer = Future.succeededFuture(value("after"));

    fixture.observed(
        upstream, CrudnResponse.failed(Status.TIMEOUT, "device-silent", "silent"), Kind.LOST);

    String second = fixture.nextObservation(ObserveDevice.class).observation();
    assertThat(second).isNotEqualTo(upstream);
    assertThat(one.next(Kind.RESTARTED).body()).isEqualTo("after");
    assertThat(two.next(Kind.RESTARTED).body()).isEqualTo("after");
    fixture.observed(upstream, value("of the first"), Kind.CHANGED);
    fixture.observed(second, value("of the second"), Kind.CHANGED);
    assertThat(one.next(Kind.CHANGED).body()).isEqualTo("of the second");
  }

  @Test
  void lastWordOfTheDevice_endsItForEverybody() throws Exception {
    String upstream = bothSubscribe();

    fixture.observed(
        upstream, CrudnResponse.answered(Status.NOT_FOUND, Headers.NONE, null), Kind.ENDED);

    assertThat(one.next(Kind.ENDED).status()).isEqualTo(Status.NOT_FOUND);
    assertThat(two.next(Kind.ENDED).status()).isEqualTo(Status.NOT_FOUND);
    one.subscribe(lampRequest());
    assertThat(fixture.nextObservation(ObserveDevice.class)).isNotNull();
  }

  @Test
  void droppedDevice_endsItForEverybody() throws Exception {
    String upstream = bothSubscribe();

    fixture.drop(LAMP);

    assertThat(one.next(Kind.ENDED).problem().type()).isEqualTo("device-unknown");
    assertThat(fixture.nextObservation(ForgetObservation.class).observation()).isEqualTo(upstream);
  }

  @Test
  void droppedAccount_endsItForEverybody() throws Exception {
    bothSubscribe();

    fixture.dropAccount(HOME, 0);

    assertThat(one.next(Kind.ENDED).problem().type()).isEqualTo("device-unknown");
    assertThat(two.next(Kind.ENDED).problem().type()).isEqualTo("device-unknown");
  }

  @Test
  void deviceThatMoves_isObservedWhereItIsNow() throws Exception {
    String upstream = bothSubscribe();

    fixture.host(lamp("oic.d.light", "coap://127.0.0.2:5683"));

    assertThat(fixture.nextObservation(ForgetObservation.class).observation()).isEqualTo(upstream);
    assertThat(fixture.nextObservation(ObserveDevice.class).ask().device().endpoint().getHost())
        .isEqualTo("127.0.0.2");
    assertThat(one.next(Kind.RESTARTED).body()).isEqualTo("1");
  }

  @Test
  void deviceThatIsRegisteredAgain_staysObserved() throws Exception {
    bothSubscribe();

    fixture.host(lamp());

    assertThat(one.heardNothing()).isTrue();
    assertThat(fixture.observations).isEmpty();
  }

  @Test
  void guestWithoutARule_mayNotSubscribe() {
    fixture.host(account(HOME, "password: secret"));

    CrudnResponse refused = one.subscribe(request(GUEST, LAMP, Operation.RETRIEVE, Via.SHORTEST));

    assertThat(refused.problem().type()).isEqualTo("access-denied");
    assertThat(fixture.observations).isEmpty();
  }

  @Test
  void guestWhoseRuleIsTaken_isToldNothingMore() throws Exception {
    one.subscribe(request(GUEST, LAMP, Operation.RETRIEVE, Via.SHORTEST));
    two.subscribe(lampRequest());
    String upstream = fixture.nextObservation(ObserveDevice.class).observation();

    fixture.host(account(HOME, "password: secret"));
    fixture.observed(upstream, value("private"), Kind.CHANGED);

    assertThat(one.next(Kind.ENDED).problem().type()).isEqualTo("access-denied");
    assertThat(two.next(Kind.CHANGED).body()).isEqualTo("private");
    assertThat(one.heardNothing()).isTrue();
  }

  @Test
  void remoteDeviceThatComesBack_isObservedAgain() throws Exception {
    fixture.peer(FAN_JID, true);
    CrudnRequest fan = retrieve(FAN, Via.SHORTEST);
    assertThat(one.subscribe(fan).body()).isEqualTo("1");
    ObserveRemote upstream = fixture.nextObservation(ObserveRemote.class);
    assertThat(upstream.ask().peer()).isEqualTo(FAN_JID);
    assertThat(upstream.ask().session()).isEqualTo(GATEWAY_JID);

    fixture.peer(FAN_JID, false);
    fixture.observed(
        upstream.observation(),
        CrudnResponse.failed(Status.UNAVAILABLE, "device-offline", "gone"),
        Kind.LOST);
    assertThat(one.heardNothing()).isTrue();
    fixture.observeAnswer = Future.succeededFuture(value("back"));
    fixture.peer(FAN_JID, true);

    assertThat(one.next(Kind.RESTARTED).body()).isEqualTo("back");
    assertThat(fixture.nextObservation(ObserveRemote.class)).isNotNull();
  }

  @Test
  void sessionThatComesBack_hasItsPeersObservedAgain() throws Exception {
    fixture.peer(FAN_JID, true);
    one.subscribe(retrieve(FAN, Via.SHORTEST));
    String upstream = fixture.nextObservation(ObserveRemote.class).observation();

    fixture.session(GATEWAY_JID, SessionEvent.State.OFFLINE);
    fixture.observed(
        upstream, CrudnResponse.failed(Status.UNAVAILABLE, "account-offline", "down"), Kind.LOST);
    fixture.session(GATEWAY_JID, SessionEvent.State.ONLINE);
    fixture.peer(FAN_JID, true);

    assertThat(one.next(Kind.RESTARTED).body()).isEqualTo("1");
  }

  @Test
  void sessionThatIsBoundAnewWithoutHavingBeenAway_hasItsPeersObservedAgainOnce() throws Exception {
    fixture.peer(FAN_JID, true);
    one.subscribe(retrieve(FAN, Via.SHORTEST));
    String upstream = fixture.nextObservation(ObserveRemote.class).observation();

    fixture.session(GATEWAY_JID, SessionEvent.State.ONLINE);
    fixture.observed(
        upstream, CrudnResponse.failed(Status.UNAVAILABLE, "account-offline", "down"), Kind.LOST);
    fixture.peer(FAN_JID, true);
    fixture.peer(FAN_JID, true);

    String second = fixture.nextObservation(ObserveRemote.class).observation();
    assertThat(one.next(Kind.RESTARTED).body()).isEqualTo("1");
    fixture.observed(second, value("2"), Kind.CHANGED);
    assertThat(one.next(Kind.CHANGED).body()).isEqualTo("2");
    assertThat(fixture.observations).isEmpty();
  }

  @Test
  void deviceThatWasRestarted_isToldAsSuch() throws Exception {
    int first = sequence(one.subscribe(lampRequest()));
    String upstream = fixture.nextObservation(ObserveDevice.class).observation();

    fixture.observed(upstream, value("2"), Kind.RESTARTED);

    CrudnResponse news = one.next(Kind.RESTARTED);
    assertThat(news.body()).isEqualTo("2");
    assertThat(sequence(news)).isEqualTo(first + 1);
    assertThat(one.heardNothing()).isTrue();
    assertThat(fixture.observations).isEmpty();
  }

  @Test
  void resourceOfTheGateway_isAskedAgainForEachRequesterWhenItChanges() throws Exception {
    fixture.ownAnswer = Future.succeededFuture(OK.with("Observe", "0"));
    fixture.withOwnDevice();
    one.subscribe(retrieve(GATEWAY, Via.HOSTED));
    two.subscribe(request(GUEST, GATEWAY, Operation.RETRIEVE, Via.HOSTED));
    assertThat(fixture.askedOfGateway).hasSize(2);

    fixture.ownAnswer =
        Future.succeededFuture(CrudnResponse.answered(Status.OK, Headers.NONE, "[2]"));
    Contracts.OWN_CHANGED.publish(
        fixture.vertx.eventBus(), Contracts.HOME, new OwnChange("/oic/res"));

    assertThat(one.next(Kind.CHANGED).body()).isEqualTo("[2]");
    assertThat(two.next(Kind.CHANGED).body()).isEqualTo("[2]");
    Contracts.OWN_CHANGED.publish(
        fixture.vertx.eventBus(), Contracts.HOME, new OwnChange("/oic/d"));
    assertThat(one.heardNothing()).isTrue();
    assertThat(fixture.askedOfGateway).hasSize(4);
  }
}
