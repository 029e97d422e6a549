package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/** OIC Remote Access section 7.3.1 from the side that is asked. */
@Timeout(30)
class AnswersToPeersTest {
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration LATER = Duration.ofSeconds(60);

  private Shard shard = Shard.scripted(CONFIG);
  private final Map<String, Promise<CrudnResponse>> held = new ConcurrentHashMap<>();

  @AfterEach
  void close() {
    shard.close();
  }

  private void restart(IbbConfig config) {
    shard.close();
    shard = Shard.scripted(config);
  }

  private static IbbConfig limits(int requestsPerStream, int messageLimit) {
    return new IbbConfig(
        32_768, 65_535, 4, 3, 64, requestsPerStream, LATER, messageLimit, Duration.ofSeconds(30));
  }

  /** From now on the device answers when the test says so. */
  private void holdAnswers() {
    shard.device = request -> promise(request.path().path()).future();
  }

  private Promise<CrudnResponse> promise(String path) {
    return held.computeIfAbsent(path, p -> Promise.promise());
  }

  private static Headers token(String token) {
    return Headers.of("X-OIC-Token", token);
  }

  private void send(byte[] block) {
    shard.open(FRIEND, "s", Carrier.MESSAGE);
    shard.data(FRIEND, "s", 0, block);
  }

  @Test
  void request_reachesTheRouterAsTheSessionsDevice() {
    send(
        Shard.update(
            "/a/light?if=oic.if.rw",
            "{\"value\":true}",
            Headers.of("Content-Type", "application/json").with("Prefer", "wait=60")));
    CrudnRequest request = shard.expectAsked();

    assertThat(request.account()).isEqualTo(LAMP.bare());
    assertThat(request.target()).isEqualTo(LAMP.oic().orElseThrow().id());
    assertThat(request.operation()).isEqualTo(Operation.UPDATE);
    assertThat(request.path()).hasToString("/a/light?if=oic.if.rw");
    assertThat(request.body()).isEqualTo("{\"value\":true}");
    assertThat(request.requester()).isEqualTo(FRIEND.bare());
    assertThat(request.via()).isEqualTo(CrudnRequest.Via.HOSTED);
    assertThat(request.deadline().remainingMillis()).isBetween(50_000L, 60_000L);
  }

  @Test
  void answer_isOneStanzaInTheSameStream() {
    shard.device =
        request ->
            Future.succeededFuture(
                CrudnResponse.answered(
                    Status.OK,
                    Headers.of("ETag", "\"0a\"")
                        .with("Allow", "GET")
                        .with("Observe", "1")
                        .with("Set-Cookie", "x"),
                    "{\"value\":true}"));
    send(Shard.retrieve("/a/light"));
    Ibb.Data data = shard.expect(Ibb.Data.class);
    Envelope.Response response = (Envelope.Response) Shard.read(List.of(data));

    assertThat(data)
        .isEqualTo(new Ibb.Data(LAMP, FRIEND, data.id(), "s", 0, data.base64(), Carrier.MESSAGE));
    assertThat(data.id()).startsWith("ibb");
    assertThat(response.status()).isEqualTo(Status.OK);
    assertThat(response.body()).isEqualTo("{\"value\":true}");
    assertThat(response.headers().get("ETag")).contains("\"0a\"");
    assertThat(response.headers().get("Allow")).contains("GET");
    assertThat(response.headers().get("Content-Type")).contains("application/json");
    assertThat(response.headers().get("Date")).isPresent();
    // Without it the peer knows that it does not observe.
    assertThat(response.headers().get("Observe")).isEmpty();
    assertThat(response.headers().get("Set-Cookie")).isEmpty();
  }

  @Test
  void headersOutsideTheList_doNotPass() {
    send(
        Shard.retrieve(
            "/a/light",
            Headers.of("Accept", "application/json")
                .with("If-None-Match", "\"0a\"")
                .with("Authorization", "Bearer x")
                .with("Host", "evil.example")
                .with("Prefer", "wait=60")
                .with("X-Forwarded-For", "10.0.0.1")));

    assertThat(shard.expectAsked().headers())
        .isEqualTo(Headers.of("If-None-Match", "\"0a\"").with("Accept", "application/json"));
  }

  @Test
  void authority_namesTheDeviceIfItIsAUuid() {
    String other = "11111111-2222-4333-8444-555555555555";
    send(
        ("<rest><url method='GET'>coap://"
                + other
                + "/a</url></rest>"
                + "<rest><url method='GET'>coap://evil.example/b</url></rest>"
                + "<rest><url method='GET'>coap://mydevice/c</url></rest>")
            .getBytes(StandardCharsets.UTF_8));

    DeviceId own = LAMP.oic().orElseThrow().id();
    assertThat(shard.expectAsked().target()).isEqualTo(new DeviceId(other));
    assertThat(shard.expectAsked().target()).isEqualTo(own);
    assertThat(shard.expectAsked().target()).isEqualTo(own);
  }

