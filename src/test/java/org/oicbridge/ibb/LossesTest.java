package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;
import static org.oicbridge.ibb.Shard.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** What becomes of our requests when a stream, a peer, a session or the gateway goes away. */
@Timeout(30)
class LossesTest {
  private final Shard shard = Shard.scripted(Shard.config(1, 64));

  @AfterEach
  void close() {
    shard.close();
  }

  private Future<CrudnResponse> ask(Operation operation) {
    return shard.ask(
        CLIENT, LAMP, Shard.request(operation, "/a/light", null, Duration.ofSeconds(8)));
  }

  private Ibb.Data sent() {
    shard.accept(shard.expect(Ibb.Open.class));
    return shard.expect(Ibb.Data.class);
  }

  private void answer(Ibb.Data request) {
    String base64 = Base64.getEncoder().encodeToString(Shard.response("1", Headers.NONE));
    shard.data(CLIENT, LAMP, request.sid(), 0, base64, Carrier.MESSAGE);
  }

  private void bounce(Ibb.Data data, Condition condition) {
    shard.arrive(new Ibb.Refused(CLIENT, LAMP, data.id(), data.sid(), condition, Carrier.MESSAGE));
  }

  @Test
  void sessionWithANewStream_hasLostWhatWentThroughTheOldOne() {
    Future<CrudnResponse> asked = ask(Operation.RETRIEVE);
    sent();
    Future<CrudnResponse> waiting = ask(Operation.RETRIEVE);
    shard.presence(CLIENT, LAMP, true, true);
    // Online without having been offline: the server let a second login take the first one's place.
    shard.state(CLIENT, SessionEvent.State.ONLINE);
    assertProblem(asked, Status.TIMEOUT, "outcome-unknown");
    assertProblem(waiting, Status.UNAVAILABLE, "account-offline");

    Future<CrudnResponse> next = ask(Operation.RETRIEVE);
    Ibb.Data request = sent();
    // Who echoes tokens is learnt anew, from the presences that the new stream gets.
    assertThat(Shard.read(List.of(request)).headers().get("X-OIC-Token")).isEmpty();
    answer(request);
    assertThat(await(next).body()).isEqualTo("1");
  }

  @Test
  void streamOfAPeer_isGoneWhenTheSessionHasANewOne() {
    shard.open(FRIEND, "s", Carrier.MESSAGE);
    shard.state(LAMP, SessionEvent.State.ONLINE);
    shard.data(FRIEND, "s", 0, Shard.retrieve("/a"));
    assertThat(shard.expectRefused(Condition.ITEM_NOT_FOUND).sid()).isEqualTo("s");
    assertThat(shard.asked).isEmpty();
  }

