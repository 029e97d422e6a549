package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.LAMP;
import static org.oicbridge.ibb.Shard.await;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/** OIC Remote Access section 7.3.1 from the side that asks a peer which echoes no tokens. */
@Timeout(30)
class AsksDevicesTest {
  private Shard shard = Shard.scripted(CONFIG);

  @AfterEach
  void close() {
    shard.close();
  }

  private void restart(IbbConfig config) {
    shard.close();
    shard = Shard.scripted(config);
  }

  /** The lamp's answer on the stream of a request. */
  private void answer(Ibb.Data request, int seq, String body) {
    byte[] block = Shard.response(body, Headers.NONE);
    String base64 = Base64.getEncoder().encodeToString(block);
    shard.data(CLIENT, LAMP, request.sid(), seq, base64, Carrier.MESSAGE);
  }

  /** The next stream is opened. */
  private Ibb.Open opened() {
    Ibb.Open open = shard.expect(Ibb.Open.class);
    shard.accept(open);
    return open;
  }

  private static String path(Ibb.Data data) {
    return ((Envelope.Request) Shard.read(List.of(data))).path().path();
  }

  private Future<CrudnResponse> ask(Operation operation, String body, Duration wait) {
    return shard.ask(CLIENT, LAMP, Shard.request(operation, "/a/light", body, wait));
  }

