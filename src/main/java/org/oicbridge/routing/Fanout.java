package org.oicbridge.routing;

import io.vertx.core.Future;
import java.time.Duration;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Status;

/**
 * One resource that is observed: one observation upstream, however many subscribe to it.
 *
 * <pre>
 *   IDLE ──open──▶ OBSERVED ──lost──▶ LOST ──peer is back, or a pause──▶ OBSERVED (restarted)
 *                     │ nobody left for a while, or the device says no more
 *                     ▼
 *                   ENDED
 * </pre>
 */
final class Fanout {
  private static final int SEQUENCE_MASK = 0xff_ffff;

  private enum State {
    IDLE,
    OBSERVED,
    LOST,
    ENDED
  }

  private final FanoutOwner owner;
  private final Upstream upstream;
  private final Audience audience;
  private final Question opening;
  private final Question asking;
  private final OnceTimer timer;
  private State state = State.IDLE;
  private boolean changedMeanwhile;
  private Value value;
  private int sequence;
  private Duration pause;

  /** Prepares an observation. */
  Fanout(FanoutOwner owner, Upstream upstream) {
    this.owner = owner;
    this.upstream = upstream;
    this.audience = new Audience(owner, this);
    this.opening = new Question(owner.vertx());
    this.asking = new Question(owner.vertx());
    this.timer = new OnceTimer(owner.vertx());
    this.pause = owner.pace().retryBase();
  }

  CrudnRequest template() {
    return upstream.template();
  }

  /** The name of the observation upstream, null before the first. */
  String observation() {
    return upstream.observation();
  }

  /** Answers with the newest value, and from then on tells a subscriber what changes. */
  Future<CrudnResponse> subscribe(String id, CrudnRequest request) {
    boolean observed = state == State.OBSERVED;
    if (observed && (upstream.personal() || value.fresh())) {
      return Future.succeededFuture(add(id, request));
    }
    Question question = observed ? asking : opening;
    boolean joins = question.underWay();
    Deadline deadline = request.deadline();
    return question
        .within(observed ? refresh(deadline) : open(deadline), deadline)
        .compose(answer -> admit(id, request, answer, joins));
  }

  private Future<CrudnResponse> admit(
      String id, CrudnRequest request, CrudnResponse answer, boolean joined) {
    if (state == State.OBSERVED && answer.status().success()) {
      return Future.succeededFuture(add(id, request));
    }
    if (joined
        && answer.status() == Status.TIMEOUT
        && !request.deadline().expired()
        && state != State.ENDED) {
      // It ran on the deadline of another subscriber; this one has more time left.
      return subscribe(id, request);
    }
    return Future.succeededFuture(answer.without(Value.OBSERVE));
  }

  private CrudnResponse add(String id, CrudnRequest request) {
    timer.stop();
    audience.add(id, request);
    return value.numbered(sequence);
  }

  void unsubscribe(String id) {
    if (audience.remove(id)) {
      settle();
    }
  }

  /** When nobody is left, the observation ends after a while, or at once if there is none. */
  private void settle() {
    if (!audience.isEmpty() || opening.underWay() || state == State.ENDED) {
      return;
    }
    if (state == State.OBSERVED) {
      timer.start(owner.pace().linger(), () -> finish(null));
    } else {
      finish(null);
    }
  }

  private Future<CrudnResponse> open(Deadline deadline) {
    if (opening.underWay()) {
      return opening.answer();
    }
    timer.stop();
    return opening.ask(upstream.observe(owner.name(this), deadline), this::opened, this::settle);
  }

  private void opened(CrudnResponse answer) {
    boolean observing =
        answer.status().success() && answer.headers().get(Value.OBSERVE).isPresent();
    if (state == State.ENDED) {
      upstream.forget();
    } else if (observing) {
      state = State.OBSERVED;
      owner.metrics().upstream(1);
      pause = owner.pace().retryBase();
      keep(answer);
      // Whoever is here already had it before it was lost.
      tell(Kind.RESTARTED);
      moved();
    } else if (!audience.isEmpty()) {
      failed(answer);
    }
  }

