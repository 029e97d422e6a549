package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import org.oicbridge.bus.OpenSession;

/**
 * One attempt to bring a session up, from waiting for its turn to its presence, and then the stream
 * that it led to. It ends once, with a reason.
 */
final class LoginAttempt implements FeaturesPhase.Outcome {
  /** When to look again whether there are fewer logins under way at the server. */
  private static final long CROWDED_MILLIS = 50;

  private final ShardContext shard;
  private final AccountLogins account;
  private OpenSession order;
  private final Target redirect;
  private final ServerLogins server;
  private BoundStream lost;
  private Owner owner;
  private Runnable leaveTurn = () -> {};
  private Runnable leaveGate = () -> {};
  private Runnable leaveServer = () -> {};
  private XmppStream stream;
  private BoundStream bound;
  private TimerWheel.Timer timer;
  private boolean online;
  private boolean resumable;
  private boolean over;

  /** Whom it tells what becomes of it. */
  interface Owner {
    /** It is bound, and its presence sent. */
    void online(LoginAttempt attempt);

    /** The stream that was to be resumed is. */
    void resumed(LoginAttempt attempt);

    /** The stream that was to be resumed is lost; the attempt goes on to bind another one. */
    void lost(LoginAttempt attempt, String reason);

    /** It is over; told once, and nothing after that. */
    void ended(LoginAttempt attempt, StreamEnd end);
  }

  /**
   * An attempt that is not started yet.
   *
   * @param redirect where the server wants it to go, or null
   * @param lost the stream to resume, or null
   */
  LoginAttempt(
      ShardContext shard,
      AccountLogins account,
      OpenSession order,
      Target redirect,
      BoundStream lost,
      Owner owner) {
    this.shard = shard;
    this.account = account;
    this.order = order;
    this.redirect = redirect;
    this.lost = lost;
    this.server = ServerLogins.of(shard.vertx(), order.account(), shard.config().loginsPerSecond());
    this.owner = owner;
  }

  /** From now on it tells another one. */
  void handTo(Owner next) {
    owner = next;
  }

  /** From now on, whom the account lets in and whether others see the session is what this says. */
  void serve(OpenSession changed) {
    order = changed;
    if (bound != null) {
      bound.serve(changed);
    }
  }

  void start() {
    account
        .turn()
        .onSuccess(
            leave -> {
              leaveTurn = leave;
              if (mayGoOn()) {
                shard.gate().enter(order.account().jid()).onSuccess(entered -> admitted());
              }
            });
  }

  /** The stream, once it is bound and its presence sent; null before. */
  BoundStream bound() {
    return online ? bound : null;
  }

  /** The stream, when its connection is lost and it may be resumed; null otherwise. */
  BoundStream resumable() {
    return resumable ? bound : null;
  }

  /** Ends it for good, saying good-bye if there is anyone to say it to. */
  Future<Void> close() {
    if (bound != null) {
      return bound.close();
    }
    if (stream != null) {
      return stream.close();
    }
    end(StreamEnd.closed());
    return Future.succeededFuture();
  }

  private boolean mayGoOn() {
    if (over) {
      release();
    } else if (account.refusal() != null) {
      end(StreamEnd.refused(account.refusal()));
    }
    return !over;
  }

  private void admitted() {
    leaveGate = shard.gate()::leave;
    if (!mayGoOn()) {
      return;
    }
    switch (server.enter(account.proven())) {
      case ENTERED -> {
        leaveServer = server::leave;
        takePlace();
      }
      case HELD_BACK -> end(StreamEnd.heldBack(server.objection()));
      // Some of other shards are under way, which can't call back here.
      case CROWDED -> timer = shard.timers().start(CROWDED_MILLIS, this::admitted);
    }
  }

  private void takePlace() {
    long wait = server.reserve();
    if (wait == 0) {
      connect();
    } else {
      timer = shard.timers().start(wait, this::connect);
    }
  }

