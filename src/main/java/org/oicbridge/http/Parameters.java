package org.oicbridge.http;

import static java.util.stream.Collectors.joining;

import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** Reads the values that several routes take. */
final class Parameters {
  /** The most entries that a page has. */
  static final int MAX_LIMIT = 1000;

  private static final String DEFAULT_LIMIT = "100";

  /** What a bare JID is called in a mistake. */
  static final String BARE_JID = "a bare JID such as user@example.org";

  private Parameters() {}

  /**
   * Reads the query of a request.
   *
   * @param names the parameters that are known
   * @throws Refusal when there is another one
   */
  static QueryParameters of(RoutingContext context, Set<String> names) {
    QueryParameters parameters = new QueryParameters(context.request().query(), names);
    if (!parameters.rest().isEmpty()) {
      throw new Refusal(
          400,
          "invalid-parameter",
          "parameter "
              + parameters.rest().split("[=&]", 2)[0]
              + " is unknown, known are "
              + (names.isEmpty() ? "none" : names.stream().sorted().collect(joining(", "))));
    }
    return parameters;
  }

  /** Reads a {@code limit}. */
  static int limit(QueryParameters parameters) {
    String text = parameters.get("limit").orElse(DEFAULT_LIMIT);
    int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Refusal.parameter("limit", text, "a whole number from 1 to " + MAX_LIMIT);
    }
    return limit;
  }

  /** Reads a {@code di}. */
  static DeviceId device(String text) {
    try {
      return new DeviceId(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter("di", text, "1 to 64 letters, digits and hyphens");
    }
  }

  /** Reads the bare JID of an account. */
  static Jid account(String text) {
    try {
      Jid jid = Jid.parse(text);
      if (jid.isBare()) {
        return jid;
      }
    } catch (IllegalArgumentException e) {
      // told below, in the same words for both mistakes
    }
    throw Refusal.parameter("account", text, BARE_JID);
  }

  /** Reads the bare JID that a path names an account by. */
  static Jid user(RoutingContext context) {
    String text = context.pathParam("jid");
    try {
      return user(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter("jid", text, BARE_JID);
    }
  }

  /**
   * Reads the bare JID of an account.
   *
   * @throws IllegalArgumentException when it is none, or has no local part
   */
  static Jid user(String text) {
    Jid jid = Jid.parse(text);
    if (!jid.isBare() || jid.local().isEmpty()) {
      throw new IllegalArgumentException("not user@domain");
    }
    return jid;
  }
}
