package org.oicbridge.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** Whether a caller takes what a route produces (RFC 9110 section 12.5.1). */
final class Accept {
  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream";

  private Accept() {}

  /**
   * Checks the Accept headers of a request.
   *
   * @throws Refusal when they exclude JSON
   */
  static void requireJson(MultiMap headers) {
    require(headers, JSON);
  }

  /**
   * Checks the Accept headers of a request.
   *
   * @param type what the answer will be, below {@code application/}
   * @throws Refusal when they exclude it
   */
  static void require(MultiMap headers, String type) {
    List<String> values = headers.getAll(HttpHeaders.ACCEPT);
    if (!values.isEmpty() && !takes(String.join(",", values), type)) {
      throw new Refusal(
          406, "not-producible", "the Accept header excludes " + type + ", the only format");
    }
  }

  static boolean takesJson(String accept) {
    return takes(accept, JSON);
  }

  /** True when a caller names server-sent events, and does not name JSON before them. */
  static boolean prefersEvents(MultiMap headers) {
    String accept = String.join(",", headers.getAll(HttpHeaders.ACCEPT));
    double events = named(accept, EVENTS);
    return events > 0 && events > named(accept, JSON);
  }

  /** The weight of a type that is named in full, 0 when it is not. */
  private static double named(String accept, String type) {
    for (String range : accept.split(",", -1)) {
      String[] parts = range.split(";", -1);
      if (parts[0].strip().equalsIgnoreCase(type)) {
        return weight(parts);
      }
    }
    return 0;
  }

  /**
   * Checks the Accept headers of a request for what is there as server-sent events only.
   *
   * @throws Refusal when they exclude those
   */
  static void requireEvents(MultiMap headers) {
    List<String> values = headers.getAll(HttpHeaders.ACCEPT);
    String accept = String.join(",", values);
    if (!values.isEmpty() && !takes(accept, "text/*", EVENTS)) {
      throw new Refusal(
          406, "not-producible", "the Accept header excludes " + EVENTS + ", the only format");
    }
  }

  /** The most specific range that a type falls under decides. */
  private static boolean takes(String accept, String type) {
    return takes(accept, "application/*", type);
  }

  private static boolean takes(String accept, String all, String type) {
    List<String> ranges = List.of("*/*", all, type);
    int best = -1;
    boolean taken = accept.isBlank();
    for (String range : accept.split(",", -1)) {
      String[] parts = range.split(";", -1);
      int specific = ranges.indexOf(parts[0].strip().toLowerCase(Locale.ROOT));
      if (specific > best) {
        best = specific;
        taken = weight(parts) > 0;
      }
    }
    return taken;
  }

  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        try {
          return Double.parseDouble(parameter.substring(2));
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 1;
  }
}
