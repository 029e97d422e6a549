package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import org.oicbridge.bus.OpenSession;

/**
 * One attempt to bring a session up, from waiting for its turn to its presence, and then the stream
 * that it led to. It ends once, with a reason.
 */
final class LoginAttempt {
  private final ShardContext shard;
  private final AccountLogins account;
  private final OpenSession order;
  private final Target redirect;
  private Owner owner;
  private Runnable leaveTurn = () -> {};
  private Runnable leaveGate = () -> {};
  private XmppStream stream;
  private BoundStream bound;
  private long timer = -1;
  private boolean online;
  private boolean over;

  /** Whom it tells what becomes of it. */
  interface Owner {
    /** It is bound, and its presence sent. */
    void online(LoginAttempt attempt);

    /** It is over; told once, and nothing after that. */
    void ended(LoginAttempt attempt, StreamEnd end);
  }

  LoginAttempt(
      ShardContext shard, AccountLogins account, OpenSession order, Target redirect, Owner owner) {
    this.shard = shard;
    this.account = account;
    this.order = order;
    this.redirect = redirect;
    this.owner = owner;
  }

  /** From now on it tells another one. */
  void handTo(Owner next) {
    owner = next;
  }

  void start() {
    account
        .turn()
        .onSuccess(
            leave -> {
              leaveTurn = leave;
              if (mayGoOn()) {
                shard.gate().enter().onSuccess(entered -> admitted());
              }
            });
  }

  /** The stream, once it is bound and its presence sent; null before. */
  BoundStream bound() {
    return online ? bound : null;
  }

  /** Ends it for good, saying good-bye if there is anyone to say it to. */
  Future<Void> close() {
    if (bound != null) {
      return bound.close();
    }
    if (stream != null) {
      return stream.close(null);
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
    if (mayGoOn()) {
      // Composed, so that a domain that is none in the DNS fails here like everything else.
      Future.succeededFuture()
          .compose(nothing -> shard.connector().connect(order.account(), redirect))
          .onSuccess(this::connected)
          .onFailure(error -> end(ofFailure(error)));
    }
  }

  private void connected(NetSocket socket) {
    if (over) {
      socket.close();
      return;
    }
    timer =
        shard
            .vertx()
            .setTimer(
                shard.config().negotiationTimeout().toMillis(),
                id -> stream.end(StreamEnd.retry("the login took too long")));
    stream =
        new XmppStream(
            shard.vertx(),
            socket,
            order.jid().domain(),
            shard.config().maxStanza(),
            shard.metrics(),
            this::end);
    FeaturesPhase.negotiate(
        stream,
        new LoginOrder(order, account.keys(), shard.tls(), shard.config().maxScramIterations()),
        this::negotiated);
  }

  private void negotiated(XmppStream stream) {
    bound = new BoundStream(shard, order, stream);
    bound.begin(
        () -> {
          online = true;
          account.up();
          release();
          shard.metrics().login("ok");
          owner.online(this);
        });
  }

  private void end(StreamEnd end) {
    if (over) {
      return;
    }
    over = true;
    if (bound != null) {
      bound.ended();
    }
    if (online) {
      account.down();
      shard.metrics().ended(end.kind());
    } else {
      shard.metrics().login(end.kind().tag());
    }
    if (end.kind() == StreamEnd.Kind.REFUSED) {
      account.refused(end.reason());
    }
    release();
    owner.ended(this, end);
  }

  /** Gives back what others wait for; more than once does no harm. */
  private void release() {
    shard.vertx().cancelTimer(timer);
    Runnable gate = leaveGate;
    Runnable turn = leaveTurn;
    leaveGate = () -> {};
    leaveTurn = () -> {};
    gate.run();
    turn.run();
  }

  private static StreamEnd ofFailure(Throwable error) {
    return error instanceof Connector.ConnectException e
        ? e.end()
        : StreamEnd.retry(String.valueOf(error.getMessage()));
  }
}
