package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CLIENT;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.LAMP;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/** Notify of OIC Remote Access section 7.3.1 from the side that observes. */
@Timeout(30)
class ObservesRemoteTest {
  private static final Duration LONG = Duration.ofSeconds(8);

  private final Shard shard = Shard.scripted(CONFIG);
  private int seq;

  @AfterEach
  void close() {
    shard.close();
  }

  /** The stream that an observation opened; its first block has been read. */
  private Ibb.Open opened() {
    Ibb.Open open = shard.expect(Ibb.Open.class);
    shard.accept(open);
    Envelope.Request request = (Envelope.Request) Shard.read(List.of(shard.expect(Ibb.Data.class)));
    assertThat(request.headers().get("Observe")).contains("0");
    assertThat(request.headers().get("X-OIC-Token")).isEmpty();
    return open;
  }

  private void say(Ibb.Open on, byte[] document) {
    shard.data(
        CLIENT,
        LAMP,
        on.sid(),
        seq++,
        Base64.getEncoder().encodeToString(document),
        Carrier.MESSAGE);
  }

  private void say(Ibb.Open on, int number) {
    say(on, Shard.response(String.valueOf(number), Headers.of("Observe", "" + number)));
  }

  private Ibb.Open observing(String name) {
    Future<CrudnResponse> answer = shard.observe(name, LONG);
    Ibb.Open stream = opened();
    say(stream, 1);
    assertThat(Shard.await(answer).headers().get("Observe")).isPresent();
    return stream;
  }

  private Notification expect(Kind kind) {
    Notification news = Shard.poll(shard.observed);
    assertThat(news.kind()).isEqualTo(kind);
    return news;
  }

  @Test
  void laterResponsesOnTheStream_areNotifications() {
    Ibb.Open stream = observing("a");

    say(stream, 2);
    assertThat(expect(Kind.CHANGED).response().body()).isEqualTo("2");
    say(
        stream,
        "<rest><url method='NOTIFY'>200 OK</url><body><json>3</json></body></rest>"
            .getBytes(StandardCharsets.UTF_8));
    Notification third = expect(Kind.CHANGED);
    assertThat(third.response().body()).isEqualTo("3");
    assertThat(third.subscription()).isEqualTo("a");
  }

  @Test
  void eachObservation_hasAStreamOfItsOwn() {
    Ibb.Open first = observing("a");
    seq = 0;
    Ibb.Open second = observing("b");

    assertThat(second.sid()).isNotEqualTo(first.sid());
    say(second, 5);
    assertThat(expect(Kind.CHANGED).subscription()).isEqualTo("b");
    // A request of ours takes neither.
    shard.get("/b");
    assertThat(shard.expect(Ibb.Open.class).sid()).isNotIn(first.sid(), second.sid());
  }

  @Test
  void answerWithoutObserve_closesTheStream() {
    Future<CrudnResponse> answer = shard.observe("a", LONG);
    Ibb.Open stream = opened();
    say(stream, Shard.response("1", Headers.NONE));

    assertThat(Shard.await(answer).headers().get("Observe")).isEmpty();
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(stream.sid());
  }

  @Test
  void end_closesTheStream() {
    Ibb.Open stream = observing("a");

    shard.forget("a");

    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(stream.sid());
    assertThat(shard.observed).isEmpty();
  }

  @Test
  void peerThatGoes_loses() {
    observing("a");
    shard.presence(CLIENT, LAMP, false, false);

    assertThat(expect(Kind.LOST).response().problem().type()).isEqualTo("device-offline");
  }

  @Test
  void sessionThatGoes_loses() {
    observing("a");
    shard.state(CLIENT, SessionEvent.State.OFFLINE);

    assertThat(expect(Kind.LOST).response().problem().type()).isEqualTo("account-offline");
  }

  @Test
  void streamThatThePeerCloses_isLost() {
    Ibb.Open stream = observing("a");
    shard.arrive(new Ibb.Close(CLIENT, LAMP, "c", stream.sid()));

    assertThat(expect(Kind.LOST).response().problem().type()).isEqualTo("outcome-unknown");
  }

  @Test
  void errorNotification_isTheLastWord() {
    Ibb.Open stream = observing("a");
    say(
        stream,
        "<rest><url method='RESPONSE'>404 Not Found</url></rest>".getBytes(StandardCharsets.UTF_8));

    assertThat(expect(Kind.ENDED).response().status()).isEqualTo(Status.NOT_FOUND);
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(stream.sid());
  }

  @Test
  void peerWithoutRoom_isOfferedSmallerBlocks() {
    Future<CrudnResponse> answer = shard.observe("a", LONG);
    Ibb.Open large = shard.expect(Ibb.Open.class);
    shard.refuse(large, Condition.RESOURCE_CONSTRAINT);
    Ibb.Open smaller = shard.expect(Ibb.Open.class);
    assertThat(smaller.blockSize()).isEqualTo(large.blockSize() / 2);
    shard.refuse(smaller, Condition.NOT_ACCEPTABLE);

    assertThat(Shard.await(answer).problem().type()).isEqualTo("device-refused");
  }

  @Test
  void silentPeer_isGivenUpAtTheDeadline() {
    Future<CrudnResponse> answer = shard.observe("a", Duration.ofMillis(300));
    Ibb.Open stream = opened();

    assertThat(Shard.await(answer).problem().type()).isEqualTo("device-silent");
    assertThat(shard.expect(Ibb.Close.class).sid()).isEqualTo(stream.sid());
  }

  @Test
  void observation_isExemptFromTheIdleTimeout() {
    shard.close();
    try (Shard hasty =
        Shard.scripted(Shard.times(CONFIG, Duration.ofMillis(100), Duration.ofSeconds(30)))) {
      Future<CrudnResponse> plain = hasty.get("/b");
      Ibb.Open request = hasty.expect(Ibb.Open.class);
      Future<CrudnResponse> answer = hasty.observe("a", LONG);
      Ibb.Open observation = hasty.expect(Ibb.Open.class);
      hasty.accept(observation);
      hasty.accept(request);
      hasty.expect(Ibb.Data.class);
      hasty.expect(Ibb.Data.class);
      for (Ibb.Open stream : List.of(observation, request)) {
        hasty.data(
            CLIENT,
            LAMP,
            stream.sid(),
            0,
            Base64.getEncoder().encodeToString(Shard.response("1", Headers.of("Observe", "1"))),
            Carrier.MESSAGE);
      }
      Shard.await(plain);
      Shard.await(answer);

      // The one that is idle for as long, and was used later, is closed; the other one stays.
      assertThat(hasty.expect(Ibb.Close.class).sid()).isEqualTo(request.sid());
      assertThat(hasty.observed).isEmpty();
    }
  }

  @Test
  void session_thatIsDown_answersAtOnce() {
    shard.state(CLIENT, SessionEvent.State.OFFLINE);

    assertThat(Shard.await(shard.observe("a", LONG)).problem().type()).isEqualTo("account-offline");
  }
}
