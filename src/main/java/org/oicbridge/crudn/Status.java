package org.oicbridge.crudn;

/**
 * The outcome of a CRUDN request, in the HTTP numbers that the {@code <rest>} document uses for its
 * status line (OIC Remote Access section 7.3.1). Every edge maps it to its own codes with a switch
 * that has no default, so that a new status does not compile until each edge has decided.
 */
public enum Status {
  OK(200, "OK"),
  CREATED(201, "Created"),
  NO_CONTENT(204, "No Content"),
  NOT_MODIFIED(304, "Not Modified"),
  BAD_REQUEST(400, "Bad Request"),
  UNAUTHORIZED(401, "Unauthorized"),
  FORBIDDEN(403, "Forbidden"),
  NOT_FOUND(404, "Not Found"),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
  NOT_ACCEPTABLE(406, "Not Acceptable"),
  CONFLICT(409, "Conflict"),
  PRECONDITION_FAILED(412, "Precondition Failed"),
  CONTENT_TOO_LARGE(413, "Payload Too Large"),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
  UNPROCESSABLE(422, "Unprocessable Content"),
  TOO_MANY_REQUESTS(429, "Too Many Requests"),
  INTERNAL_ERROR(500, "Internal Server Error"),
  NOT_IMPLEMENTED(501, "Not Implemented"),
  BAD_GATEWAY(502, "Bad Gateway"),
  UNAVAILABLE(503, "Service Unavailable"),
  TIMEOUT(504, "Gateway Timeout"),
  LOOP_DETECTED(508, "Loop Detected");

  private static final Status[] ALL = values();

  private final int code;
  private final String reason;

  Status(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** The HTTP number, 200 to 508. */
  public int code() {
    return code;
  }

  /** The reason phrase that follows the number in a status line. */
  public String reason() {
    return reason;
  }

  /** True for 2xx and 304: the request did what it was meant to do. */
  public boolean success() {
    return code < 400;
  }

  /**
   * The status of an HTTP number. A number that has no constant becomes the plain status of its
   * class; an informational or redirecting one, which no CRUDN answer can be, becomes {@link
   * #BAD_GATEWAY} (RFC 8075 section 7).
   *
   * @param code any number
   */
  public static Status of(int code) {
    for (Status status : ALL) {
      if (status.code == code) {
        return status;
      }
    }
    return switch (code / 100) {
      case 2 -> OK;
      case 4 -> BAD_REQUEST;
      default -> BAD_GATEWAY;
    };
  }
}
