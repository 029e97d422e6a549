package org.oicbridge.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.oicbridge.bus.Contracts;
import org.oicbridge.crudn.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends every failed request with a problem document (RFC 9457) that tells nothing internal. */
final class Problems implements Handler<RoutingContext> {
  /** The key under which a request's context holds the device that it is about. */
  static final String DEVICE = "device";

  /** The key under which a request's context holds the account that it is about. */
  static final String ACCOUNT = "account";

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
  private static final long LINGER_MILLIS = 500;
  private static final String RETRY_AFTER = "5";
  private static final String MEDIA_TYPE = "application/problem+json";
  private static final String TYPE_PREFIX = "urn:oic-bridge:problem:";

  @Override
  public void handle(RoutingContext context) {
    // The router fails a request without a sound target or host before any handler sees it.
    RequestLog.begin(context);
    Throwable failure = context.failure();
    if (failure instanceof Refusal refusal) {
      if (refusal.status() == 503
          && !context.response().headers().contains(HttpHeaders.RETRY_AFTER)) {
        context.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
      }
      // The API itself refuses only what it has not passed on.
      boolean away = refusal.status() == 503 || refusal.status() == 429;
      send(
          context,
          refusal.status(),
          refusal.type(),
          refusal.getMessage(),
          outcome(away ? Outcome.NOT_SENT : null));
    } else if (failure instanceof ReplyException) {
      AnswerWriter.fail(context, Contracts.failure(failure));
    } else {
      sendStatus(context, context.statusCode(), failure);
    }
  }

  private static void sendStatus(RoutingContext context, int status, Throwable failure) {
    switch (status) {
      case 400, 404 -> send(context, 400, "invalid-request", "the request is malformed");
      case 413 -> sendLast(context, 413, "body-too-large", "http.maxBody allows no such body");
      default -> {
        if (WriteBody.awaited(context)) {
          // Its framing is broken, or its sender has left (RFC 9112 section 8).
          sendLast(context, 400, "invalid-request", "the body is incomplete or malformed");
        } else {
          LOG.error("{} {} failed", context.request().method(), RequestLog.route(context), failure);
          send(context, 500, "internal", "the gateway has a defect", outcome(Outcome.UNKNOWN));
        }
      }
    }
  }

  /**
   * Ends a request whose body is not wanted any more, and with it the connection, since nothing
   * else stops the body. The caller gets a moment to read the answer: closing at once resets the
   * connection under it (RFC 9112 section 9.6).
   */
  static void sendLast(RoutingContext context, int status, String type, String detail) {
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    send(context, status, type, detail);
    closeSoon(context);
  }

  /** Ends the connection of an answered request a moment later. */
  static void closeSoon(RoutingContext context) {
    context.vertx().setTimer(LINGER_MILLIS, fired -> context.request().connection().close());
  }

  /** The {@code type} of a problem. */
  static String urn(String type) {
    return TYPE_PREFIX + type;
  }

  static void send(RoutingContext context, int status, String type, String detail) {
    send(context, status, type, detail, new JsonObject());
  }

  /** Ends a request with a problem that has members of its own. */
  static void send(
      RoutingContext context, int status, String type, String detail, JsonObject members) {
    JsonObject problem = document(status, type, detail);
    copy(context, DEVICE, problem);
    copy(context, ACCOUNT, problem);
    problem.mergeIn(members);
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
          .end(problem.toBuffer());
    }
  }

  /** The member that says whether the request may have been carried out; none for null. */
  static JsonObject outcome(Outcome outcome) {
    JsonObject members = new JsonObject();
    return outcome == null ? members : members.put("outcome", outcome.tag());
  }

  private static void copy(RoutingContext context, String key, JsonObject problem) {
    Object value = context.get(key);
    if (value != null) {
      problem.put(key, value.toString());
    }
  }

  /** The problem document itself. */
  static JsonObject document(int status, String type, String detail) {
    return new JsonObject()
        .put("type", urn(type))
        .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
        .put("status", status)
        .put("detail", detail);
  }

  /** Answers what is not HTTP, or too long for a limit, and ends its connection. */
  static void refuseInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    JsonObject problem =
        cause instanceof TooLongHttpLineException
            ? document(414, "uri-too-long", "the request line is too long")
            : cause instanceof TooLongHttpHeaderException
                ? document(431, "headers-too-large", "the header fields are too large")
                : document(400, "invalid-request", "the request is malformed");
    request
        .response()
        .setStatusCode(problem.getInteger("status"))
        .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(problem.toBuffer())
        .eventually(() -> request.connection().close());
  }
}
