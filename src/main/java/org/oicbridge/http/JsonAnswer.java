package org.oicbridge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.Status;

/** Writes what the gateway itself knows. */
final class JsonAnswer {
  private JsonAnswer() {}

  static void send(RoutingContext context, int status, JsonObject body) {
    if (!context.response().closed()) {
      context
          .response()
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(body.toBuffer());
    }
  }

  /**
   * Answers a GET. Never 304: the version counts the values that were set, and what else is shown
   * changes without them.
   */
  static void sendVersion(RoutingContext context, JsonObject body, long version) {
    tag(context, version);
    send(context, 200, body);
  }

  /** Answers a change that was made; 201 says where the new thing is. */
  static void sendChanged(
      RoutingContext context, Status status, JsonObject body, long version, String location) {
    tag(context, version);
    if (status == Status.CREATED) {
      context.response().putHeader(HttpHeaders.LOCATION, location);
    }
    send(context, status == Status.CREATED ? 201 : 200, body);
  }

  /** Answers a removal that was made. */
  static void sendNothing(RoutingContext context) {
    if (!context.response().closed()) {
      context.response().setStatusCode(204).end();
    }
  }

  /** Answers a change that was refused. */
  static void refuse(RoutingContext context, Status status, Problem problem) {
    Problems.send(
        context,
        StatusCodes.http(status),
        problem.type(),
        problem.detail(),
        Problems.outcome(problem.outcome()));
  }

  private static void tag(RoutingContext context, long version) {
    if (version > 0) {
      context.response().putHeader(HttpHeaders.ETAG, Preconditions.tag(version));
    }
  }
}
