package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.oicbridge.bus.Contracts;
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
  /** What all observations of a shard have in common. */
  interface Owner {
    Vertx vertx();

    Pace pace();

    /** How long an observation that is made anew may take to answer. */
    Duration deadline();

    ObserveMetrics metrics();

    /** A name for an observation upstream that none had before, and that leads here. */
    String name(Fanout fanout);

    void subscribed(String id, Fanout fanout);

    void unsubscribed(String id, Fanout fanout);

    /** Nobody subscribes any more, and nothing is observed. */
    void ended(Fanout fanout);
  }

  /** The edge that holds the device ends a request at its deadline and knows why. */
  private static final long GRACE_MILLIS = 200;

  private static final int SEQUENCE_MASK = 0xff_ffff;

  private enum State {
    IDLE,
    OBSERVED,
    LOST,
    ENDED
  }

  private final Owner owner;
  private final Account account;
  private final CrudnRequest template;
  private final Routes routes;
  private final Map<String, CrudnRequest> subscribers = new LinkedHashMap<>();
  private final OnceTimer timer;
  private State state = State.IDLE;
  private Route route;
  private String observation;
  private Future<CrudnResponse> opening;
  private Future<CrudnResponse> asking;
  private boolean changedMeanwhile;
  private Value value;
  private int sequence;
  private Duration pause;

  /**
   * Prepares an observation.
   *
   * @param template what is asked upstream, but for its deadline
   */
  Fanout(Owner owner, Account account, CrudnRequest template, Routes routes) {
    this.owner = owner;
    this.account = account;
    this.template = template;
    this.routes = routes;
    this.timer = new OnceTimer(owner.vertx());
    this.pause = owner.pace().retryBase();
  }

  CrudnRequest template() {
    return template;
  }

  Account account() {
    return account;
  }

  /** The name of the observation upstream, null before the first. */
  String observation() {
    return observation;
  }

  /** Answers with the newest value, and from then on tells a subscriber what changes. */
  Future<CrudnResponse> subscribe(String id, CrudnRequest request) {
    if (state == State.OBSERVED && opening == null && (route.personal() || value.fresh())) {
      return Future.succeededFuture(add(id, request));
    }
    boolean observed = state == State.OBSERVED && opening == null;
    return (observed ? refresh(request.deadline()) : open(request.deadline()))
        .timeout(request.deadline().remainingMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS)
        .otherwise(
            late ->
                CrudnResponse.failed(
                    Status.TIMEOUT, "deadline", "the device did not answer in time"))
        .compose(answer -> admit(id, request, answer));
  }

  private Future<CrudnResponse> admit(String id, CrudnRequest request, CrudnResponse answer) {
    if (state == State.OBSERVED && answer.status().success()) {
      return Future.succeededFuture(add(id, request));
    }
    if (answer.status() == Status.TIMEOUT
        && !request.deadline().expired()
        && state != State.ENDED) {
      // It ran on the deadline of another subscriber; this one has more time left.
      return subscribe(id, request);
    }
    return Future.succeededFuture(answer.without(Value.OBSERVE));
  }

  private CrudnResponse add(String id, CrudnRequest request) {
    timer.stop();
    subscribers.put(id, request);
    owner.subscribed(id, this);
    return value.numbered(sequence);
  }

  void unsubscribe(String id) {
    if (subscribers.remove(id) != null) {
      owner.unsubscribed(id, this);
      settle();
    }
  }

  /** When nobody is left, the observation ends after a while, or at once if there is none. */
  private void settle() {
    if (!subscribers.isEmpty() || opening != null || state == State.ENDED) {
      return;
    }
    if (state == State.OBSERVED) {
      timer.start(owner.pace().linger(), () -> finish(null));
    } else {
      finish(null);
    }
  }

  private CrudnRequest request(Deadline deadline, boolean observing) {
    return new CrudnRequest(
        template.account(),
        template.target(),
        template.operation(),
        template.path(),
        observing ? template.headers().with(Value.OBSERVE, "0") : template.headers(),
        null,
        template.requester(),
        template.via(),
        deadline);
  }

  private Future<CrudnResponse> open(Deadline deadline) {
    if (opening == null) {
      Promise<CrudnResponse> answer = Promise.promise();
      opening = answer.future();
      timer.stop();
      observation = owner.name(this);
      route = routes.of(account, template);
      route
          .observe(request(deadline, true), observation)
          .otherwise(Contracts::failure)
          .onSuccess(
              response -> {
                opened(response);
                answer.complete(response);
                settle();
              });
      return answer.future();
    }
    return opening;
  }

  private void opened(CrudnResponse answer) {
    opening = null;
    boolean observing =
        answer.status().success() && answer.headers().get(Value.OBSERVE).isPresent();
    if (state == State.ENDED) {
      route.forget(observation);
    } else if (observing) {
      state = State.OBSERVED;
      owner.metrics().upstream(1);
      pause = owner.pace().retryBase();
      keep(answer);
      // Whoever is here already had it before it was lost.
      tell(Kind.RESTARTED);
      moved();
    } else if (!subscribers.isEmpty()) {
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
    if (asking != null) {
      return asking;
    }
    Promise<CrudnResponse> promise = Promise.promise();
    asking = promise.future();
    changedMeanwhile = false;
    int before = sequence;
    routes
        .of(account, template)
        .ask(request(deadline, false))
        .otherwise(Contracts::failure)
        .onSuccess(
            answer -> {
              asking = null;
              if (state == State.OBSERVED) {
                refreshed(answer, before);
              }
              promise.complete(answer);
            });
    return promise.future();
  }

  private void refreshed(CrudnResponse answer, int before) {
    boolean same = value.response().equals(answer.without(Value.OBSERVE));
    if (answer.status().success() && sequence != before) {
      // A notification came in between, and which of the two is newer nobody can tell but it.
      changedMeanwhile &= route.personal();
    } else if (answer.status().success()) {
      keep(answer);
      if (!same) {
        tell(Kind.CHANGED);
      }
    } else if (route.personal()) {
      finish(answer);
      return;
    }
    if (changedMeanwhile) {
      ownChanged();
    }
  }

  /** A resource of the gateway itself has changed; it may be this one. */
  void ownChanged() {
    if (state != State.OBSERVED || !route.personal()) {
      return;
    }
    if (asking != null) {
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
    if (state != State.OBSERVED || !news.subscription().equals(observation)) {
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
        if (subscribers.isEmpty()) {
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
    if (!subscribers.isEmpty()) {
      tell(kind, value.numbered(sequence));
    }
  }

  private void tell(Kind kind, CrudnResponse response) {
    owner.metrics().told(subscribers.size());
    for (String id : List.copyOf(subscribers.keySet())) {
      send(id, response, kind);
    }
  }

  private void send(String id, CrudnResponse response, Kind kind) {
    Contracts.NOTIFICATION.send(owner.vertx().eventBus(), id, new Notification(id, response, kind));
  }

  /** The device may be there again. */
  void available() {
    if (state == State.LOST && opening == null) {
      pause = owner.pace().retryBase();
      reopen();
    }
  }

  /** The device may be elsewhere. */
  void moved() {
    if (state == State.OBSERVED && opening == null && !route.sameAs(routes.of(account, template))) {
      route.forget(observation);
      owner.metrics().upstream(-1);
      state = State.LOST;
      available();
    }
  }

  /** The rules of the account may be others. */
  void revise() {
    for (Map.Entry<String, CrudnRequest> subscriber : Map.copyOf(subscribers).entrySet()) {
      if (!AccessRules.mayRequest(account.config(), subscriber.getValue())) {
        send(subscriber.getKey(), CrudnRouter.denied(subscriber.getValue()), Kind.ENDED);
        unsubscribe(subscriber.getKey());
      }
    }
    ownChanged();
  }

  /** Ends it for everybody; the reason is for those who are still there. */
  void finish(CrudnResponse reason) {
    if (state == State.ENDED) {
      return;
    }
    timer.stop();
    if (state == State.OBSERVED) {
      route.forget(observation);
      owner.metrics().upstream(-1);
    }
    state = State.ENDED;
    if (!subscribers.isEmpty()) {
      tell(Kind.ENDED, reason.without(Value.OBSERVE));
      List.copyOf(subscribers.keySet()).forEach(id -> owner.unsubscribed(id, this));
      subscribers.clear();
    }
    owner.ended(this);
  }
}
