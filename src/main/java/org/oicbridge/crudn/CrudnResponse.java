package org.oicbridge.crudn;

/**
 * The answer to a {@link CrudnRequest}.
 *
 * @param status the outcome
 * @param headers only those that may cross the gateway
 * @param body JSON text, or null when there is none
 * @param problem why the gateway ended the request, or null when the device answered
 */
public record CrudnResponse(Status status, Headers headers, String body, Problem problem) {
  /** What the device answered. */
  public static CrudnResponse answered(Status status, Headers headers, String body) {
    return new CrudnResponse(status, headers, body, null);
  }

  /**
   * What the gateway answers in the device's stead. 503 and 429 say that the request was not sent;
   * 500, 502 and 504 that it may have been carried out.
   */
  public static CrudnResponse failed(Status status, String type, String detail) {
    return new CrudnResponse(status, Headers.NONE, null, Problem.of(status, type, detail));
  }

  /** The same failure, of a request that was certainly not sent. */
  public CrudnResponse notSent() {
    return new CrudnResponse(
        status, headers, body, new Problem(problem.type(), problem.detail(), Outcome.NOT_SENT));
  }

  /** The same answer with one more header. */
  public CrudnResponse with(String name, String value) {
    return new CrudnResponse(status, headers.with(name, value), body, problem);
  }

  /** The same answer without any header of this name. */
  public CrudnResponse without(String name) {
    return new CrudnResponse(status, headers.without(name), body, problem);
  }
}
