package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;

/**
 * The request streams of one of our sessions to one peer, opened when needed, and the requests that
 * wait for one of them. What was never sent may go to another stream; of what was sent only that
 * which is idempotent, once, when the stream alone has failed.
 */
final class PeerStreams implements RequestStream.Pool {
  /** What a pool needs of the requester that it belongs to. */
  interface Owner {
    /** Registers a new stream to the peer and asks the peer for it. */
    RequestStream open(PeerStreams pool);

    /** True when what is sent now would only wait, and might go out after its deadline. */
    boolean held(PeerStreams pool);

    /** True when the peer echoes tokens. */
    boolean echoesTokens(PeerStreams pool);

    /** Takes note that the peer wants smaller blocks; false when they are the smallest already. */
    boolean smallerBlocks(PeerStreams pool, int refused);

    /** The pool has no streams and no requests left. */
    void emptied(PeerStreams pool);
  }

  // The caller's bus request ends at the same deadline, and would know less about the reason.
  private static final int LEAD_MILLIS = 20;

  private final StreamKey key;
  private final Vertx vertx;
  private final int maxStreams;
  private final int maxWaiting;
  private final Owner owner;
  private final List<RequestStream> streams = new ArrayList<>();
  private final Deque<PendingRequest> waiting = new ArrayDeque<>();
  private int allowed;

  /**
   * A pool before its first stream.
   *
   * @param key our session and the peer; the sid is without meaning
   */
  PeerStreams(StreamKey key, Vertx vertx, int maxStreams, int maxWaiting, Owner owner) {
    this.key = key;
    this.vertx = vertx;
    this.maxStreams = maxStreams;
    this.maxWaiting = maxWaiting;
    this.owner = owner;
    this.allowed = maxStreams;
  }

  StreamKey key() {
    return key;
  }

  Future<CrudnResponse> request(CrudnRequest request) {
    if (waiting.size() >= maxWaiting) {
      return Future.succeededFuture(Failures.queueFull());
    }
    PendingRequest pending = new PendingRequest(request);
    long wait = Math.max(1, request.deadline().remainingMillis() - LEAD_MILLIS);
    long timer = vertx.setTimer(wait, fired -> timedOut(pending));
    waiting.add(pending);
    pump();
    return pending.future().onComplete(answered -> vertx.cancelTimer(timer));
  }

  private void timedOut(PendingRequest pending) {
    pending.answer(
        pending.neverSent()
            ? Failures.notSent("the deadline passed before the request got its turn")
            : Failures.deviceSilent());
    if (pending.stream() == null) {
      waiting.remove(pending);
      settle();
    } else {
      pending.stream().timedOut(pending);
    }
  }

  /** Sends what can be sent, and opens streams for the rest. */
  void pump() {
    if (owner.held(this) && !waiting.isEmpty()) {
      return;
    }
    boolean tokens = owner.echoesTokens(this);
    while (!waiting.isEmpty()) {
      RequestStream free = free(tokens);
      if (free == null) {
        openMore(tokens);
        return;
      }
      free.send(waiting.remove(), tokens);
    }
    settle();
  }

  private RequestStream free(boolean tokens) {
    for (RequestStream stream : streams) {
      if (stream.hasRoom(tokens)) {
        return stream;
      }
    }
    return null;
  }

  private void openMore(boolean tokens) {
    int opening = (int) streams.stream().filter(stream -> !stream.isOpen()).count();
    int inUse = (int) streams.stream().filter(stream -> !stream.isRetired()).count();
    // The first stream finds out which block size the peer takes; the others come after it.
    int most = streams.size() == opening ? 1 : waiting.size();
    int limit = tokens ? 1 : allowed;
    while (opening < most && inUse < limit && streams.size() < maxStreams) {
      streams.add(owner.open(this));
      opening++;
      inUse++;
    }
  }

  @Override
  public void opened(RequestStream stream) {
    pump();
  }

  @Override
  public void freed(RequestStream stream) {
    pump();
  }

  @Override
  public void ended(
      RequestStream stream, Ending why, boolean wasOpen, List<PendingRequest> unanswered) {
    streams.remove(stream);
    if (wasOpen) {
      unanswered.forEach(pending -> lost(pending, why));
    } else {
      notOpened(stream, why);
    }
    pump();
  }

  private void lost(PendingRequest pending, Ending why) {
    if (why.streamOnly() && pending.mayBeSentAgain()) {
      waiting.addFirst(pending);
    } else {
      pending.answer(pending.isUnsent() ? Failures.neverLeft() : Failures.unknown(why));
    }
  }

  private void notOpened(RequestStream stream, Ending why) {
    Condition condition =
        why.cause() == Ending.Cause.CLOSED_BY_PEER ? Condition.NOT_ACCEPTABLE : why.condition();
    if (condition == null) {
      return;
    }
    boolean others = streams.stream().anyMatch(RequestStream::isOpen);
    if (others) {
      // It takes these and no more; whoever comes next waits for one of them.
      allowed = streams.size();
    } else if (condition != Condition.RESOURCE_CONSTRAINT
        || !owner.smallerBlocks(this, stream.blockSize())) {
      fail(Failures.openRefused(condition));
    }
  }

  /** Answers all requests that were not sent. */
  void fail(CrudnResponse response) {
    List<PendingRequest> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(
        pending ->
            pending.answer(pending.neverSent() ? response : Failures.unknown(Ending.SESSION_LOST)));
  }

  private void settle() {
    if (streams.isEmpty() && waiting.isEmpty()) {
      owner.emptied(this);
    }
  }
}