  private void connect() {
    // Composed, so that a domain that is none in the DNS fails here like everything else.
    Future.succeededFuture()
        .compose(nothing -> shard.connector().connect(order.account(), redirect))
        .onSuccess(this::connected)
        .onFailure(this::notConnected);
  }

  private void notConnected(Throwable error) {
    StreamEnd end = ofFailure(error);
    if (end.kind() == StreamEnd.Kind.RETRY) {
      shard.outages().away(ServerLogins.name(order.account()));
    }
    end(end);
  }

  private void connected(NetSocket socket) {
    if (over) {
      socket.close();
      return;
    }
    timer =
        shard
            .timers()
            .start(
                shard.config().negotiationTimeout().toMillis(),
                () -> stream.end(StreamEnd.retry("the login took too long")));
    stream =
        new XmppStream(
            shard.vertx(),
            shard.timers(),
            socket,
            order.jid().domain(),
            shard.config(),
            shard.metrics(),
            this::end);
    FeaturesPhase.negotiate(
        stream,
        new LoginOrder(
            order,
            account.keys(),
            shard.tls(),
            shard.config().maxScramIterations(),
            shard.config().streamManagement(),
            lost == null ? null : lost.management()),
        this);
  }

  @Override
  public void bound(XmppStream stream, boolean manageable) {
    bound = new BoundStream(shard, order, stream);
    bound.begin(
        manageable,
        () -> {
          up();
          owner.online(this);
        });
  }

  @Override
  public void lost(String reason) {
    // It leads to its connection, and that to the attempt before: a chain of all there ever were.
    lost = null;
    owner.lost(this, reason);
  }

  @Override
  public void resumed(XmppStream stream, int h) {
    bound = lost;
    if (lost.resume(stream, h) && !over) {
      up();
      owner.resumed(this);
    }
  }

  private void up() {
    server.accepted(account.proven());
    online = true;
    account.up();
    release();
    shard.outages().back(ServerLogins.name(order.account()));
    shard.metrics().login("ok");
  }

  private void end(StreamEnd end) {
    if (over) {
      return;
    }
    over = true;
    boolean unresumable = bound != null && bound == lost && !online;
    resumable = online && end.kind() == StreamEnd.Kind.LOST && bound.detach();
    if (bound != null && !resumable) {
      bound.ended();
    }
    if (end.kind() == StreamEnd.Kind.LOST || end.kind() == StreamEnd.Kind.SHUTDOWN) {
      shard.outages().away(ServerLogins.name(order.account()));
    }
    if (online) {
      account.down();
      shard.metrics().ended(end.kind());
    } else {
      StreamEnd.Kind kind = end.kind();
      shard.metrics().login((kind == StreamEnd.Kind.LOST ? StreamEnd.Kind.RETRY : kind).tag());
    }
    if (end.kind() == StreamEnd.Kind.REFUSED) {
      refused(end);
    }
    release();
    if (unresumable) {
      owner.lost(this, end.reason());
    }
    owner.ended(this, end);
  }

  private void refused(StreamEnd end) {
    // Those that wait behind the first one of an account were not refused by the server.
    if (stream != null && server.refused(order.account().jid(), account.proven())) {
      shard.metrics().breakerTripped();
    }
    account.refused(end.reason());
  }

  /** Gives back what others wait for; more than once does no harm. */
  private void release() {
    if (timer != null) {
      timer.cancel();
    }
    Runnable gate = leaveGate;
    Runnable turn = leaveTurn;
    leaveGate = () -> {};
    leaveTurn = () -> {};
    leaveServer.run();
    leaveServer = () -> {};
    gate.run();
    turn.run();
  }

  private static StreamEnd ofFailure(Throwable error) {
    return error instanceof Connector.ConnectException e
        ? e.end()
        : StreamEnd.retry(String.valueOf(error.getMessage()));
  }
}
