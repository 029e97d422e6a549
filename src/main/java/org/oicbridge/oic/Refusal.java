package org.oicbridge.oic;

import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.Status;

/** Ends a request that the gateway's own device refuses. */
final class Refusal extends RuntimeException {
  private final Status status;
  private final String type;

  /**
   * Says what is refused.
   *
   * @param detail one sentence for the caller
   */
  Refusal(Status status, String type, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.type = type;
  }

  /** What the one that looks after accounts and devices refused. */
  static Refusal of(Status status, Problem problem) {
    String type = problem.type();
    return new Refusal(status, type, problem.detail());
  }

  /** A member of a body that has a value which it can't have. */
  static Refusal member(String name, String why) {
    return new Refusal(Status.BAD_REQUEST, "invalid-representation", name + " " + why);
  }

  /** A parameter of the query that has a value which it can't have. */
  static Refusal parameter(String name, String why) {
    return new Refusal(Status.BAD_REQUEST, "invalid-parameter", "parameter " + name + " " + why);
  }

  CrudnResponse response() {
    return CrudnResponse.failed(status, type, getMessage());
  }
}
