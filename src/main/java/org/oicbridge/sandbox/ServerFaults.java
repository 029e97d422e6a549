package org.oicbridge.sandbox;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Element;

/**
 * What can go wrong with a server, for tests: links that die, logins that are refused, streams that
 * end with an error. Nothing of it happens unless a test calls it, and nothing else calls it.
 *
 * <p>Everything may be called from any thread. It happens on the server's event loop and is done
 * when the future is; where that gives a number, it is how many were hit. Predicates over full JIDs
 * run on the event loop too, and must not block.
 */
public final class ServerFaults {
  private static final Pattern CONDITION = Pattern.compile("[a-z]+(-[a-z]+)*");

  private final Context context;
  private final Collection<ServerStream> streams;
  private final HostedDomain host;

  ServerFaults(Context context, Collection<ServerStream> streams, HostedDomain host) {
    this.context = context;
    this.streams = streams;
    this.host = host;
  }

  /**
   * Lets all links die without a sign, those of clients that have not logged in among them: the
   * server neither reads nor writes on them any more and leaves the connections open. To the server
   * their sessions are as alive as before, as they are behind a broken network, until the client
   * comes back, or keeps too much unacknowledged.
   */
  public Future<Integer> freeze() {
    return onStreams(stream -> true, stream -> stream.link().freeze());
  }

  /** The same with the links of some sessions. */
  public Future<Integer> freeze(Predicate<Jid> which) {
    return onStreams(bound(which), stream -> stream.link().freeze());
  }

  /**
   * Resets all connections, without a closing tag. The server learns of it a moment later, as of
   * any lost connection: sessions that can be resumed are detached then, others are over.
   */
  public Future<Integer> cut() {
    return onStreams(stream -> true, stream -> stream.link().cut());
  }

  /** The same with the connections of some sessions. */
  public Future<Integer> cut(Predicate<Jid> which) {
    return onStreams(bound(which), stream -> stream.link().cut());
  }

  /**
   * Stops the server's reading and writing on all connections, also on those that come; it goes on
   * accepting these. TLS handshakes may still be answered.
   */
  public Future<Void> pause() {
    return run(
        () -> {
          host.faults().setPaused(true);
          streams.forEach(stream -> stream.link().pause());
          return null;
        });
  }

  /** Goes on after {@link #pause()}, with all that was to be read and written. */
  public Future<Void> goOn() {
    return run(
        () -> {
          host.faults().setPaused(false);
          List.copyOf(streams).forEach(stream -> stream.link().goOn());
          return null;
        });
  }

  /**
   * Refuses logins, even with the right password.
   *
   * @param condition the SASL failure, such as {@code temporary-auth-failure} (RFC 6120 section
   *     6.5)
   * @param times how many, at least 1; of several refusals the earlier are used up first
   */
  public Future<Void> refuseLogins(String condition, int times) {
    return refuse(null, condition, positive(times));
  }

  /** The same until {@link #allowLogins()}. */
  public Future<Void> refuseLogins(String condition) {
    return refuse(null, condition, 0);
  }

  /** The same for one account. */
  public Future<Void> refuseLogins(Jid account, String condition, int times) {
    return refuse(account.bare(), condition, positive(times));
  }

  /** The same for one account until {@link #allowLogins()}. */
  public Future<Void> refuseLogins(Jid account, String condition) {
    return refuse(account.bare(), condition, 0);
  }

  /** Ends all refusals of logins. */
  public Future<Void> allowLogins() {
    return run(
        () -> {
          host.logins().allow();
          return null;
        });
  }

  private Future<Void> refuse(Jid account, String condition, int times) {
    requireCondition(condition);
    return run(
        () -> {
          host.logins().refuse(account, condition, times);
          return null;
        });
  }

  /**
   * Ends the streams of some sessions with a stream error, which ends the sessions too: what is
   * closed with a closing tag is not resumed.
   *
   * @param condition such as {@code system-shutdown} (RFC 6120 section 4.9.3)
   */
  public Future<Integer> endStreams(Predicate<Jid> which, String condition) {
    return endStreams(which, condition, "");
  }

