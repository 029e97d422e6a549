package org.oicbridge.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;

/** Lets callers pass that show the bearer token (RFC 6750); health probes need none. */
final class TokenGuard implements Handler<RoutingContext> {
  private static final String SCHEME = "bearer ";
  private static final Set<String> OPEN = Set.of(HealthRoutes.LIVEZ, HealthRoutes.READYZ);

  private final byte[] token;

  TokenGuard(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void handle(RoutingContext context) {
    List<String> shown = context.request().headers().getAll(HttpHeaders.AUTHORIZATION);
    if (OPEN.contains(context.request().path()) || (shown.size() == 1 && accepts(shown.get(0)))) {
      context.next();
      return;
    }
    String error = shown.isEmpty() ? "" : ", error=\"invalid_token\"";
    context.response().putHeader("WWW-Authenticate", "Bearer realm=\"oic-bridge\"" + error);
    throw new Refusal(
        401,
        "token-required",
        shown.isEmpty() ? "a bearer token is required" : "the bearer token is not the right one");
  }

  /** Compares in a time that does not depend on how much of the token is right. */
  boolean accepts(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
            token);
  }
}
