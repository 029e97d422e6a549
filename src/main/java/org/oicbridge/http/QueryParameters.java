package org.oicbridge.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The parameters of a query that are the API's own, decoded, and the rest as it was sent. A plus
 * sign is itself, not a space (RFC 3986), since addresses have plus signs and no spaces.
 */
final class QueryParameters {
  private final Map<String, String> own = new LinkedHashMap<>();
  private final String rest;

  /**
   * Reads a query.
   *
   * @param query without its question mark, or null
   * @param names the API's own parameters
   * @throws Refusal when one of them stands there twice or is empty
   */
  QueryParameters(String query, Set<String> names) {
    StringJoiner others = new StringJoiner("&");
    for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
      if (parameter.isEmpty()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      String name = decode(equals < 0 ? parameter : parameter.substring(0, equals));
      String value = equals < 0 ? "" : decode(parameter.substring(equals + 1));
      if (!names.contains(name)) {
        others.add(parameter);
      } else if (value.isEmpty()) {
        throw Refusal.parameter(name, "", "a value");
      } else if (own.put(name, value) != null) {
        throw new Refusal(400, "invalid-parameter", "parameter " + name + " is there twice");
      }
    }
    rest = others.toString();
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The value of an own parameter. */
  Optional<String> get(String name) {
    return Optional.ofNullable(own.get(name));
  }

  /** All parameters that are not the API's own, still encoded. */
  String rest() {
    return rest;
  }
}
