package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/** Notify of OIC Remote Access section 7.3.1 from the side that is observed. */
@Timeout(30)
class PeerObservesTest {
  private static final Headers OBSERVE = Headers.of("Observe", "0");

  private Shard shard;

  @BeforeEach
  void start() {
    restart(CONFIG);
  }

  private void restart(IbbConfig config) {
    if (shard != null) {
      shard.close();
    }
    shard = Shard.scripted(config);
    shard.device = request -> Future.succeededFuture(value(1));
  }

  @AfterEach
  void close() {
    shard.close();
  }

  private static CrudnResponse value(int number) {
    return Shard.ok(String.valueOf(number)).with("Observe", String.valueOf(number));
  }

  private Subscribe observe(String sid) {
    return observe(sid, Carrier.MESSAGE);
  }

  private Subscribe observe(String sid, Carrier carrier) {
    shard.open(FRIEND, sid, carrier);
    String block =
        java.util.Base64.getEncoder().encodeToString(Shard.retrieve("/a/light", OBSERVE));
    shard.data(LAMP, FRIEND, sid, 0, block, carrier);
    return Shard.poll(shard.subscribed);
  }

  private Envelope.Response expectValue(int number) {
    Envelope.Response response = shard.expectAnswer();
    assertThat(response.body()).isEqualTo(String.valueOf(number));
    assertThat(response.headers().get("Observe")).contains(String.valueOf(number));
    return response;
  }

  @Test
  void observeZero_subscribesAndNotificationsFollowOnTheStream() {
    Subscribe wish = observe("s");
    assertThat(wish.retrieve().path()).hasToString("/a/light");
    assertThat(wish.retrieve().requester()).isEqualTo(FRIEND.bare());
    expectValue(1);

    shard.notify(wish, value(2).with("ETag", "\"0a\""), Kind.CHANGED);
    assertThat(expectValue(2).headers().get("ETag")).contains("\"0a\"");
    shard.notify(wish, value(3), Kind.RESTARTED);
    expectValue(3);
    assertThat(shard.asked).isEmpty();
  }

  @Test
  void resourceThatIsNotObservable_isAnsweredWithoutObserve() {
    shard.device = request -> Future.succeededFuture(Shard.ok("1"));
    observe("s");

    assertThat(shard.expectAnswer().headers().get("Observe")).isEmpty();
    assertThat(Shard.poll(shard.unsubscribed)).isNotEmpty();
  }

  @Test
  void observeOne_endsItAndIsAnsweredWithoutObserve() {
    Subscribe wish = observe("s");
    expectValue(1);

    shard.data(FRIEND, "s", 1, Shard.retrieve("/a/light", Headers.of("Observe", "1")));

    assertThat(shard.expectAnswer().headers().get("Observe")).isEmpty();
    assertThat(Shard.poll(shard.unsubscribed)).isEqualTo(wish.subscription());
    shard.notify(wish, value(2), Kind.CHANGED);
    assertThat(shard.drain()).isEmpty();
  }

  @Test
  void closedStream_endsIt() {
    Subscribe wish = observe("s");
    expectValue(1);

    shard.arrive(new Ibb.Close(LAMP, FRIEND, "c", "s"));

    assertThat(Shard.poll(shard.unsubscribed)).isEqualTo(wish.subscription());
  }

  @Test
  void peerThatLeaves_endsIt() {
    Subscribe wish = observe("s");
    shard.presence(LAMP, FRIEND, false, false);

    assertThat(Shard.poll(shard.unsubscribed)).isEqualTo(wish.subscription());
  }

  @Test
  void sessionThatGoesDown_endsIt() {
    Subscribe wish = observe("s");
    shard.state(LAMP, SessionEvent.State.OFFLINE);

    assertThat(Shard.poll(shard.unsubscribed)).isEqualTo(wish.subscription());
  }

  @Test
  void streamThatClosesBeforeTheAnswer_leavesNoSubscription() {
    Promise<CrudnResponse> slow = Promise.promise();
    shard.device = request -> slow.future();
    Subscribe wish = observe("s");
    shard.arrive(new Ibb.Close(LAMP, FRIEND, "c", "s"));
    assertThat(Shard.poll(shard.unsubscribed)).isEqualTo(wish.subscription());

    slow.complete(value(1));

    // The router may have taken the first word before it had the subscription.
    assertThat(Shard.poll(shard.unsubscribed)).isEqualTo(wish.subscription());
  }

  @Test
  void lastWord_hasNoObserve() {
    Subscribe wish = observe("s");
    expectValue(1);
    shard.notify(
        wish, CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "gone"), Kind.ENDED);

