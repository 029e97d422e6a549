package org.oicbridge.coap;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Outcome;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/** Turns the answer of the gateway's own device into a CoAP response. */
final class OwnAnswer {
  /** Of a diagnostic payload, in bytes: it is for people, and must fit any datagram. */
  private static final int MAX_DIAGNOSTIC = 200;

  private OwnAnswer() {}

  /**
   * Maps status, headers and body.
   *
   * @param message what was asked
   * @param config how long a payload may be
   */
  static Response of(CrudnResponse answer, OwnMessage message, CoapConfig config) {
    Response response = of(answer, message, config.maxBody());
    if (message.observe()
        && response.isSuccess()
        && response.getPayloadSize() > message.blockSize(config.blockSize())
        && response.getOptions().getETagCount() == 0) {
      // Else nobody could tell that the next block is of the next notification.
      response.getOptions().addETag(EntityTag.of(response.getPayload()));
    }
    return response;
  }

  private static Response of(CrudnResponse answer, OwnMessage message, int maxBody) {
    if (answer.problem() != null) {
      return diagnostic(answer, told(answer));
    }
    if (answer.body() == null || answer.body().isEmpty()) {
      return response(answer, message.operation());
    }
    int format = message.format();
    // What a device says that can't be said here is no defect of the gateway.
    Status unsaid = message.forDevice() ? Status.BAD_GATEWAY : Status.INTERNAL_ERROR;
    try {
      JsonNode tree = JsonBody.parse(answer.body());
      if (!answer.status().success() && ofGateway(tree)) {
        return diagnostic(answer, told(tree));
      }
      byte[] payload =
          format == ContentFormat.JSON
              ? answer.body().getBytes(StandardCharsets.UTF_8)
              : JsonBody.toCbor(answer.body());
      if (payload.length > maxBody) {
        return unsaid(unsaid, "the answer is over " + maxBody + " bytes");
      }
      Response response = response(answer, message.operation());
      response.setPayload(payload);
      response.getOptions().setContentFormat(format);
      if (format == ContentFormat.OCF_CBOR) {
        response
            .getOptions()
            .addOption(OcfOption.CONTENT_VERSION.create((long) OcfOption.VERSION_1_0_0));
      }
      return response;
    } catch (RequestFailed e) {
      return unsaid(unsaid, "the answer can't be said in Content-Format " + format);
    }
  }

  /** The answer to a request that was not understood. */
  static Response of(RequestFailed failed) {
    return diagnostic(failed.response(), told(failed.response()));
  }

  /** A code alone does not say whether the request may have been carried out. */
  private static String told(CrudnResponse answer) {
    return told(answer.problem().detail(), Optional.ofNullable(answer.problem().outcome()));
  }

  private static String told(JsonNode error) {
    return told(error.get("error").textValue(), Outcome.of(error.path("outcome").textValue()));
  }

  private static String told(String detail, Optional<Outcome> outcome) {
    return outcome
        .map(Outcome::words)
        .filter(words -> !detail.endsWith(words))
        .map(words -> detail + "; " + words)
        .orElse(detail);
  }

  /** The body of an error that a gateway tells in a device's stead. */
  private static boolean ofGateway(JsonNode tree) {
    return tree.path("error").isTextual() && tree.size() == (tree.has("outcome") ? 2 : 1);
  }

  private static Response unsaid(Status status, String why) {
    return diagnostic(CrudnResponse.answered(status, Headers.NONE, null), why);
  }

  private static Response diagnostic(CrudnResponse answer, String text) {
    Response response = response(answer, Operation.RETRIEVE);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, MAX_DIAGNOSTIC);
    while (length < utf8.length && (utf8[length] & 0xc0) == 0x80) {
      length--;
    }
    // Without a Content-Format, as RFC 7252 section 5.5.2 has it.
    response.setPayload(java.util.Arrays.copyOf(utf8, length));
    return response;
  }

  private static Response response(CrudnResponse answer, Operation operation) {
    Response response = new Response(code(answer.status(), operation));
    OptionSet options = response.getOptions();
    Headers headers = answer.headers();
    headers
        .get("ETag")
        .map(EntityTag::parse)
        .filter(tags -> !tags.isEmpty())
        .ifPresent(tags -> options.addETag(tags.get(0)));
    headers.get("Location").ifPresent(location -> location(options, location));
    maxAge(headers).ifPresent(options::setMaxAge);
    return response;
  }

  private static void location(OptionSet options, String location) {
    ResourcePath path = ResourcePath.parse(location);
    path.segments().forEach(options::addLocationPath);
    path.query().forEach(options::addLocationQuery);
  }

  private static Optional<Long> maxAge(Headers headers) {
    Optional<String> cache = headers.get("Cache-Control");
    if (cache.isPresent() && cache.get().equals("no-cache")) {
      return Optional.of(0L);
    }
    return cache
        .filter(value -> value.startsWith("max-age="))
        .map(value -> value.substring("max-age=".length()))
        .or(() -> headers.get("Retry-After"))
        .filter(seconds -> seconds.matches("\\d{1,9}"))
        .map(Long::valueOf);
  }

  /** RFC 8075 section 7, read the other way. */
  static ResponseCode code(Status status, Operation operation) {
    return switch (status) {
      case OK, NO_CONTENT ->
          switch (operation) {
            case RETRIEVE -> ResponseCode.CONTENT;
            case CREATE, UPDATE -> ResponseCode.CHANGED;
            case DELETE -> ResponseCode.DELETED;
          };
      case CREATED -> ResponseCode.CREATED;
      case NOT_MODIFIED -> ResponseCode.VALID;
      case BAD_REQUEST -> ResponseCode.BAD_REQUEST;
      case UNAUTHORIZED -> ResponseCode.UNAUTHORIZED;
      case FORBIDDEN -> ResponseCode.FORBIDDEN;
      case NOT_FOUND -> ResponseCode.NOT_FOUND;
      case METHOD_NOT_ALLOWED -> ResponseCode.METHOD_NOT_ALLOWED;
      case NOT_ACCEPTABLE -> ResponseCode.NOT_ACCEPTABLE;
      case CONFLICT -> ResponseCode.CONFLICT;
      case PRECONDITION_FAILED -> ResponseCode.PRECONDITION_FAILED;
      case CONTENT_TOO_LARGE -> ResponseCode.REQUEST_ENTITY_TOO_LARGE;
      case UNSUPPORTED_MEDIA_TYPE -> ResponseCode.UNSUPPORTED_CONTENT_FORMAT;
      case UNPROCESSABLE -> ResponseCode.UNPROCESSABLE_ENTITY;
      case TOO_MANY_REQUESTS -> ResponseCode.TOO_MANY_REQUESTS;
      case INTERNAL_ERROR -> ResponseCode.INTERNAL_SERVER_ERROR;
      case NOT_IMPLEMENTED -> ResponseCode.NOT_IMPLEMENTED;
      // 5.08 is not among Californium's codes.
      case BAD_GATEWAY, LOOP_DETECTED -> ResponseCode.BAD_GATEWAY;
      case UNAVAILABLE -> ResponseCode.SERVICE_UNAVAILABLE;
      case TIMEOUT -> ResponseCode.GATEWAY_TIMEOUT;
    };
  }
}
