package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;
import static org.oicbridge.ibb.Shard.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Outcome;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/** What is done while the way to a session's server is cut or full. */
@Timeout(30)
class LinkTest {
  private final Shard shard = Shard.scripted(Shard.config(1, 2));

  @AfterEach
  void close() {
    shard.close();
  }

  private Future<CrudnResponse> ask(Duration wait) {
    return shard.ask(CLIENT, LAMP, Shard.request(Operation.UPDATE, "/a/light", "1", wait));
  }

  private Future<CrudnResponse> ask() {
    return ask(Duration.ofSeconds(8));
  }

  private Ibb.Data sent() {
    shard.accept(shard.expect(Ibb.Open.class));
    return shard.expect(Ibb.Data.class);
  }

  private void answer(Ibb.Data request, int seq) {
    String base64 = Base64.getEncoder().encodeToString(Shard.response("1", Headers.NONE));
    shard.data(CLIENT, LAMP, request.sid(), seq, base64, Carrier.MESSAGE);
  }

  private static void assertProblem(
      Future<CrudnResponse> answer, Status status, String type, Outcome outcome) {
    CrudnResponse response = await(answer);
    assertThat(response.problem()).isNotNull();
    assertThat(response.problem().type()).isEqualTo(type);
    assertThat(response.problem().outcome()).isEqualTo(outcome);
    assertThat(response.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource(names = "OPEN", mode = EnumSource.Mode.EXCLUDE)
  void request_waitsUntilTheWayIsOpen(LinkEvent.State state) {
    Future<CrudnResponse> first = ask();
    Ibb.Data data = sent();
    answer(data, 0);
    await(first);
    shard.link(CLIENT, state);
    Future<CrudnResponse> held = ask();
    assertThat(shard.drain()).isEmpty();
    shard.link(CLIENT, LinkEvent.State.OPEN);
    shard.expect(Ibb.Data.class);
    answer(data, 1);
    assertThat(await(held).status()).isEqualTo(Status.OK);
  }

  @Test
  void request_whoseDeadlinePassesMeanwhileIsNeverSent() {
    shard.link(CLIENT, LinkEvent.State.CUT);
    assertProblem(ask(Duration.ofMillis(100)), Status.UNAVAILABLE, "not-sent", Outcome.NOT_SENT);
    shard.link(CLIENT, LinkEvent.State.OPEN);
    assertThat(shard.drain()).isEmpty();
  }

  @Test
  void request_thatIsOneTooManyMeanwhileIsRefused() {
    shard.link(CLIENT, LinkEvent.State.CUT);
    ask();
    ask();
    assertProblem(ask(), Status.TOO_MANY_REQUESTS, "queue-full", Outcome.NOT_SENT);
  }

  @Test
  void session_thatIsLostHasNotSentWhatWaited() {
    shard.link(CLIENT, LinkEvent.State.CUT);
    Future<CrudnResponse> waiting = ask();
    shard.state(CLIENT, SessionEvent.State.OFFLINE);
    assertProblem(waiting, Status.UNAVAILABLE, "account-offline", Outcome.NOT_SENT);

    shard.state(CLIENT, SessionEvent.State.ONLINE);
    Future<CrudnResponse> next = ask();
    answer(sent(), 0);
    assertThat(await(next).status()).isEqualTo(Status.OK);
  }

  @Test
  void request_whoseStanzaNeverLeftIsNotSent() {
    Future<CrudnResponse> answer = ask();
    Ibb.Data data = sent();
    shard.arrive(new Ibb.Unsent(CLIENT, LAMP, data.id()));
    shard.state(CLIENT, SessionEvent.State.OFFLINE);
    assertProblem(answer, Status.UNAVAILABLE, "not-sent", Outcome.NOT_SENT);
  }

  @Test
  void request_whoseLastStanzaMayHaveLeftIsUnknown() {
    Future<CrudnResponse> answer = ask();
    Ibb.Data data = sent();
    shard.arrive(new Ibb.Unsent(CLIENT, LAMP, data.id() + "0"));
    shard.arrive(new Ibb.Unsent(CLIENT, FRIEND, data.id()));
    shard.state(CLIENT, SessionEvent.State.OFFLINE);
    assertProblem(answer, Status.TIMEOUT, "outcome-unknown", Outcome.UNKNOWN);
  }

  @Test
  void peersRequests_areNotWorkedWhileNoAnswerGoesOut() {
    shard.open(FRIEND, "s", Carrier.MESSAGE);
    shard.link(LAMP, LinkEvent.State.FULL);
    shard.data(FRIEND, "s", 0, Shard.retrieve("/plain"));
    shard.data(FRIEND, "s", 1, Shard.retrieve("/token", Headers.of(Token.HEADER, "t")));
    Envelope.Response busy = shard.expectAnswer();
    assertThat(busy.status()).isEqualTo(Status.TOO_MANY_REQUESTS);
    assertThat(busy.headers().get(Token.HEADER)).contains("t");
    assertThat(shard.asked).isEmpty();

    shard.link(LAMP, LinkEvent.State.OPEN);
    assertThat(shard.expectAsked().path().path()).isEqualTo("/plain");
    assertThat(shard.expectAnswer().status()).isEqualTo(Status.OK);
  }
}