  /**
   * The same with something in the condition's element.
   *
   * @param content for {@code see-other-host} where to go, as {@code host:port} (section 4.9.3.19)
   */
  public Future<Integer> endStreams(Predicate<Jid> which, String condition, String content) {
    requireCondition(condition);
    Element error =
        Element.named("error", Element.STREAMS)
            .child(Element.named(condition, ServerStream.ERRORS).text(content).build())
            .build();
    return onStreams(bound(which), stream -> stream.fail(error));
  }

  /**
   * Closes new connections as soon as they are there, without a byte; those that start with TLS
   * once that is negotiated. The port stays taken, so a client sees an end and not a refusal.
   */
  public Future<Void> refuseConnections() {
    return refusing(true);
  }

  /** Serves new connections again. */
  public Future<Void> allowConnections() {
    return refusing(false);
  }

  private Future<Void> refusing(boolean refusing) {
    return run(
        () -> {
          host.faults().setRefusing(refusing);
          return null;
        });
  }

  /**
   * Sends everything later to some sessions, those that come among them, in its order. It replaces
   * what was delayed before; with zero nothing is.
   */
  public Future<Void> delay(Predicate<Jid> which, Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("by is " + by + ", expected 0 or more");
    }
    return run(
        () -> {
          host.faults().delay(which, by.toMillis());
          for (ServerStream stream : streams) {
            Session session = stream.session();
            if (session != null) {
              stream.link().delay(host.faults().delayOf(session.jid()));
            }
          }
          return null;
        });
  }

  /** Lets the time of some detached sessions be up, as if it had passed. */
  public Future<Integer> expire(Predicate<Jid> which) {
    return run(() -> host.management().expire(which));
  }

  /** What was counted until now. */
  public Future<ServerCounters> counters() {
    return run(this::count);
  }

  /**
   * Waits until the counters are as expected.
   *
   * @return the counters as they were then
   */
  public Future<ServerCounters> when(Predicate<ServerCounters> expected) {
    Promise<ServerCounters> met = Promise.promise();
    Runnable watcher =
        new Runnable() {
          @Override
          public void run() {
            ServerCounters now = count();
            try {
              if (expected.test(now) && met.tryComplete(now)) {
                host.counts().unwatch(this);
              }
            } catch (RuntimeException e) {
              host.counts().unwatch(this);
              met.tryFail(e);
            }
          }
        };
    context.runOnContext(
        start -> {
          host.counts().watch(watcher);
          watcher.run();
        });
    return met.future();
  }

  private ServerCounters count() {
    int sessions = 0;
    for (ServerStream stream : streams) {
      if (stream.session() != null) {
        sessions++;
      }
    }
    return new ServerCounters(
        host.logins().byAccount(),
        host.counts().connections(),
        host.counts().binds(),
        host.counts().resumptions(),
        streams.size(),
        sessions,
        host.management().detached());
  }

  private static Predicate<ServerStream> bound(Predicate<Jid> which) {
    return stream -> stream.session() != null && which.test(stream.session().jid());
  }

  private Future<Integer> onStreams(Predicate<ServerStream> which, Consumer<ServerStream> fault) {
    return run(
        () -> {
          List<ServerStream> chosen = streams.stream().filter(which).toList();
          chosen.forEach(fault);
          return chosen.size();
        });
  }

  private <T> Future<T> run(Supplier<T> action) {
    Promise<T> done = Promise.promise();
    context.runOnContext(
        start -> {
          try {
            done.complete(action.get());
          } catch (RuntimeException e) {
            done.fail(e);
          }
        });
    return done.future();
  }

  private static void requireCondition(String condition) {
    if (!CONDITION.matcher(condition).matches()) {
      throw new IllegalArgumentException(
          "condition is \"" + condition + "\", expected a name such as not-authorized");
    }
  }

  private static int positive(int times) {
    if (times < 1) {
      throw new IllegalArgumentException("times is " + times + ", expected 1 or more");
    }
    return times;
  }
}
