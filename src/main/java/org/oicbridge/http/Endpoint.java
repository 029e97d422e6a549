package org.oicbridge.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One path of the API with its methods. HEAD goes where GET goes, any method that is not there gets
 * a 405 with {@code Allow} (RFC 9110 section 15.5.6).
 */
final class Endpoint {
  private final String template;
  private final Map<HttpMethod, Handler<RoutingContext>> methods = new LinkedHashMap<>();

  /**
   * Names the path.
   *
   * @param template as OpenAPI writes it, such as {@code /api/v1/devices/{di}}
   */
  Endpoint(String template) {
    this.template = template;
  }

  /** Adds a method. */
  Endpoint on(HttpMethod method, Handler<RoutingContext> handler) {
    methods.put(method, handler);
    return this;
  }

  /**
   * Adds this endpoint to a router.
   *
   * @param path the same path as the router writes it, such as {@code /api/v1/devices/:di}
   */
  void mount(Router router, String path) {
    router.route(path).handler(this::dispatch);
  }

  private void dispatch(RoutingContext context) {
    RequestLog.route(context, template);
    HttpMethod method = context.request().method();
    Handler<RoutingContext> handler =
        methods.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    if (handler == null) {
      context.response().putHeader(HttpHeaders.ALLOW, allow());
      throw new Refusal(405, "method-not-supported", "this path takes " + allow());
    }
    handler.handle(context);
  }

  private String allow() {
    StringBuilder allow = new StringBuilder();
    for (HttpMethod method : methods.keySet()) {
      allow.append(allow.isEmpty() ? "" : ", ").append(method.name());
      if (method.equals(HttpMethod.GET)) {
        allow.append(", HEAD");
      }
    }
    return allow.toString();
  }
}