  private static void assertProblem(Future<CrudnResponse> answer, Status status, String type) {
    CrudnResponse response = await(answer);
    assertThat(response.problem()).isNotNull();
    assertThat(response.problem().type()).isEqualTo(type);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.headers().get("Retry-After").isPresent())
        .isEqualTo(status == Status.UNAVAILABLE);
  }

  @Test
  void streamThatThePeerCloses_failsWhatWasSentAndKeepsWhatWasNot() {
    final Future<CrudnResponse> first = ask(Operation.UPDATE);
    final Future<CrudnResponse> second = ask(Operation.UPDATE);
    Ibb.Data data = sent();
    shard.arrive(new Ibb.Close(CLIENT, LAMP, "c", data.sid()));
    shard.expect(Ibb.Accepted.class);

    assertProblem(first, Status.TIMEOUT, "outcome-unknown");
    answer(sent());
    assertThat(await(second).body()).isEqualTo("1");
  }

  @Test
  void streamThatThePeerDoesNotKnow_isReplacedOnce() {
    Future<CrudnResponse> answer = ask(Operation.RETRIEVE);
    bounce(sent(), Condition.ITEM_NOT_FOUND);
    Ibb.Data again = sent();
    bounce(again, Condition.ITEM_NOT_FOUND);

    assertProblem(answer, Status.TIMEOUT, "outcome-unknown");
  }

  @Test
  void requestThatIsNotIdempotent_isNeverSentTwice() {
    Future<CrudnResponse> answer = ask(Operation.UPDATE);
    bounce(sent(), Condition.ITEM_NOT_FOUND);

    assertProblem(answer, Status.TIMEOUT, "outcome-unknown");
    assertThat(shard.drain()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SERVICE_UNAVAILABLE, TIMEOUT, outcome-unknown",
    "RECIPIENT_UNAVAILABLE, TIMEOUT, outcome-unknown",
    "UNEXPECTED_REQUEST, TIMEOUT, outcome-unknown"
  })
  void requestThatComesBack_saysWhy(Condition condition, Status status, String type) {
    Future<CrudnResponse> answer = ask(Operation.RETRIEVE);
    bounce(sent(), condition);

    assertProblem(answer, status, type);
  }

  @Test
  void answerThatIsGarbage_closesTheStream() {
    Future<CrudnResponse> answer = ask(Operation.RETRIEVE);
    Ibb.Data data = sent();
    shard.data(CLIENT, LAMP, data.sid(), 0, "AAAA", Carrier.MESSAGE);
    shard.expectRefused(Condition.BAD_REQUEST);
    shard.expect(Ibb.Close.class);

    assertProblem(answer, Status.TIMEOUT, "outcome-unknown");
  }

  @ParameterizedTest
  @EnumSource(names = "ONLINE", mode = EnumSource.Mode.EXCLUDE)
  void sessionThatGoesDown_failsItsRequestsOnly(SessionEvent.State state) {
    final Future<CrudnResponse> sent = ask(Operation.RETRIEVE);
    final Future<CrudnResponse> waiting = ask(Operation.RETRIEVE);
    sent();
    final Future<CrudnResponse> other =
        shard.ask(
            LAMP, CLIENT, Shard.request(Operation.RETRIEVE, "/a", null, Duration.ofSeconds(8)));
    final Ibb.Open open = shard.expect(Ibb.Open.class);
    shard.state(CLIENT, state);

    assertProblem(sent, Status.TIMEOUT, "outcome-unknown");
    assertProblem(waiting, Status.UNAVAILABLE, "account-offline");
    assertProblem(ask(Operation.RETRIEVE), Status.UNAVAILABLE, "account-offline");
    shard.accept(open);
    Ibb.Data data = shard.expect(Ibb.Data.class);
    String base64 = Base64.getEncoder().encodeToString(Shard.response("1", Headers.NONE));
    shard.data(LAMP, CLIENT, data.sid(), 0, base64, Carrier.MESSAGE);
    assertThat(await(other).body()).isEqualTo("1");
  }

  @Test
  void sessionThatComesBack_startsAfresh() {
    ask(Operation.RETRIEVE);
    Ibb.Data old = sent();
    shard.state(CLIENT, SessionEvent.State.OFFLINE);
    shard.state(CLIENT, SessionEvent.State.ONLINE);
    Future<CrudnResponse> answer = ask(Operation.RETRIEVE);
    Ibb.Data data = sent();
    assertThat(data.sid()).isNotEqualTo(old.sid());
    answer(data);

    assertThat(await(answer).body()).isEqualTo("1");
  }

  @Test
  void sessionThatWasNeverUp_isOffline() {
    Future<CrudnResponse> answer =
        shard.ask(
            FRIEND, LAMP, Shard.request(Operation.RETRIEVE, "/a", null, Duration.ofSeconds(8)));

    assertProblem(answer, Status.UNAVAILABLE, "account-offline");
  }

  @Test
  void peerThatBecomesUnavailable_failsItsRequestsOnly() {
    final Future<CrudnResponse> sent = ask(Operation.RETRIEVE);
    final Future<CrudnResponse> waiting = ask(Operation.RETRIEVE);
    sent();
    final Future<CrudnResponse> other =
        shard.ask(
            CLIENT, FRIEND, Shard.request(Operation.RETRIEVE, "/a", null, Duration.ofSeconds(8)));
    shard.accept(shard.expect(Ibb.Open.class));
    Ibb.Data data = shard.expect(Ibb.Data.class);
    shard.presence(CLIENT, LAMP, false, false);

    assertProblem(sent, Status.TIMEOUT, "outcome-unknown");
    assertProblem(waiting, Status.UNAVAILABLE, "device-offline");
    assertThat(shard.drain()).isEmpty();
    String base64 = Base64.getEncoder().encodeToString(Shard.response("1", Headers.NONE));
    shard.data(CLIENT, FRIEND, data.sid(), 0, base64, Carrier.MESSAGE);
    assertThat(await(other).body()).isEqualTo("1");
  }

  @Test
  void stop_closesStreamsAndAnswersWhatIsPending() {
    final Future<CrudnResponse> sent = ask(Operation.RETRIEVE);
    final Future<CrudnResponse> waiting = ask(Operation.RETRIEVE);
    Ibb.Data data = sent();
    shard.stop();

    assertProblem(sent, Status.TIMEOUT, "outcome-unknown");
    assertProblem(waiting, Status.UNAVAILABLE, "stopping");
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(data.sid());
  }
}
