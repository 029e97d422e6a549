package org.oicbridge.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Consumer;
import org.oicbridge.crudn.Deadline;

/** The body of a write: no longer than allowed, here before the deadline, and JSON. */
final class WriteBody {
  private static final String TIMER = "bodyTimer";
  private static final String THEN = "bodyThen";

  private final int maxBody;

  /**
   * Sets the limit.
   *
   * @param maxBody longest body in bytes
   */
  WriteBody(int maxBody) {
    this.maxBody = maxBody;
  }

  /** Adds to a router what comes behind the {@link Endpoint} of a path that takes writes. */
  void mount(Router router, String path) {
    router.route(path).handler(BodyHandler.create(false).setBodyLimit(maxBody));
    router.route(path).handler(WriteBody::arrived);
  }

  /**
   * Waits for the body of a request.
   *
   * @param then what is done with it; null when there is none
   */
  static void await(RoutingContext context, Deadline deadline, Consumer<String> then) {
    context.put(THEN, then);
    long timer = context.vertx().setTimer(deadline.remainingMillis(), fired -> tooSlow(context));
    context.put(TIMER, timer);
    context.addEndHandler(end -> context.vertx().cancelTimer(timer));
    context.next();
  }

  /** True while a body is waited for; what fails then is the body, and nothing was done yet. */
  static boolean awaited(RoutingContext context) {
    return context.get(THEN) != null;
  }

  private static void tooSlow(RoutingContext context) {
    Problems.sendLast(context, 408, "body-too-slow", "the body did not arrive in time");
  }

  private static void arrived(RoutingContext context) {
    if (context.vertx().cancelTimer(context.<Long>get(TIMER))) {
      Buffer body = context.body().buffer();
      context
          .<Consumer<String>>remove(THEN)
          .accept(body == null ? null : JsonBodies.read(body.getBytes()));
    }
  }
}
