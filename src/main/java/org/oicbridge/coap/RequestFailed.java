package org.oicbridge.coap;

import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

/** Ends a request inside this package; it leaves as the response that it carries. */
final class RequestFailed extends Exception {
  private final transient CrudnResponse response;

  RequestFailed(CrudnResponse response) {
    // An outcome, not a defect: it needs no stack trace.
    super(response.problem().detail(), null, false, false);
    this.response = response;
  }

  RequestFailed(Status status, String type, String detail) {
    this(CrudnResponse.failed(status, type, detail));
  }

  /** The same failure, met before the request itself was sent. */
  static Throwable beforeSending(Throwable error) {
    return error instanceof RequestFailed failed
        ? new RequestFailed(failed.response.notSent())
        : error;
  }

  CrudnResponse response() {
    return response;
  }
}
