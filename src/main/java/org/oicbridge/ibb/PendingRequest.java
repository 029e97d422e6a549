package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;

/** A request of ours until it is answered. */
final class PendingRequest {
  private final CrudnRequest request;
  private final Promise<CrudnResponse> answer = Promise.promise();
  private RequestStream stream;
  private int attempts;

  PendingRequest(CrudnRequest request) {
    this.request = request;
  }

  CrudnRequest request() {
    return request;
  }

  Future<CrudnResponse> future() {
    return answer.future();
  }

  /** Answers the caller; only the first answer counts. */
  void answer(CrudnResponse response) {
    answer.tryComplete(response);
  }

  boolean answered() {
    return answer.future().isComplete();
  }

  /** The stream on which it waits for its answer; null while it was not sent. */
  RequestStream stream() {
    return stream;
  }

  void sentOn(RequestStream newStream) {
    stream = newStream;
    attempts++;
  }

  /** Takes it back from a stream that the peer did not know, so that it was not carried out. */
  boolean mayBeSentAgain() {
    stream = null;
    return attempts < 2 && request.operation().idempotent();
  }
}
