package org.oicbridge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.regex.Pattern;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Outcome;
import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.Status;

/** Writes the answer to a CRUDN request as an HTTP response. */
final class AnswerWriter {
  private static final List<String> HEADERS =
      List.of("ETag", "Cache-Control", "Allow", "Retry-After");
  private static final Pattern FIELD_VALUE = Pattern.compile("[ -~]{0,1024}");

  private AnswerWriter() {}

  /** Writes what the device, or the gateway in its stead, answered. */
  static void write(RoutingContext context, ResourceTarget target, CrudnResponse answer) {
    HttpServerResponse response = context.response();
    if (response.closed()) {
      return;
    }
    if (!answer.status().success()) {
      fail(context, answer);
      return;
    }
    copyHeaders(answer, response);
    answer
        .headers()
        .get("Location")
        .flatMap(target::locate)
        .ifPresent(location -> response.putHeader(HttpHeaders.LOCATION, location));
    response.setStatusCode(StatusCodes.http(answer.status()));
    if (answer.body() == null
        || answer.status() == Status.NO_CONTENT
        || answer.status() == Status.NOT_MODIFIED) {
      response.end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(answer.body());
    }
  }

  /** Writes an error, the device's own or the gateway's. */
  static void fail(RoutingContext context, CrudnResponse answer) {
    if (answer.status() == Status.TOO_MANY_REQUESTS && answer.problem() != null) {
      Refusals.of(context).later(() -> failNow(context, answer));
    } else {
      failNow(context, answer);
    }
  }

  private static void failNow(RoutingContext context, CrudnResponse answer) {
    if (context.response().closed()) {
      return;
    }
    copyHeaders(answer, context.response());
    int status = StatusCodes.http(answer.status());
    if (status == 405 && !context.response().headers().contains(HttpHeaders.ALLOW)) {
      // CoAP does not say what is allowed, RFC 9110 section 15.5.6 wants it said.
      HttpMethod method = context.request().method();
      boolean read = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
      context.response().putHeader(HttpHeaders.ALLOW, read ? "POST, PUT, DELETE" : "GET");
    }
    if (answer.problem() != null) {
      Problem problem = answer.problem();
      Problems.send(
          context, status, problem.type(), problem.detail(), Problems.outcome(problem.outcome()));
      return;
    }
    Object body = parse(answer.body());
    JsonObject members = Problems.outcome(ofDevice(answer.status(), body));
    String detail = "the device answered " + status + " " + answer.status().reason();
    if (body instanceof JsonObject object && object.getValue("error") instanceof String text) {
      detail = text;
    } else if (body != null) {
      members.put("answer", body);
    }
    Problems.send(context, status, StatusCodes.problemType(answer.status()), detail, members);
  }

  /**
   * The device has answered, so it was asked; but what answers may be a gateway in front of it,
   * which alone knows how far the request came.
   */
  private static Outcome ofDevice(Status status, Object body) {
    return switch (status) {
      case BAD_GATEWAY, UNAVAILABLE, TIMEOUT ->
          body instanceof JsonObject object
              ? Outcome.of(object.getValue("outcome")).orElse(Outcome.UNKNOWN)
              : Outcome.UNKNOWN;
      default -> null;
    };
  }

  private static void copyHeaders(CrudnResponse answer, HttpServerResponse response) {
    for (String name : HEADERS) {
      answer
          .headers()
          .get(name)
          .filter(value -> FIELD_VALUE.matcher(value).matches())
          .ifPresent(value -> response.putHeader(name, value));
    }
  }

  private static Object parse(String body) {
    try {
      return body == null ? null : Json.decodeValue(body);
    } catch (DecodeException e) {
      return null;
    }
  }
}