  @Test
  void request_toTheGatewaysSessionIsForTheGateway() {
    shard.arrive(new Ibb.Open(CLIENT, FRIEND, "o", "s", 4096, Carrier.MESSAGE));
    shard.expect(Ibb.Accepted.class);
    Headers headers =
        Headers.of("OCF-Accept-Content-Format-Version", "2048").with("Accept", "application/json");
    String block =
        Base64.getEncoder().encodeToString(Shard.retrieve("/oic/res?rt=oic.wk.d", headers));
    shard.data(CLIENT, FRIEND, "s", 0, block, Carrier.MESSAGE);
    CrudnRequest request = shard.expectAsked();

    assertThat(request.target()).isEqualTo(CLIENT.oic().orElseThrow().id());
    assertThat(request.path()).hasToString("/oic/res?rt=oic.wk.d");
    assertThat(request.via()).isEqualTo(CrudnRequest.Via.HOSTED);
    assertThat(request.requester()).isEqualTo(FRIEND.bare());
    assertThat(request.headers().get("OCF-Accept-Content-Format-Version")).contains("2048");
    assertThat(request.headers().get("Accept")).contains("application/json");
  }

  @Test
  void sessionThatIsNoDevice_answersNotFound() {
    Jid plain = LAMP.withResource("phone");
    shard.arrive(new Ibb.Open(plain, FRIEND, "o", "s", 4096, Carrier.MESSAGE));
    shard.expect(Ibb.Accepted.class);
    shard.data(
        plain,
        FRIEND,
        "s",
        0,
        Base64.getEncoder().encodeToString(Shard.retrieve("/a")),
        Carrier.MESSAGE);

    assertThat(shard.expectAnswer().status()).isEqualTo(Status.NOT_FOUND);
  }

  @Test
  void threeRequestsInOneBlock_areWorkedAndAnsweredInOrder() {
    holdAnswers();
    send(Shard.join(Shard.retrieve("/1"), Shard.retrieve("/2"), Shard.retrieve("/3")));
    promise("/2").complete(Shard.ok("2"));
    assertThat(shard.expectAsked().path().path()).isEqualTo("/1");
    assertThat(shard.drain()).isEmpty();
    assertThat(shard.asked).isEmpty();

    promise("/1").complete(Shard.ok("1"));
    promise("/3").complete(Shard.ok("3"));
    assertThat(shard.expectAnswer().body()).isEqualTo("1");
    assertThat(shard.expectAnswer().body()).isEqualTo("2");
    assertThat(shard.expectAnswer().body()).isEqualTo("3");
  }

  @Test
  void requestOverManyBlocks_isOneRequest() {
    String body = "\"" + "x".repeat(10_000) + "\"";
    byte[] document = Shard.update("/a/text", body, Headers.NONE);
    shard.open(FRIEND, "s", Carrier.MESSAGE);
    int seq = 0;
    for (int from = 0; from < document.length; from += 1000) {
      int to = Math.min(document.length, from + 1000);
      shard.data(FRIEND, "s", seq++, Arrays.copyOfRange(document, from, to));
    }

    assertThat(shard.expectAsked().body()).isEqualTo(body);
    assertThat(shard.expectAnswer().status()).isEqualTo(Status.OK);
    assertThat(shard.asked).isEmpty();
  }

  @Test
  void peerThatEncodesTwice_isAnsweredAlike() {
    send(Base64.getEncoder().encode(Shard.retrieve("/a/light")));
    Ibb.Data data = shard.expect(Ibb.Data.class);
    byte[] once = Base64.getDecoder().decode(data.base64());

    assertThat(new String(Base64.getDecoder().decode(once), StandardCharsets.UTF_8))
        .startsWith("<rest ")
        .contains("/a/light");
  }

  @Test
  void streamOpenedWithIq_isAnsweredInIqsOneAfterTheOther() {
    String body = "\"" + "x".repeat(10_000) + "\"";
    shard.device = request -> Future.succeededFuture(Shard.ok(body));
    shard.open(FRIEND, "s", Carrier.IQ);
    String block = Base64.getEncoder().encodeToString(Shard.retrieve("/a"));
    shard.data(LAMP, FRIEND, "s", 0, block, Carrier.IQ);
    assertThat(shard.expect(Ibb.Accepted.class).id()).isEqualTo("data-s-0");

    List<Ibb.Data> answer = new ArrayList<>();
    for (int seq = 0; seq < 3; seq++) {
      answer.add(shard.expect(Ibb.Data.class));
      assertThat(answer.get(seq).carrier()).isEqualTo(Carrier.IQ);
      assertThat(answer.get(seq).seq()).isEqualTo(seq);
      assertThat(shard.drain()).isEmpty();
      shard.accept(answer.get(seq));
    }
    assertThat(((Envelope.Response) Shard.read(answer)).body()).isEqualTo(body);
  }