    Envelope.Response last = shard.expectAnswer();
    assertThat(last.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(last.headers().get("Observe")).isEmpty();
    shard.notify(wish, value(3), Kind.CHANGED);
    assertThat(shard.drain()).isEmpty();
  }

  @Test
  void notification_isNeverBetweenARequestAndItsAnswer() {
    Subscribe wish = observe("s");
    expectValue(1);
    Promise<CrudnResponse> slow = Promise.promise();
    shard.device = request -> slow.future();
    shard.data(FRIEND, "s", 1, Shard.retrieve("/b"));
    shard.expectAsked();
    shard.notify(wish, value(2), Kind.CHANGED);
    shard.notify(wish, value(3), Kind.CHANGED);
    assertThat(shard.drain()).isEmpty();

    slow.complete(Shard.ok("\"answer\""));

    assertThat(shard.expectAnswer().body()).isEqualTo("\"answer\"");
    expectValue(3);
    assertThat(shard.drain()).isEmpty();
  }

  @Test
  void notificationBeforeTheFirstAnswer_comesAfterIt() {
    Promise<CrudnResponse> slow = Promise.promise();
    shard.device = request -> slow.future();
    Subscribe wish = observe("s");
    shard.notify(wish, value(2), Kind.CHANGED);
    assertThat(shard.drain()).isEmpty();
    slow.complete(value(1));

    expectValue(1);
    expectValue(2);
  }

  @Test
  void slowPeer_getsTheNewestOnly() {
    Subscribe wish = observe("s", Carrier.IQ);
    Ibb.Data first = shard.skipTo(Ibb.Data.class);
    shard.notify(wish, value(2), Kind.CHANGED);
    shard.notify(wish, value(3), Kind.CHANGED);
    shard.notify(wish, value(4), Kind.CHANGED);
    assertThat(shard.drain().stream().filter(Ibb.Data.class::isInstance)).isEmpty();

    shard.accept(first);

    Ibb.Data next = shard.skipTo(Ibb.Data.class);
    assertThat(((Envelope.Response) Shard.read(List.of(next))).body()).isEqualTo("4");
  }

  @Test
  void otherResourceOnTheSameStream_isAnsweredOnce() {
    observe("s");
    expectValue(1);

    shard.data(FRIEND, "s", 1, Shard.retrieve("/b", OBSERVE));

    assertThat(shard.expectAnswer().headers().get("Observe")).isEmpty();
    assertThat(shard.subscribed).isEmpty();
    assertThat(shard.unsubscribed).isEmpty();
  }

  @Test
  void sameResourceAgain_isSubscribedAnew() {
    Subscribe first = observe("s");
    expectValue(1);

    shard.data(FRIEND, "s", 1, Shard.retrieve("/a/light", OBSERVE));

    Subscribe second = Shard.poll(shard.subscribed);
    assertThat(Shard.poll(shard.unsubscribed)).isEqualTo(first.subscription());
    expectValue(1);
    shard.notify(second, value(2), Kind.CHANGED);
    expectValue(2);
  }

  @Test
  void token_comesBackInNotifications() {
    shard.open(FRIEND, "s", Carrier.MESSAGE);
    shard.data(FRIEND, "s", 0, Shard.retrieve("/a/light", OBSERVE.with("X-OIC-Token", "t1")));
    Subscribe wish = Shard.poll(shard.subscribed);
    assertThat(expectValue(1).headers().get("X-OIC-Token")).contains("t1");

    shard.notify(wish, value(2), Kind.CHANGED);

    assertThat(expectValue(2).headers().get("X-OIC-Token")).contains("t1");
  }

  /** The limit of request streams is 3 here, of observations 2. */
  @Test
  void observations_haveStreamsBesideThoseForRequests() {
    restart(
        new IbbConfig(
            32_768, 65_535, 4, 3, 2, 64, Duration.ofSeconds(60), 1 << 20, Duration.ofSeconds(30)));
    for (String sid : List.of("o1", "o2")) {
      observe(sid);
      expectValue(1);
    }
    Stream.of("r1", "r2", "r3").forEach(sid -> shard.open(FRIEND, sid, Carrier.MESSAGE));
    shard.arrive(new Ibb.Open(LAMP, FRIEND, "o", "r4", 4096, Carrier.MESSAGE));
    shard.expectRefused(Condition.RESOURCE_CONSTRAINT);

    shard.data(FRIEND, "r3", 0, Shard.retrieve("/a/light", OBSERVE));

    assertThat(shard.expectRefused(Condition.RESOURCE_CONSTRAINT).sid()).isEqualTo("r3");
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo("r3");
    assertThat(shard.subscribed).isEmpty();
  }
}
