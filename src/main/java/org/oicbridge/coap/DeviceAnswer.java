package org.oicbridge.coap;

import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/** Turns the CoAP answer of a device into a CRUDN response. */
final class DeviceAnswer {
  private static final byte HOP_LIMIT_REACHED = (byte) (5 << 5 | 8);

  private DeviceAnswer() {}

  /**
   * Maps code, options and payload.
   *
   * @param message what was asked
   * @param ownFormat what a missing Content-Format most likely means on this device
   * @throws RequestFailed when the answer can't be passed on
   */
  static CrudnResponse toResponse(Response answer, DeviceMessage message, int ownFormat)
      throws RequestFailed {
    String body = Representation.toJson(answer, ownFormat, message.request().headers());
    Status status = status(answer, message, body != null);
    Headers headers = headers(answer, message, status);
    if (body != null && status != Status.NOT_MODIFIED) {
      headers = headers.with("Content-Type", "application/json");
      return CrudnResponse.answered(status, headers, body);
    }
    return CrudnResponse.answered(status, headers, null);
  }

  private static Status status(Response answer, DeviceMessage message, boolean body)
      throws RequestFailed {
    ResponseCode code = answer.getCode();
    if (code == ResponseCode.VALID
        && (message.request().operation() != Operation.RETRIEVE
            || message.request().headers().get("If-None-Match").isEmpty())) {
      throw new RequestFailed(
          Status.BAD_GATEWAY, "bad-answer", "the device validated an entity tag nobody sent");
    }
    // Californium takes 5.08 (RFC 8768) for 5.00, but the datagram still tells.
    byte[] datagram = answer.getBytes();
    if (datagram != null && datagram.length > 1 && datagram[1] == HOP_LIMIT_REACHED) {
      return Status.LOOP_DETECTED;
    }
    // Without a conditional header it was the gateway that added the option which is refused.
    return code == ResponseCode.BAD_OPTION && !message.conditional()
        ? Status.INTERNAL_ERROR
        : ResponseStatus.of(code, body);
  }

  private static Headers headers(Response answer, DeviceMessage message, Status status) {
    OptionSet options = answer.getOptions();
    Headers headers = Headers.NONE;
    if (options.getETagCount() > 0) {
      headers = headers.with("ETag", EntityTag.header(options.getETags().get(0)));
    }
    if (options.hasObserve() && status == Status.OK) {
      headers = headers.with("Observe", String.valueOf(options.getObserve()));
    }
    Optional<String> location = location(options, message.base());
    if (location.isPresent()) {
      headers = headers.with("Location", location.get());
    }
    if (message.request().headers().get(OcfOption.ACCEPT_VERSION.getName()).isPresent()
        && OcfOption.version(options, OcfOption.CONTENT_VERSION) >= 0) {
      headers =
          headers.with(
              OcfOption.CONTENT_VERSION.getName(),
              String.valueOf(OcfOption.version(options, OcfOption.CONTENT_VERSION)));
    }
    return switch (status) {
      case OK, NOT_MODIFIED ->
          fresh(answer) ? headers.with("Cache-Control", cache(options)) : headers;
      case UNAVAILABLE, TOO_MANY_REQUESTS ->
          // getMaxAge() is 60 without the option (RFC 7252 section 5.10.5).
          headers.with("Retry-After", String.valueOf(options.getMaxAge()));
      case METHOD_NOT_ALLOWED ->
          headers.with(
              "Allow",
              message.request().operation() == Operation.RETRIEVE ? "PUT, POST, DELETE" : "GET");
      case CREATED,
          NO_CONTENT,
          BAD_REQUEST,
          UNAUTHORIZED,
          FORBIDDEN,
          NOT_FOUND,
          NOT_ACCEPTABLE,
          CONFLICT,
          PRECONDITION_FAILED,
          CONTENT_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          UNPROCESSABLE,
          INTERNAL_ERROR,
          NOT_IMPLEMENTED,
          BAD_GATEWAY,
          TIMEOUT,
          LOOP_DETECTED ->
          headers;
    };
  }

  /**
   * Whether the device itself says how long its answer keeps. Without Max-Age a CoAP cache takes 60
   * s for granted; said aloud over HTTP that would have a browser show a lamp as it was a minute
   * ago, whoever has switched it since.
   */
  private static boolean fresh(Response answer) {
    boolean cacheable =
        answer.getCode() == ResponseCode.CONTENT || answer.getCode() == ResponseCode.VALID;
    return cacheable && answer.getOptions().hasMaxAge();
  }

  private static String cache(OptionSet options) {
    return options.getMaxAge() == 0 ? "no-cache" : "max-age=" + options.getMaxAge();
  }

  private static Optional<String> location(OptionSet options, List<String> base) {
    List<String> path = options.getLocationPath();
    if (path.isEmpty() && options.getLocationQueryCount() == 0) {
      return Optional.empty();
    }
    boolean below = path.size() >= base.size() && path.subList(0, base.size()).equals(base);
    try {
      return Optional.of(
          new ResourcePath(
                  below ? path.subList(base.size(), path.size()) : path, options.getLocationQuery())
              .toString());
    } catch (IllegalArgumentException e) {
      // A dot segment, which no request could name either.
      return Optional.empty();
    }
  }
}
