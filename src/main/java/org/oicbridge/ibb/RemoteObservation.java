package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.RemoteRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.envelope.Envelope;

/**
 * One observation of a device behind XMPP. It has its stream for itself, so that a response there
 * can only be the first answer or a notification; the end of the stream is the end of it.
 */
final class RemoteObservation implements Conversation {
  /** Whoever wants to know. */
  interface Listener {
    void tell(CrudnResponse response, Kind kind);
  }

  // The caller's bus request ends at the same deadline, and would know less about the reason.
  private static final int LEAD_MILLIS = 20;

  private final Bytestreams streams;
  private final Requester requester;
  private final RestMapping mapping;
  private final RemoteRequest ask;
  private final Listener listener;
  private final Promise<CrudnResponse> first = Promise.promise();
  private final Timer patience;
  private final Timer opening;
  private Bytestream stream;
  private Conversation fromPeer;
  private boolean observing;

  RemoteObservation(
      Bytestreams streams,
      Requester requester,
      RestMapping mapping,
      RemoteRequest ask,
      Duration openTimeout,
      Listener listener) {
    this.streams = streams;
    this.requester = requester;
    this.mapping = mapping;
    this.ask = ask;
    this.listener = listener;
    this.patience = new Timer(streams.vertx(), openTimeout, this::tooLate);
    this.opening = new Timer(streams.vertx(), openTimeout, this::tooLate);
  }

  /** Opens the stream and asks; the answer is the device's or says why there is none. */
  Future<CrudnResponse> begin() {
    patience.restart(ask.request().deadline().remainingMillis() - LEAD_MILLIS);
    open();
    return first.future();
  }

  private void open() {
    stream = requester.stream(ask.session(), ask.peer());
    fromPeer = requester.fromPeer(stream);
    stream.attach(this);
    opening.restart();
    streams.requestOpen(stream);
  }

  private void tooLate() {
    answer(Failures.deviceSilent());
    end();
  }

  private void answer(CrudnResponse response) {
    patience.stop();
    first.tryComplete(response);
  }

  /** True from the first answer on, if it says so, until the end. */
  boolean lasting() {
    return observing;
  }

  @Override
  public void opened() {
    opening.stop();
    byte[] document = stream.encode(mapping.observe(ask.request()));
    int limit = streams.config().messageLimit();
    if (document.length > limit) {
      answer(Failures.tooLarge(limit));
      end();
    } else {
      stream.send(document);
    }
  }

  @Override
  public boolean take(Envelope message) {
    if (!(message instanceof Envelope.Response response)) {
      return fromPeer.take(message);
    }
    CrudnResponse news = mapping.answered(response);
    if (!first.future().isComplete()) {
      observing = news.status().success() && news.headers().get(RestMapping.OBSERVE).isPresent();
      answer(news);
      if (!observing) {
        end();
      }
    } else if (observing && news.status().success()) {
      listener.tell(news, Kind.CHANGED);
    } else if (observing) {
      observing = false;
      listener.tell(news, Kind.ENDED);
      end();
    }
    return true;
  }

  /** Nobody wants to know any more. */
  void end() {
    observing = false;
    streams.end(stream, Ending.CLOSED_BY_US);
  }

  @Override
  public void flows() {
    fromPeer.flows();
  }

  @Override
  public boolean idle() {
    return false;
  }

  @Override
  public void ended(Ending why) {
    boolean wasOpening = opening.isRunning();
    opening.stop();
    fromPeer.ended(why);
    if (wasOpening
        && why.condition() == Condition.RESOURCE_CONSTRAINT
        && requester.smallerBlocks(ask.peer(), stream.blockSize())) {
      open();
      return;
    }
    CrudnResponse reason = reason(why, wasOpening);
    answer(reason);
    if (observing) {
      observing = false;
      listener.tell(reason, Kind.LOST);
    }
  }

  private static CrudnResponse reason(Ending why, boolean wasOpening) {
    return switch (why.cause()) {
      case SESSION_LOST -> Failures.accountOffline();
      case PEER_GONE -> Failures.deviceOffline();
      case STOPPED -> Failures.stopping();
      case REFUSED -> Failures.openRefused(why.condition());
      case CLOSED_BY_PEER ->
          wasOpening ? Failures.openRefused(Condition.NOT_ACCEPTABLE) : Failures.unknown(why);
      case CLOSED_BY_US -> Failures.unknown(why);
    };
  }
}
