package org.oicbridge.coap;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.oicbridge.crudn.Status;

/** The status of a CoAP response code (RFC 8075 section 7). */
final class ResponseStatus {
  private ResponseStatus() {}

  /**
   * Maps a code. {@code 2.03} is {@link Status#NOT_MODIFIED}: only who knows the request can tell
   * whether that may leave.
   *
   * @param body whether the answer has a payload
   */
  static Status of(ResponseCode code, boolean body) {
    return switch (code) {
      case _UNKNOWN_SUCCESS_CODE, CONTENT -> Status.OK;
      case CREATED -> Status.CREATED;
      case DELETED, CHANGED -> body ? Status.OK : Status.NO_CONTENT;
      case VALID -> Status.NOT_MODIFIED;
      case BAD_REQUEST, BAD_OPTION -> Status.BAD_REQUEST;
      // 401 would need a WWW-Authenticate that CoAP has nothing for.
      case UNAUTHORIZED, FORBIDDEN -> Status.FORBIDDEN;
      case NOT_FOUND -> Status.NOT_FOUND;
      case METHOD_NOT_ALLOWED -> Status.METHOD_NOT_ALLOWED;
      case NOT_ACCEPTABLE -> Status.NOT_ACCEPTABLE;
      case CONFLICT -> Status.CONFLICT;
      case PRECONDITION_FAILED -> Status.PRECONDITION_FAILED;
      case REQUEST_ENTITY_TOO_LARGE -> Status.CONTENT_TOO_LARGE;
      case UNSUPPORTED_CONTENT_FORMAT -> Status.UNSUPPORTED_MEDIA_TYPE;
      case UNPROCESSABLE_ENTITY -> Status.UNPROCESSABLE;
      case TOO_MANY_REQUESTS -> Status.TOO_MANY_REQUESTS;
      case INTERNAL_SERVER_ERROR -> Status.INTERNAL_ERROR;
      case NOT_IMPLEMENTED -> Status.NOT_IMPLEMENTED;
      // 2.31 and 4.08 belong to block-wise transfer (RFC 7959) and end nothing; 5.05 names a proxy
      // that nobody asked for.
      case BAD_GATEWAY, CONTINUE, REQUEST_ENTITY_INCOMPLETE, PROXY_NOT_SUPPORTED ->
          Status.BAD_GATEWAY;
      case SERVICE_UNAVAILABLE -> Status.UNAVAILABLE;
      case GATEWAY_TIMEOUT -> Status.TIMEOUT;
    };
  }
}