  private static void assertProblem(Future<CrudnResponse> answer, Status status, String type) {
    CrudnResponse response = await(answer);
    assertThat(response.problem()).isNotNull();
    assertThat(response.problem().type()).isEqualTo(type);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers().get("Retry-After").isPresent())
        .isEqualTo(status == Status.UNAVAILABLE || status == Status.TOO_MANY_REQUESTS);
  }

  @Test
  void request_opensAStreamForMessagesAndTravelsInOneStanza() {
    Future<CrudnResponse> answer = ask(Operation.UPDATE, "{\"value\":true}", Duration.ofSeconds(8));
    Ibb.Open open = opened();
    assertThat(open)
        .isEqualTo(new Ibb.Open(CLIENT, LAMP, open.id(), open.sid(), 32_768, Carrier.MESSAGE));
    assertThat(open.id()).startsWith("ibb");

    Ibb.Data data = shard.expect(Ibb.Data.class);
    assertThat(data)
        .isEqualTo(
            new Ibb.Data(CLIENT, LAMP, data.id(), open.sid(), 0, data.base64(), Carrier.MESSAGE));
    Envelope.Request request = (Envelope.Request) Shard.read(List.of(data));
    assertThat(request.operation()).isEqualTo(Operation.UPDATE);
    assertThat(request.authority()).isEqualTo("dc70373c-1e8d-4fb3-962e-017eaa863989");
    assertThat(request.path()).hasToString("/a/light");
    assertThat(request.body()).isEqualTo("{\"value\":true}");
    assertThat(request.headers().get("Accept")).contains("application/json");
    assertThat(request.headers().get("Content-Type")).contains("application/json");
    assertThat(request.headers().get("Date")).isPresent();
    assertThat(request.headers().get("Prefer")).contains("wait=7");
    assertThat(request.headers().get("X-OIC-Token")).isEmpty();

    answer(data, 0, "{\"value\":true}");
    assertThat(await(answer))
        .isEqualTo(
            CrudnResponse.answered(
                Status.OK, Headers.of("Content-Type", "application/json"), "{\"value\":true}"));
  }

  @Test
  void headers_passByAllowList() {
    CrudnRequest plain = Shard.request(Operation.RETRIEVE, "/a", null, Duration.ofSeconds(8));
    CrudnRequest request =
        new CrudnRequest(
            plain.account(),
            plain.target(),
            plain.operation(),
            plain.path(),
            Headers.of("If-None-Match", "\"0a\"").with("Observe", "0").with("Cookie", "x"),
            null,
            plain.requester(),
            plain.via(),
            plain.deadline());
    shard.ask(CLIENT, LAMP, request);
    opened();
    Headers sent = Shard.read(List.of(shard.expect(Ibb.Data.class))).headers();

    assertThat(sent.get("If-None-Match")).contains("\"0a\"");
    assertThat(sent.get("Observe")).isEmpty();
    assertThat(sent.get("Cookie")).isEmpty();
    assertThat(sent.get("Content-Type")).isEmpty();
  }

  @Test
  void nextRequest_usesTheOpenStream() {
    Future<CrudnResponse> first = shard.get("/1");
    Ibb.Open open = opened();
    answer(shard.expect(Ibb.Data.class), 0, "1");
    await(first);

    Future<CrudnResponse> second = shard.get("/2");
    Ibb.Data data = shard.expect(Ibb.Data.class);
    assertThat(data.sid()).isEqualTo(open.sid());
    assertThat(data.seq()).isEqualTo(1);
    answer(data, 1, "2");
    assertThat(await(second).body()).isEqualTo("2");
  }

  @Test
  void requestsAtOnce_shareThePoolWithOneEachAndTheRestWaits() {
    List<Future<CrudnResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      answers.add(shard.get("/" + i));
    }
    // The first stream finds out the block size before the others are opened.
    Ibb.Open first = shard.expect(Ibb.Open.class);
    assertThat(shard.drain()).isEmpty();
    shard.accept(first);
    Ibb.Data zero = shard.expect(Ibb.Data.class);
    assertThat(path(zero)).isEqualTo("/0");
    opened();
    opened();
    opened();
    Set<String> sids = new HashSet<>(Set.of(first.sid()));
    for (int i = 1; i < 4; i++) {
      Ibb.Data data = shard.expect(Ibb.Data.class);
      assertThat(path(data)).isEqualTo("/" + i);
      sids.add(data.sid());
    }
    assertThat(sids).hasSize(4);
    assertThat(shard.drain()).isEmpty();

    answer(zero, 0, "0");
    Ibb.Data four = shard.expect(Ibb.Data.class);
    assertThat(four.sid()).isEqualTo(zero.sid());
    assertThat(path(four)).isEqualTo("/4");
    assertThat(await(answers.get(0)).body()).isEqualTo("0");
  }

  @Test
  void blockSize_isHalvedUntilThePeerTakesItAndRemembered() {
    Future<CrudnResponse> answer = shard.get("/1");
    for (int size = 32_768; size > 4096; size /= 2) {
      Ibb.Open open = shard.expect(Ibb.Open.class);
      assertThat(open.blockSize()).isEqualTo(size);
      shard.refuse(open, Condition.RESOURCE_CONSTRAINT);
    }
    Ibb.Open open = opened();
    assertThat(open.blockSize()).isEqualTo(4096);
    answer(shard.expect(Ibb.Data.class), 0, "1");
    await(answer);
    shard.arrive(new Ibb.Close(CLIENT, LAMP, "c", open.sid()));
    shard.expect(Ibb.Accepted.class);

    shard.get("/2");
    assertThat(shard.expect(Ibb.Open.class).blockSize()).isEqualTo(4096);
  }

  @Test
  void peerThatTakesNoBlockSize_isBusy() {
    restart(
        new IbbConfig(
            4096, 65_535, 4, 3, 64, 64, Duration.ofSeconds(60), 1 << 20, Duration.ofSeconds(30)));
    Future<CrudnResponse> answer = shard.get("/1");
    shard.refuse(shard.expect(Ibb.Open.class), Condition.RESOURCE_CONSTRAINT);

    assertProblem(answer, Status.UNAVAILABLE, "device-busy");
  }

  @ParameterizedTest
  @CsvSource({
    "ITEM_NOT_FOUND, UNAVAILABLE, device-offline",
    "SERVICE_UNAVAILABLE, UNAVAILABLE, device-offline",
    "RECIPIENT_UNAVAILABLE, UNAVAILABLE, device-offline",
    "NOT_ACCEPTABLE, FORBIDDEN, device-refused",
    "UNDEFINED_CONDITION, FORBIDDEN, device-refused",
    "FEATURE_NOT_IMPLEMENTED, BAD_GATEWAY, no-bytestreams",
    "BAD_REQUEST, BAD_GATEWAY, no-bytestreams",
    "UNEXPECTED_REQUEST, BAD_GATEWAY, no-bytestreams"
  })
  void openThatIsRefused_isToldToAllWhoWait(Condition condition, Status status, String type) {
    Future<CrudnResponse> first = shard.get("/1");
    Future<CrudnResponse> second = shard.get("/2");
    shard.refuse(shard.expect(Ibb.Open.class), condition);

    assertProblem(first, status, type);
    assertProblem(second, status, type);
    shard.get("/3");
    shard.expect(Ibb.Open.class);
  }

  @Test
  void openThatIsClosedAtOnce_countsAsRefused() {
    Future<CrudnResponse> answer = shard.get("/1");
    Ibb.Open open = shard.expect(Ibb.Open.class);
    shard.arrive(new Ibb.Close(CLIENT, LAMP, "c", open.sid()));

    assertProblem(answer, Status.FORBIDDEN, "device-refused");
  }

  @Test
  void answerToAnOpen_countsFromThePeerOnly() {
    shard.get("/1");
    Ibb.Open open = shard.expect(Ibb.Open.class);
    shard.arrive(new Ibb.Accepted(CLIENT, Shard.FRIEND, open.id()));
    assertThat(shard.drain()).isEmpty();
    shard.accept(open);

    shard.expect(Ibb.Data.class);
  }

  @Test
  void peerThatRefusesASecondStream_isAskedOnOne() {
    final Future<CrudnResponse> first = shard.get("/1");
    final Future<CrudnResponse> second = shard.get("/2");
    Ibb.Open open = opened();
    Ibb.Data one = shard.expect(Ibb.Data.class);
    shard.refuse(shard.expect(Ibb.Open.class), Condition.RESOURCE_CONSTRAINT);
    assertThat(shard.drain()).isEmpty();
    answer(one, 0, "1");
    Ibb.Data two = shard.expect(Ibb.Data.class);
    assertThat(two.sid()).isEqualTo(open.sid());
    answer(two, 1, "2");

    assertThat(await(first).body()).isEqualTo("1");
    assertThat(await(second).body()).isEqualTo("2");
  }

  @Test
  void peerThatNeverAnswers_isSilentAndTheNextRequestIsServed() {
    Future<CrudnResponse> answer = ask(Operation.RETRIEVE, null, Duration.ofMillis(700));
    Ibb.Open open = opened();
    Ibb.Data late = shard.expect(Ibb.Data.class);
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(open.sid());
    assertProblem(answer, Status.TIMEOUT, "device-silent");

    Future<CrudnResponse> next = shard.get("/2");
    assertThat(opened().sid()).isNotEqualTo(open.sid());
    Ibb.Data data = shard.expect(Ibb.Data.class);
    answer(late, 0, "late");
    shard.expectRefused(Condition.ITEM_NOT_FOUND);
    answer(data, 0, "2");
    assertThat(await(next).body()).isEqualTo("2");
  }

  @Test
  void requestThatWaitsTooLong_isNeverSent() {
    shard.get("/1");
    Ibb.Open open = shard.expect(Ibb.Open.class);
    Future<CrudnResponse> waiting = ask(Operation.RETRIEVE, null, Duration.ofMillis(100));
    assertProblem(waiting, Status.UNAVAILABLE, "not-sent");
    shard.accept(open);

    assertThat(path(shard.expect(Ibb.Data.class))).isEqualTo("/1");
    assertThat(shard.drain()).isEmpty();
  }

  @Test
  void openThatIsNeverAnswered_isGivenUp() {
    shard.close();
    shard = Shard.scripted(CONFIG, Duration.ofMillis(700));
    shard.get("/1");
    Ibb.Open first = shard.expect(Ibb.Open.class);

    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(first.sid());
    assertThat(opened().sid()).isNotEqualTo(first.sid());
    assertThat(path(shard.expect(Ibb.Data.class))).isEqualTo("/1");
  }

  @Test
  void queue_isBounded() {
    restart(Shard.config(1, 2));
    shard.get("/1");
    shard.get("/2");
    assertProblem(shard.get("/3"), Status.TOO_MANY_REQUESTS, "queue-full");
    opened();
    shard.expect(Ibb.Data.class);

    // One is under way now, so there is room again.
    shard.get("/4");
    assertProblem(shard.get("/5"), Status.TOO_MANY_REQUESTS, "queue-full");
  }

  @Test
  void requestLongerThanAMessageMayBe_isNotSent() {
    restart(
        new IbbConfig(
            4096, 4096, 4, 3, 64, 64, Duration.ofSeconds(60), 4096, Duration.ofSeconds(30)));
    Future<CrudnResponse> answer =
        ask(Operation.UPDATE, "\"" + "x".repeat(4096) + "\"", Duration.ofSeconds(8));
    opened();

    assertProblem(answer, Status.CONTENT_TOO_LARGE, "body-too-large");
    assertThat(shard.drain()).isEmpty();
  }

  @Test
  void answerOverManyBlocks_isOneAnswer() {
    Future<CrudnResponse> answer = shard.get("/1");
    opened();
    Ibb.Data data = shard.expect(Ibb.Data.class);
    String body = "\"" + "x".repeat(200_000) + "\"";
    Chunker chunker = new Chunker(32_768);
    chunker.add(Shard.response(body, Headers.NONE));
    while (chunker.hasNext()) {
      Chunker.Block block = chunker.next();
      shard.data(CLIENT, LAMP, data.sid(), block.seq(), block.base64(), Carrier.MESSAGE);
    }

    assertThat(await(answer).body()).isEqualTo(body);
  }

  @Test
  void peerThatEncodesTwice_isAskedAlikeFromThenOn() {
    Future<CrudnResponse> first = shard.get("/1");
    opened();
    Ibb.Data data = shard.expect(Ibb.Data.class);
    byte[] once = Base64.getEncoder().encode(Shard.response("1", Headers.NONE));
    String twice = Base64.getEncoder().encodeToString(once);
    shard.data(CLIENT, LAMP, data.sid(), 0, twice, Carrier.MESSAGE);
    assertThat(await(first).body()).isEqualTo("1");

    shard.get("/2");
    byte[] decoded = Base64.getDecoder().decode(shard.expect(Ibb.Data.class).base64());
    assertThat(new String(Base64.getDecoder().decode(decoded), StandardCharsets.UTF_8))
        .startsWith("<rest ");
  }

  @Test
  void answerThatCantBeRead_isABadGateway() {
    Future<CrudnResponse> answer = shard.get("/1");
    opened();
    answer(shard.expect(Ibb.Data.class), 0, "no JSON");

    assertThat(await(answer).status()).isEqualTo(Status.BAD_GATEWAY);
  }

  @Test
  void answerThatNobodyAskedFor_isDropped() {
    Future<CrudnResponse> first = shard.get("/1");
    opened();
    Ibb.Data data = shard.expect(Ibb.Data.class);
    answer(data, 0, "1");
    await(first);
    answer(data, 1, "never asked");
    Future<CrudnResponse> second = shard.get("/2");
    shard.expect(Ibb.Data.class);
    answer(data, 2, "2");

    assertThat(await(second).body()).isEqualTo("2");
  }

  @Test
  void streamThatLiesIdle_isClosed() {
    restart(Shard.times(CONFIG, Duration.ofMillis(100), Duration.ofSeconds(30)));
    Future<CrudnResponse> answer = shard.get("/1");
    Ibb.Open open = opened();
    answer(shard.expect(Ibb.Data.class), 0, "1");
    await(answer);

    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(open.sid());
    shard.get("/2");
    shard.expect(Ibb.Open.class);
  }

  @Test
  void streamWithARequestUnderWay_isNotIdle() {
    restart(Shard.times(CONFIG, Duration.ofMillis(50), Duration.ofSeconds(30)));
    Future<CrudnResponse> slow = shard.get("/slow");
    opened();
    Ibb.Data data = shard.expect(Ibb.Data.class);
    // Another stream is opened, used and closed for idleness meanwhile.
    Future<CrudnResponse> quick = shard.get("/quick");
    Ibb.Open other = opened();
    answer(shard.expect(Ibb.Data.class), 0, "quick");
    await(quick);
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(other.sid());
    answer(data, 0, "7");

    assertThat(await(slow).body()).isEqualTo("7");
  }
}