  @Test
  void blockThatIsNotAcknowledged_closesTheStream() {
    restart(Shard.times(CONFIG, LATER, SOON));
    shard.open(FRIEND, "s", Carrier.IQ);
    shard.data(FRIEND, "s", 0, Shard.retrieve("/a"));
    shard.expect(Ibb.Data.class);

    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo("s");
  }

  @Test
  void blockThatIsAcknowledged_leavesTheStreamOpen() {
    restart(Shard.times(CONFIG, LATER, SOON));
    shard.open(FRIEND, "s", Carrier.IQ);
    shard.open(FRIEND, "never", Carrier.IQ);
    shard.data(FRIEND, "s", 0, Shard.retrieve("/a"));
    shard.accept(shard.expect(Ibb.Data.class));
    shard.data(FRIEND, "never", 0, Shard.retrieve("/a"));
    shard.expect(Ibb.Data.class);
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo("never");

    shard.data(FRIEND, "s", 1, Shard.retrieve("/b"));
    assertThat(shard.expectAnswer().body()).contains("/b");
  }

  /** What slixmpp does: it opens for messages and then sends iqs. */
  @Test
  void iqOnAStreamForMessages_isAcknowledgedAndAnsweredByMessage() {
    shard.open(FRIEND, "s", Carrier.MESSAGE);
    String block = Base64.getEncoder().encodeToString(Shard.retrieve("/a"));
    shard.data(LAMP, FRIEND, "s", 0, block, Carrier.IQ);

    assertThat(shard.expect(Ibb.Accepted.class).id()).isEqualTo("data-s-0");
    assertThat(shard.expect(Ibb.Data.class).carrier()).isEqualTo(Carrier.MESSAGE);
  }

  @Test
  void requestThatCantBeRead_isAnsweredInItsTurn() {
    holdAnswers();
    send(
        Shard.join(
            Shard.retrieve("/1"),
            "<rest><url method='FROB'>/2</url></rest>".getBytes(StandardCharsets.UTF_8),
            Shard.retrieve("/3")));
    promise("/3").complete(Shard.ok("3"));
    assertThat(shard.drain()).isEmpty();
    promise("/1").complete(Shard.ok("1"));

    assertThat(shard.expectAnswer().body()).isEqualTo("1");
    Envelope.Response unreadable = shard.expectAnswer();
    assertThat(unreadable.status()).isEqualTo(Status.NOT_IMPLEMENTED);
    assertThat(unreadable.body()).startsWith("{\"error\":");
    assertThat(shard.expectAnswer().body()).isEqualTo("3");
  }

