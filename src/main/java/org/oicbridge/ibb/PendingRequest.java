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
  private String lastStanza;
  private boolean unsent;
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

  /** True when no part of it was ever sent. */
  boolean neverSent() {
    return attempts == 0;
  }

  void sentOn(RequestStream newStream) {
    stream = newStream;
    attempts++;
  }

  /** Takes note of the stanza without which it is not complete. */
  void endsWith(String stanza) {
    lastStanza = stanza;
  }

  /** Takes note that a stanza of ours never left us, or never got further than our server. */
  void unsent(String stanza) {
    unsent |= attempts == 1 && stanza.equals(lastStanza);
  }

  /** True when the peer can't have it as a whole. */
  boolean isUnsent() {
    return unsent;
  }

  /** Takes it back from a stream that failed; what is idempotent may go to another one, once. */
  boolean mayBeSentAgain() {
    stream = null;
    return attempts < 2 && request.operation().idempotent();
  }
}
