package org.oicbridge.coap;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.oicbridge.crudn.Status;

/**
 * Finds out how a device wants to be spoken to by asking for its {@code /oic/res}: first as OCF 1.0
 * does, and when it refuses that, as OIC 1.x does.
 */
final class EraDetector {
  private final Function<Request, Future<Response>> exchange;
  private final List<String> base;

  /**
   * Prepares one detection.
   *
   * @param exchange sends a request to the device
   * @param base the segments that stand before every path on it
   */
  EraDetector(Function<Request, Future<Response>> exchange, List<String> base) {
    this.exchange = exchange;
    this.base = base;
  }

  /** The era, or why it can't be told now. */
  Future<Era> detect() {
    return exchange
        .apply(Era.OCF.get(base, "oic", "res"))
        .compose(
            answer ->
                switch (answer.getCode()) {
                  case CONTENT -> Future.succeededFuture(byContent(answer));
                  // An IoTivity-Lite device that does not let us see its resources.
                  case UNAUTHORIZED, FORBIDDEN -> Future.succeededFuture(Era.OCF);
                  case NOT_FOUND -> Future.succeededFuture(Era.PLAIN);
                  default ->
                      answer.getCode().isServerError() && !unsupported(answer)
                          ? undecided(answer)
                          : detectLegacy();
                });
  }

  private Future<Era> detectLegacy() {
    return exchange
        .apply(Era.LEGACY.get(base, "oic", "res"))
        .compose(
            answer ->
                switch (answer.getCode()) {
                  case CONTENT -> Future.succeededFuture(byContent(answer));
                  case UNAUTHORIZED, FORBIDDEN -> Future.succeededFuture(Era.LEGACY);
                  case NOT_ACCEPTABLE, UNSUPPORTED_CONTENT_FORMAT ->
                      Future.succeededFuture(Era.JSON);
                  default ->
                      answer.getCode().isServerError() && !unsupported(answer)
                          ? undecided(answer)
                          : Future.succeededFuture(Era.PLAIN);
                });
  }

  private static boolean unsupported(Response answer) {
    return answer.getCode() == ResponseCode.NOT_IMPLEMENTED;
  }

  private static Future<Era> undecided(Response answer) {
    Status status = ResponseStatus.of(answer.getCode(), false);
    return Future.failedFuture(
        new RequestFailed(
            status,
            "detection-failed",
            "the device answered " + answer.getCode() + " to discovery"));
  }

  /** The era that an answer with a representation of {@code /oic/res} shows. */
  static Era byContent(Response answer) {
    return switch (answer.getOptions().getContentFormat()) {
      case ContentFormat.OCF_CBOR -> Era.OCF;
      case ContentFormat.CBOR -> onlyJson(answer) ? Era.JSON : Era.LEGACY;
      case ContentFormat.JSON -> Era.JSON;
      case ContentFormat.NONE -> cbor(answer) ? Era.LEGACY : Era.PLAIN;
      // Something lives at /oic/res that no OIC device would have there.
      default -> Era.PLAIN;
    };
  }

  private static boolean cbor(Response answer) {
    try {
      return CborReader.toJson(answer.getPayload()).startsWith("[");
    } catch (BadCborException e) {
      return false;
    }
  }

  /** True when links say what media type they have, and every one of them says JSON alone. */
  private static boolean onlyJson(Response answer) {
    try {
      JsonNode list = JsonBody.parse(CborReader.toJson(answer.getPayload()));
      List<JsonNode> types = list.findValues("type");
      return !types.isEmpty() && types.stream().allMatch(EraDetector::json);
    } catch (BadCborException | RequestFailed e) {
      return false;
    }
  }

  private static boolean json(JsonNode type) {
    if (type.isTextual()) {
      return type.textValue().equalsIgnoreCase("application/json");
    }
    return type.size() == 1 && json(type.get(0));
  }
}
