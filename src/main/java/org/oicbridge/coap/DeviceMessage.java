package org.oicbridge.coap;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.option.IntegerOptionDefinition;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/**
 * A CRUDN request on its way into CoAP. Whatever is wrong with it is told when it is made, before
 * it takes a place in a queue.
 */
final class DeviceMessage {
  private final CrudnRequest request;
  private final List<String> base;
  private final byte[] json;
  private final byte[] cbor;

  /**
   * Checks a request.
   *
   * @param base the segments that stand before every path on the device
   * @param maxBody longest body in bytes, as it would be sent
   * @throws RequestFailed 400, 406, 412, 413 or 415 when it can't be put to any device
   */
  DeviceMessage(CrudnRequest request, List<String> base, int maxBody) throws RequestFailed {
    this.request = request;
    this.base = base;
    if (!MediaRange.acceptsRepresentation(request.headers())) {
      throw new RequestFailed(
          Status.NOT_ACCEPTABLE, "not-producible", "answers are JSON or CBOR only");
    }
    boolean body = takesBody() && request.body() != null && !request.body().isEmpty();
    if (body && !MediaRange.isRepresentation(request.headers())) {
      throw new RequestFailed(
          Status.UNSUPPORTED_MEDIA_TYPE, "json-required", "bodies are JSON in UTF-8 only");
    }
    this.json = body ? request.body().getBytes(StandardCharsets.UTF_8) : null;
    // A body in JSON is at most a few times as long as in CBOR, and not worth a tree beyond that.
    if (body && json.length > 4L * maxBody) {
      throw tooLarge(json.length, maxBody);
    }
    this.cbor = body ? JsonBody.toCbor(request.body()) : null;
    if (body && cbor.length > maxBody) {
      throw tooLarge(cbor.length, maxBody);
    }
    checkConditions();
  }

  private static RequestFailed tooLarge(int length, int maxBody) {
    return new RequestFailed(
        Status.CONTENT_TOO_LARGE,
        "body-too-large",
        "the body has " + length + " bytes, at most " + maxBody + " are sent to a device");
  }

  private boolean takesBody() {
    return switch (request.operation()) {
      case CREATE, UPDATE -> true;
      case RETRIEVE, DELETE -> false;
    };
  }

  private void checkConditions() throws RequestFailed {
    String ifMatch = request.headers().get("If-Match").orElse("*");
    if (!ifMatch.equals("*") && EntityTag.parse(ifMatch).isEmpty()) {
      throw new RequestFailed(
          Status.PRECONDITION_FAILED, "unknown-etag", "no such entity tag was ever given");
    }
    String ifNoneMatch = request.headers().get("If-None-Match").orElse("*");
    if (request.operation() != Operation.RETRIEVE && !ifNoneMatch.equals("*")) {
      throw new RequestFailed(
          Status.BAD_REQUEST,
          "bad-header",
          "If-None-Match is \"" + ifNoneMatch + "\"; CoAP can only say * with this method");
    }
  }

  /** True when an option that the client asked for may be one that the device refuses. */
  boolean conditional() {
    return request.headers().get("If-Match").isPresent()
        || (request.operation() != Operation.RETRIEVE
            && request.headers().get("If-None-Match").isPresent());
  }

  CrudnRequest request() {
    return request;
  }

  List<String> base() {
    return base;
  }

  /**
   * The CoAP request for a device.
   *
   * @param plainFormat the Content-Format of bodies for a device without an era of its own
   */
  Request toRequest(Era era, int plainFormat) {
    Request message = new Request(code(request.operation()));
    OptionSet options = message.getOptions();
    base.forEach(options::addUriPath);
    request.path().segments().forEach(options::addUriPath);
    request.path().query().forEach(options::addUriQuery);
    if (era != Era.PLAIN) {
      options.setAccept(era.format());
    }
    conditions(options);
    int format = era == Era.PLAIN ? plainFormat : era.format();
    if (cbor != null) {
      options.setContentFormat(format);
      message.setPayload(format == ContentFormat.JSON ? json : cbor);
    }
    if (era == Era.OCF) {
      version(options, OcfOption.ACCEPT_VERSION);
      if (cbor != null) {
        version(options, OcfOption.CONTENT_VERSION);
      }
    }
    return message;
  }

  private static Code code(Operation operation) {
    return switch (operation) {
      case CREATE -> Code.PUT;
      case RETRIEVE -> Code.GET;
      case UPDATE -> Code.POST;
      case DELETE -> Code.DELETE;
    };
  }

  private void conditions(OptionSet options) {
    Optional<String> ifMatch = request.headers().get("If-Match");
    if (ifMatch.isPresent()) {
      if (ifMatch.get().equals("*")) {
        options.addIfMatch(new byte[0]);
      } else {
        EntityTag.parse(ifMatch.get()).forEach(options::addIfMatch);
      }
    }
    Optional<String> ifNoneMatch = request.headers().get("If-None-Match");
    if (ifNoneMatch.isPresent()) {
      if (request.operation() == Operation.RETRIEVE) {
        EntityTag.parse(ifNoneMatch.get()).forEach(options::addETag);
      } else {
        options.setIfNoneMatch(true);
      }
    }
  }

  private void version(OptionSet options, IntegerOptionDefinition which) {
    options.addOption(
        which.create((long) headerVersion(which.getName()).orElse(OcfOption.VERSION_1_0_0)));
  }

  private Optional<Integer> headerVersion(String name) {
    return request
        .headers()
        .get(name)
        .filter(value -> value.matches("\\d{1,5}"))
        .map(Integer::valueOf)
        .filter(value -> value <= 0xffff);
  }
}
