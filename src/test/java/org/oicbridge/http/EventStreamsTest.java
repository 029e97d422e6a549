package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.lamp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.config.HttpConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;
import org.oicbridge.http.EventReader.Event;

/** Server-sent events of a resource, read over loopback; the router is played by the test. */
@Timeout(60)
class EventStreamsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final BlockingQueue<Subscribe> subscribed = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
  private volatile Future<CrudnResponse> answer;
  private ApiServer server;

  @BeforeEach
  void start() {
    start(100, MINUTE, MINUTE);
  }

  private void restart(int subscribers, Duration stallTimeout, Duration heartbeat) {
    server.close();
    start(subscribers, stallTimeout, heartbeat);
  }

  private void start(int subscribers, Duration stallTimeout, Duration heartbeat) {
    answer = Future.succeededFuture(value("{\"n\":1}", 1));
    server = new ApiServer();
    server.serveDevices();
    server.serveCrudn();
    server.add(ApiServer.ALICE, ApiServer.LAMP);
    for (int shard = 0; shard < ApiServer.SHARDS; shard++) {
      Contracts.SUBSCRIBE.serve(
          server.vertx.eventBus(),
          shard,
          wish -> {
            subscribed.add(wish);
            return answer;
          });
      Contracts.UNSUBSCRIBE.serve(server.vertx.eventBus(), shard, this::unsubscribed);
    }
    server.deploy(
        new HttpConfig(
            "127.0.0.1",
            0,
            null,
            null,
            false,
            null,
            List.of(),
            1024,
            64,
            subscribers,
            stallTimeout),
        Duration.ofSeconds(10),
        1,
        heartbeat);
  }

  private Future<Done> unsubscribed(Unsubscribe end) {
    ended.add(end.subscription());
    return Future.succeededFuture(new Done());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static CrudnResponse value(String json, int sequence) {
    return ApiServer.answered(Status.OK, json).with("Observe", String.valueOf(sequence));
  }

  private EventReader open(String... headers) throws Exception {
    return EventReader.open("http://127.0.0.1:" + server.port() + lamp("/a/light"), headers);
  }

  private Subscribe nextSubscription() throws InterruptedException {
    Subscribe wish = subscribed.poll(10, TimeUnit.SECONDS);
    assertThat(wish).as("a subscription").isNotNull();
    return wish;
  }

  private void tell(Subscribe wish, CrudnResponse response, Kind kind) {
    Contracts.NOTIFICATION.send(
        server.vertx.eventBus(),
        wish.subscription(),
        new Notification(wish.subscription(), response, kind));
  }

  private void expectEnd(Subscribe wish) throws InterruptedException {
    assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(wish.subscription());
  }

  @Test
  void stream_beginsWithTheValueAndHasAnEventForEachNotification() throws Exception {
    answer =
        Future.succeededFuture(
            value("{\"n\":1}", 7).with("ETag", "\"0a\"").with("Cache-Control", "max-age=30"));
    try (EventReader reader = open()) {
      Subscribe wish = nextSubscription();
      assertThat(wish.retrieve().operation()).isEqualTo(Operation.RETRIEVE);
      assertThat(wish.retrieve().path()).hasToString("/a/light");
      assertThat(wish.retrieve().requester()).hasToString(ApiServer.ALICE);
      assertThat(reader.status()).isEqualTo(200);
      assertThat(reader.header("Content-Type")).isEqualTo("text/event-stream");
      assertThat(reader.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reader.line()).isEqualTo("retry: 5000");

      Event first = reader.next();
      assertThat(first.name()).isNull();
      assertThat(first.data()).isEqualTo("{\"n\":1}");
      assertThat(first.fields())
          .containsEntry("observe", "7")
          .containsEntry("etag", "\"0a\"")
          .containsEntry("cache-control", "max-age=30");

      tell(wish, value("{\"n\":2}", 8), Kind.CHANGED);
      Event second = reader.next();
      assertThat(second.data()).isEqualTo("{\"n\":2}");
      assertThat(second.id()).isNotEqualTo(first.id());
      tell(wish, value("{\"n\":2}", 9), Kind.CHANGED);
      Event third = reader.next();
      assertThat(third.fields()).containsEntry("observe", "9").containsEntry("id", second.id());
    }
  }

  @Test
  void callerThatComesBack_isToldOnlyOfAnotherValue() throws Exception {
    String id;
    try (EventReader reader = open()) {
      id = reader.next().id();
      expectEndAfter(reader, nextSubscription());
    }
    try (EventReader reader = open("Last-Event-ID", id)) {
      tell(nextSubscription(), value("{\"n\":2}", 2), Kind.CHANGED);
      assertThat(reader.next().data()).isEqualTo("{\"n\":2}");
    }
    answer = Future.succeededFuture(value("{\"n\":3}", 3));
    try (EventReader reader = open("Last-Event-ID", id)) {
      assertThat(reader.next().data()).isEqualTo("{\"n\":3}");
    }
  }

  private void expectEndAfter(EventReader reader, Subscribe wish) throws Exception {
    reader.close();
    expectEnd(wish);
  }

  @Test
  void observationThatWasMadeAnew_isToldAndSoIsAnotherValue() throws Exception {
    try (EventReader reader = open()) {
      Subscribe wish = nextSubscription();
      reader.next();
      tell(wish, value("{\"n\":1}", 2), Kind.RESTARTED);
      Event same = reader.next();
      assertThat(same.name()).isEqualTo("restarted");
      assertThat(same.data()).isEqualTo("{\"n\":1}");

      tell(wish, value("{\"n\":5}", 3), Kind.RESTARTED);
      Event other = reader.next();
      assertThat(other.name()).isEqualTo("restarted");
      assertThat(other.data()).isEqualTo("{\"n\":5}");
      Event changed = reader.next();
      assertThat(changed.name()).isNull();
      assertThat(changed.id()).isEqualTo(other.id());
    }
  }

  @Test
  void observationThatEnds_saysWhyAndEndsTheStream() throws Exception {
    try (EventReader reader = open()) {
      Subscribe wish = nextSubscription();
      reader.next();
      tell(
          wish, CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "it is gone"), Kind.ENDED);
      Event end = reader.next();
      assertThat(end.name()).isEqualTo("end");
      assertThat(end.id()).isNull();
      assertThat(new JsonObject(end.data()).getString("type"))
          .isEqualTo("urn:oic-bridge:problem:device-unknown");
      assertThat(reader.next()).isNull();
      expectEnd(wish);
    }
  }

  @Test
  void resourceThatIsNotObservable_is406() throws Exception {
    answer = Future.succeededFuture(ApiServer.answered(Status.OK, "{}"));
    try (EventReader reader = open()) {
      assertThat(reader.status()).isEqualTo(406);
      assertThat(reader.body()).contains("not-observable");
      expectEnd(nextSubscription());
    }
  }

  @Test
  void refusalOfTheRouter_isAnAnswerLikeAnyOther() throws Exception {
    answer =
        Future.succeededFuture(
            CrudnResponse.failed(Status.TOO_MANY_REQUESTS, "too-many-subscriptions", "full")
                .with("Retry-After", "5"));
    try (EventReader reader = open()) {
      assertThat(reader.status()).isEqualTo(429);
      assertThat(reader.header("Retry-After")).isEqualTo("5");
      assertThat(reader.body()).contains("too-many-subscriptions");
      expectEnd(nextSubscription());
    }
  }

  @Test
  void jsonBesideEvents_isWhatTheCallerPrefers() throws Exception {
    assertThat(server.get(lamp("/a"), "Accept: text/event-stream;q=0.5, application/json").body())
        .isEqualTo("{\"value\":true}");
    try (EventReader reader = open("Accept", "application/json;q=0.5")) {
      assertThat(reader.header("Content-Type")).isEqualTo("text/event-stream");
    }
    assertThat(server.send("HEAD", lamp("/a"), "", "Accept: text/event-stream").status())
        .isEqualTo(406);
  }

  @Test
  void streams_areLimited() throws Exception {
    restart(1, MINUTE, MINUTE);
    try (EventReader reader = open()) {
      Subscribe first = nextSubscription();
      assertThat(reader.next().data()).isEqualTo("{\"n\":1}");
      try (EventReader refused = open()) {
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        assertThat(refused.body()).contains("too-many-subscribers");
      }
      assertThat(subscribed).isEmpty();
      expectEndAfter(reader, first);
    }
    try (EventReader reader = open()) {
      assertThat(reader.next().data()).isEqualTo("{\"n\":1}");
    }
  }

  @Test
  void callerThatLeavesBeforeTheFirstAnswer_keepsNoPlace() throws Exception {
    restart(1, MINUTE, MINUTE);
    Promise<CrudnResponse> slow = Promise.promise();
    answer = slow.future();
    try (Socket socket = ask()) {
      Subscribe wish = nextSubscription();
      socket.close();
      expectEnd(wish);
    }
    slow.complete(value("{\"n\":2}", 2));
    answer = slow.future();
    try (EventReader reader = open()) {
      assertThat(reader.next().data()).isEqualTo("{\"n\":2}");
    }
  }

  @Test
  void callerThatLeavesWhileItsDeviceIsLookedUp_keepsNoPlace() throws Exception {
    restart(1, MINUTE, MINUTE);
    Promise<Void> lookup = Promise.promise();
    server.lookup = lookup.future();
    int asked = server.queries.size();
    try (Socket socket = ask()) {
      while (server.queries.size() == asked) {
        Thread.onSpinWait();
      }
    }
    // The end of that connection comes to the same loop before this one's beginning.
    assertThat(server.get("/livez").status()).isEqualTo(200);
    lookup.complete();
    try (EventReader reader = open()) {
      assertThat(reader.status()).isEqualTo(200);
    }
  }

  @Test
  void heartbeat_isAComment() throws Exception {
    restart(100, MINUTE, Duration.ofMillis(20));
    try (EventReader reader = open()) {
      reader.next();
      assertThat(reader.line()).isEqualTo(":");
      assertThat(reader.line()).isEmpty();
      assertThat(reader.line()).isEqualTo(":");
    }
  }

  @Test
  void stop_endsTheStreams() throws Exception {
    try (EventReader reader = open()) {
      reader.next();
      Future<Void> stopped = server.undeploy();
      assertThat(reader.next()).isNull();
      ApiServer.await(stopped);
    }
  }

  /** Asks for events, and reads nothing. */
  private Socket ask() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(2048);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    String text =
        RawHttp.text(server.port(), "GET", lamp("/a/light"), "", "Accept: text/event-stream");
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** More than any buffer between gateway and reader holds. */
  private void tellMuch(Subscribe wish, int values) {
    String pad = "x".repeat(100_000);
    for (int n = 1; n <= values; n++) {
      tell(wish, value("{\"n\":" + n + ",\"pad\":\"" + pad + "\"}", n), Kind.CHANGED);
    }
  }

  @Test
  void readerThatTakesNothing_holdsTheNewestValueOnlyAndDelaysNobody() throws Exception {
    try (Socket slow = ask();
        EventReader fast = openAfter(slow)) {
      Subscribe slowWish = slowSubscription;
      Subscribe fastWish = nextSubscription();
      fast.next();
      tellMuch(slowWish, 300);
      tell(fastWish, value("{\"n\":2}", 2), Kind.CHANGED);
      // Told after all those of the slow one, on the same loop.
      assertThat(fast.next().data()).isEqualTo("{\"n\":2}");

      tell(slowWish, CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "x"), Kind.ENDED);
      String all = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      long events = all.lines().filter(line -> line.startsWith("data: {\"n\":")).count();
      assertThat(events).as("values of 300 that were written").isBetween(2L, 150L);
      assertThat(all).contains("data: {\"n\":300,").contains("event: end");
    }
  }

  private Subscribe slowSubscription;

  private EventReader openAfter(Socket slow) throws Exception {
    assertThat(slow.isConnected()).isTrue();
    slowSubscription = nextSubscription();
    return open();
  }

  @Test
  void readerThatTakesNothingForTooLong_isDropped() throws Exception {
    restart(100, Duration.ofMillis(100), MINUTE);
    try (Socket slow = ask()) {
      Subscribe wish = nextSubscription();
      tellMuch(wish, 300);
      expectEnd(wish);
    }
  }

  @Test
  void readerThatGoesOnInTime_isNotDropped() throws Exception {
    restart(100, SECOND.multipliedBy(30), MINUTE);
    try (Socket slow = ask()) {
      Subscribe wish = nextSubscription();
      tellMuch(wish, 300);
      tell(wish, CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "x"), Kind.ENDED);
      assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("event: end");
    }
  }
}