  @Test
  void problem_isToldInTheBody() {
    shard.device =
        request ->
            Future.succeededFuture(
                CrudnResponse.failed(Status.UNAVAILABLE, "device-silent", "say \"please\"")
                    .with("Retry-After", "5"));
    send(Shard.retrieve("/a"));
    Envelope.Response response = shard.expectAnswer();

    assertThat(response.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(response.body())
        .isEqualTo("{\"error\":\"say \\\"please\\\"\",\"outcome\":\"not-sent\"}");
    assertThat(response.headers().get("Retry-After")).contains("5");
  }

  @Test
  void routerThatFails_isAnInternalErrorWithoutInternals() {
    shard.device = request -> Future.failedFuture(new IllegalStateException("secret"));
    send(Shard.retrieve("/a"));
    Envelope.Response response = shard.expectAnswer();

    assertThat(response.status()).isEqualTo(Status.INTERNAL_ERROR);
    assertThat(response.body()).doesNotContain("secret");
  }

  @Test
  void longAnswer_isCutIntoBlocksThatFollowEachOther() {
    String body = "\"" + "x".repeat(200_000) + "\"";
    shard.device = request -> Future.succeededFuture(Shard.ok(body));
    send(Shard.join(Shard.retrieve("/a"), Shard.retrieve("/b")));
    List<Ibb.Data> blocks = new ArrayList<>();
    for (int seq = 0; seq < 49; seq++) {
      Ibb.Data block = shard.expect(Ibb.Data.class);
      assertThat(block.seq()).isEqualTo(seq);
      assertThat(Base64.getDecoder().decode(block.base64())).hasSizeLessThanOrEqualTo(4096);
      blocks.add(block);
    }

    assertThat(((Envelope.Response) Shard.read(blocks)).body()).isEqualTo(body);
  }

  @Test
  void answerLongerThanAMessageMayBe_isToldSo() {
    restart(limits(64, 4096));
    shard.device = request -> Future.succeededFuture(Shard.ok("\"" + "x".repeat(4096) + "\""));
    send(Shard.retrieve("/a", token("t1")));
    Envelope.Response response = shard.expectAnswer();

    assertThat(response.status()).isEqualTo(Status.CONTENT_TOO_LARGE);
    assertThat(response.body()).isNull();
    assertThat(response.headers().get("X-OIC-Token")).contains("t1");
  }

  @Test
  void requestLongerThanAMessageMayBe_isToldSo() {
    restart(limits(64, 4096));
    send(Shard.update("/a", "\"" + "x".repeat(2000) + "\"", Headers.NONE));
    assertThat(shard.expectAnswer().status()).isEqualTo(Status.OK);
    byte[] document = Shard.update("/a", "\"" + "x".repeat(6000) + "\"", Headers.NONE);
    shard.data(FRIEND, "s", 1, Arrays.copyOf(document, 4096));
    shard.data(FRIEND, "s", 2, Arrays.copyOfRange(document, 4096, document.length));

    assertThat(shard.expectAnswer().status()).isEqualTo(Status.CONTENT_TOO_LARGE);
    assertThat(shard.asked).hasSize(1);
  }

  @Test
  void requestsWithTokens_areAnsweredAsTheyAreDone() {
    holdAnswers();
    send(Shard.join(Shard.retrieve("/1", token("t1")), Shard.retrieve("/2", token("t2"))));
    shard.expectAsked();
    shard.expectAsked();
    promise("/2").complete(Shard.ok("2"));
    assertThat(shard.expectAnswer().headers().get("X-OIC-Token")).contains("t2");
    promise("/1").complete(Shard.ok("1"));
    assertThat(shard.expectAnswer().headers().get("X-OIC-Token")).contains("t1");
  }

  @Test
  void oneRequestTooMany_endsTheStream() {
    restart(limits(2, 1 << 20));
    holdAnswers();
    send(Shard.join(Shard.retrieve("/1"), Shard.retrieve("/2")));
    assertThat(shard.drain()).isEmpty();
    shard.data(FRIEND, "s", 1, Shard.retrieve("/3"));

    shard.expectRefused(Condition.RESOURCE_CONSTRAINT);
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo("s");
    promise("/1").complete(Shard.ok("1"));
    assertThat(shard.drain()).isEmpty();
    assertThat(shard.asked).hasSize(1);
  }

  @Test
  void bodiesBeyondOneMessageLimit_endTheStream() {
    restart(limits(64, 4096));
    holdAnswers();
    byte[] update = Shard.update("/a", "\"" + "x".repeat(2500) + "\"", Headers.NONE);
    send(update);
    assertThat(shard.drain()).isEmpty();
    shard.data(FRIEND, "s", 1, update);

    shard.expectRefused(Condition.RESOURCE_CONSTRAINT);
    shard.expect(Ibb.Close.class);
  }

  @Test
  void oneTokenTooMany_isTurnedAwayAlone() {
    restart(limits(2, 1 << 20));
    holdAnswers();
    send(
        Shard.join(
            Shard.retrieve("/1", token("t1")),
            Shard.retrieve("/2", token("t2")),
            Shard.retrieve("/3", token("t3"))));
    Envelope.Response busy = shard.expectAnswer();
    assertThat(busy.status()).isEqualTo(Status.TOO_MANY_REQUESTS);
    assertThat(busy.headers().get("X-OIC-Token")).contains("t3");
    assertThat(busy.headers().get("Retry-After")).contains("1");

    promise("/1").complete(Shard.ok("1"));
    assertThat(shard.expectAnswer().headers().get("X-OIC-Token")).contains("t1");
  }

  @Test
  void answersOfTwoStreams_doNotWaitForEachOther() {
    holdAnswers();
    send(Shard.retrieve("/slow"));
    shard.open(CLIENT, "s", Carrier.MESSAGE);
    shard.data(CLIENT, "s", 0, Shard.retrieve("/fast"));
    promise("/fast").complete(Shard.ok("1"));

    assertThat(shard.expect(Ibb.Data.class).peer()).isEqualTo(CLIENT);
  }

  @Test
  void stop_closesTheStream() {
    holdAnswers();
    send(Shard.retrieve("/a"));
    shard.expectAsked();
    shard.stop();

    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo("s");
  }
}
