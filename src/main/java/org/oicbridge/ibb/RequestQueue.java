package org.oicbridge.ibb;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/**
 * The requests that a peer sent on one stream. Without a token nothing but their order tells which
 * answer is whose, so they are worked one after the other; those with a token are worked at once.
 *
 * <p>As many as {@code ibb.requestsPerStream} may be unanswered, with bodies of one message limit
 * together. One request more is answered 429 if it has a token; without one, only the end of the
 * stream can say so. While the server takes no answers, none are made: what has a token is answered
 * 429, what has none waits.
 */
final class RequestQueue implements Conversation {
  /** Finds the answer; the future never fails. */
  interface Worker {
    Future<Envelope.Response> answer(Envelope request);
  }

  private final Bytestream stream;
  private final Bytestreams streams;
  private final Responder responder;
  private final Worker worker;
  private final PeerObservation observation;
  private final Deque<Envelope> waiting = new ArrayDeque<>();
  private boolean working;
  private int unanswered;
  private long bodies;

  RequestQueue(Bytestream stream, Bytestreams streams, Responder responder, Worker worker) {
    this.stream = stream;
    this.streams = streams;
    this.responder = responder;
    this.worker = worker;
    this.observation =
        new PeerObservation(
            stream, responder, streams.config().messageLimit(), () -> unanswered == 0);
  }

  @Override
  public void opened() {}

  @Override
  public boolean take(Envelope message) {
    if (message instanceof Envelope.Response) {
      streams.metrics().unmatched(stream.role());
      return true;
    }
    boolean pipelined = Token.of(message.headers()) != null;
    if (full(message) || (pipelined && streams.full(stream.key().session()))) {
      return pipelined && turnAway(message);
    }
    if (mayObserve(message)) {
      StreamKey key = stream.key();
      if (!observation.active() && !streams.roomToObserve(key.session(), key.peer())) {
        return false;
      }
      observation.claim(message);
    }
    unanswered++;
    bodies += bodyLength(message);
    if (pipelined) {
      work(message);
    } else {
      waiting.add(message);
      workNext();
    }
    return true;
  }

  /** On a stream of ours a notification would be taken for the answer to a request of ours. */
  private boolean mayObserve(Envelope message) {
    return stream.role() == Role.RESPONDER && observation.registers(message);
  }

  private boolean full(Envelope message) {
    int limit = streams.config().messageLimit();
    return unanswered >= streams.config().requestsPerStream()
        || (unanswered > 0 && bodies + bodyLength(message) > limit);
  }

  private boolean turnAway(Envelope message) {
    if (stream.isSending()) {
      // It does not even take the answers, so no more of them are made.
      return false;
    }
    Envelope.Response busy =
        responder.turnAway(
            message, Status.TOO_MANY_REQUESTS, "queue-full", "too many requests at once");
    stream.send(stream.encode(busy));
    return true;
  }

  private void workNext() {
    if (working || waiting.isEmpty() || !stream.isOpen() || streams.full(stream.key().session())) {
      return;
    }
    working = true;
    work(waiting.remove())
        .onComplete(
            done -> {
              working = false;
              workNext();
            });
  }

  /** Answers one request; done when the answer is out. */
  private Future<Void> work(Envelope message) {
    return answer(message)
        .compose(response -> stream.send(document(message, response)))
        .onFailure(stream::answerLost)
        .onComplete(
            sent -> {
              unanswered--;
              bodies -= bodyLength(message);
              observation.flush();
            });
  }

  private Future<Envelope.Response> answer(Envelope message) {
    if (mayObserve(message)) {
      return observation.register(message);
    }
    if (message instanceof Envelope.Request request && responder.observes(request, "1")) {
      observation.leave();
    }
    return worker.answer(message);
  }

  private byte[] document(Envelope message, Envelope.Response response) {
    byte[] document = stream.encode(response);
    return document.length <= streams.config().messageLimit()
        ? document
        : stream.encode(responder.tooLarge(Token.of(message.headers())));
  }

  private static int bodyLength(Envelope message) {
    return message instanceof Envelope.Request request && request.body() != null
        ? request.body().length()
        : 0;
  }

  @Override
  public void flows() {
    workNext();
  }

  @Override
  public boolean idle() {
    return unanswered == 0;
  }

  @Override
  public boolean observing() {
    return observation.active();
  }

  @Override
  public void ended(Ending why) {
    waiting.clear();
    observation.leave();
  }
}
