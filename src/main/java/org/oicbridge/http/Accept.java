package org.oicbridge.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** Whether a caller takes JSON, the only thing that this API produces (RFC 9110 12.5.1). */
final class Accept {
  private static final List<String> RANGES = List.of("*/*", "application/*", "application/json");

  private Accept() {}

  /**
   * Checks the Accept headers of a request.
   *
   * @throws Refusal when they exclude JSON
   */
  static void requireJson(MultiMap headers) {
    List<String> values = headers.getAll(HttpHeaders.ACCEPT);
    if (!values.isEmpty() && !takesJson(String.join(",", values))) {
      throw new Refusal(
          406, "not-producible", "the Accept header excludes application/json, the only format");
    }
  }

  /** The most specific range that JSON falls under decides. */
  static boolean takesJson(String accept) {
    int best = -1;
    boolean taken = accept.isBlank();
    for (String range : accept.split(",", -1)) {
      String[] parts = range.split(";", -1);
      int specific = RANGES.indexOf(parts[0].strip().toLowerCase(Locale.ROOT));
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