  private void failed(CrudnResponse answer) {
    boolean mayPass =
        answer.problem() != null
            && answer.status() != Status.NOT_FOUND
            && answer.status() != Status.FORBIDDEN;
    if (mayPass) {
      state = State.LOST;
      timer.start(pause, this::reopen);
      Duration twice = pause.multipliedBy(2);
      Duration ceiling = owner.pace().retryCeiling();
      pause = twice.compareTo(ceiling) < 0 ? twice : ceiling;
    } else {
      finish(answer);
    }
  }

  private void reopen() {
    open(Deadline.in(owner.deadline()));
  }

  /** Asks once more what it is now, and tells everybody if they had something else. */
  private Future<CrudnResponse> refresh(Deadline deadline) {
    if (asking.underWay()) {
      return asking.answer();
    }
    changedMeanwhile = false;
    int before = sequence;
    return asking.ask(upstream.ask(deadline), answer -> refreshed(answer, before), () -> {});
  }

  private void refreshed(CrudnResponse answer, int before) {
    if (state != State.OBSERVED) {
      return;
    }
    boolean same = value.response().equals(answer.without(Value.OBSERVE));
    if (answer.status().success() && sequence != before) {
      // A notification came in between, and which of the two is newer nobody can tell but it.
      changedMeanwhile &= upstream.personal();
    } else if (answer.status().success()) {
      keep(answer);
      if (!same) {
        tell(Kind.CHANGED);
      }
    } else if (upstream.personal()) {
      finish(answer);
      return;
    }
    if (changedMeanwhile) {
      ownChanged();
    }
  }

  /** A resource of the gateway itself has changed; it may be this one. */
  void ownChanged() {
    if (state != State.OBSERVED || !upstream.personal()) {
      return;
    }
    if (asking.underWay()) {
      changedMeanwhile = true;
    } else {
      refresh(Deadline.in(owner.deadline()));
    }
  }

  private void keep(CrudnResponse answer) {
    value = Value.of(answer);
    sequence = (sequence + 1) & SEQUENCE_MASK;
  }

  /** Takes what the edge that observes has to say. */
  void observed(Notification news) {
    if (state != State.OBSERVED || !news.subscription().equals(observation())) {
      return;
    }
    owner.metrics().received();
    switch (news.kind()) {
      case CHANGED, RESTARTED -> {
        keep(news.response());
        tell(news.kind());
      }
      case LOST -> {
        owner.metrics().lost();
        owner.metrics().upstream(-1);
        state = State.LOST;
        if (audience.isEmpty()) {
          finish(null);
        } else {
          failed(news.response());
        }
      }
      case ENDED -> {
        owner.metrics().upstream(-1);
        state = State.LOST;
        finish(news.response());
      }
    }
  }

  private void tell(Kind kind) {
    audience.tell(kind, value.numbered(sequence));
  }

  /** The device may be there again. */
  void available() {
    if (state == State.LOST && !opening.underWay()) {
      pause = owner.pace().retryBase();
      reopen();
    }
  }

  /** The device may be elsewhere. */
  void moved() {
    if (state == State.OBSERVED && upstream.moved()) {
      upstream.forget();
      owner.metrics().upstream(-1);
      state = State.LOST;
      available();
    }
  }

  /** The rules of the account may be others. */
  void revise() {
    audience.revise(upstream.account().config());
    settle();
    ownChanged();
  }

  /** Ends it for everybody; the reason is for those who are still there. */
  void finish(CrudnResponse reason) {
    if (state == State.ENDED) {
      return;
    }
    timer.stop();
    if (state == State.OBSERVED) {
      upstream.forget();
      owner.metrics().upstream(-1);
    }
    state = State.ENDED;
    if (!audience.isEmpty()) {
      audience.end(reason.without(Value.OBSERVE));
    }
    owner.ended(this);
  }
}
