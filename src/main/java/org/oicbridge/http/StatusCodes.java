package org.oicbridge.http;

import org.oicbridge.crudn.Status;

/** What a CRUDN status is over HTTP. */
final class StatusCodes {
  private StatusCodes() {}

  /**
   * The HTTP status. A device's 4.01 is 403, since a 401 would ask the caller to log in here (RFC
   * 8075 section 7).
   */
  static int http(Status status) {
    return switch (status) {
      case UNAUTHORIZED -> 403;
      case OK,
          CREATED,
          NO_CONTENT,
          NOT_MODIFIED,
          BAD_REQUEST,
          FORBIDDEN,
          NOT_FOUND,
          METHOD_NOT_ALLOWED,
          NOT_ACCEPTABLE,
          CONFLICT,
          PRECONDITION_FAILED,
          CONTENT_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          UNPROCESSABLE,
          TOO_MANY_REQUESTS,
          INTERNAL_ERROR,
          NOT_IMPLEMENTED,
          BAD_GATEWAY,
          UNAVAILABLE,
          TIMEOUT,
          LOOP_DETECTED ->
          status.code();
    };
  }

  /**
   * The problem type of an error that the device itself answered. The gateway's own problems have
   * other names, so a caller can tell who refused.
   */
  static String problemType(Status status) {
    return switch (status) {
      case OK, CREATED, NO_CONTENT, NOT_MODIFIED ->
          throw new IllegalArgumentException(status + " is no error");
      case BAD_REQUEST -> "bad-request";
      case UNAUTHORIZED -> "unauthorized";
      case FORBIDDEN -> "forbidden";
      case NOT_FOUND -> "not-found";
      case METHOD_NOT_ALLOWED -> "method-not-allowed";
      case NOT_ACCEPTABLE -> "not-acceptable";
      case CONFLICT -> "conflict";
      case PRECONDITION_FAILED -> "precondition-failed";
      case CONTENT_TOO_LARGE -> "content-too-large";
      case UNSUPPORTED_MEDIA_TYPE -> "unsupported-media-type";
      case UNPROCESSABLE -> "unprocessable";
      case TOO_MANY_REQUESTS -> "too-many-requests";
      case INTERNAL_ERROR -> "device-error";
      case NOT_IMPLEMENTED -> "not-implemented";
      case BAD_GATEWAY -> "bad-gateway";
      case UNAVAILABLE -> "unavailable";
      case TIMEOUT -> "timeout";
      case LOOP_DETECTED -> "loop-detected";
    };
  }
}
