package org.oicbridge.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Takes only request targets in origin form without dot segments. The router matches a normalised
 * path and the resource path is taken from the raw one; with this in front, the two never name
 * different things.
 */
final class TargetGuard implements Handler<RoutingContext> {
  private static final Pattern VISIBLE_ASCII = Pattern.compile("/[!-~&&[^#]]*");
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern DOT_SEGMENT =
      Pattern.compile("(?:^|/)(?:\\.|%2e){1,2}(?:/|$)", Pattern.CASE_INSENSITIVE);

  @Override
  public void handle(RoutingContext context) {
    check(context.request().uri());
    context.next();
  }

  /**
   * Checks a raw request target.
   *
   * @throws Refusal when it is not taken
   */
  static void check(String uri) {
    if (!VISIBLE_ASCII.matcher(uri).matches()) {
      throw refusal("is not a path that starts with / and has visible ASCII characters only");
    }
    if (BROKEN_ESCAPE.matcher(uri).find()) {
      throw refusal("has a broken percent-escape");
    }
    int query = uri.indexOf('?');
    if (DOT_SEGMENT.matcher(query < 0 ? uri : uri.substring(0, query)).find()) {
      throw refusal("has a dot segment");
    }
  }

  private static Refusal refusal(String what) {
    return new Refusal(400, "invalid-path", "the request target " + what);
  }
}
