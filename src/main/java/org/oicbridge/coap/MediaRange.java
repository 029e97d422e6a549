package org.oicbridge.coap;

import java.util.Locale;
import java.util.Set;
import org.oicbridge.crudn.Headers;

/** What the Accept and Content-Type headers of a request allow (RFC 9110 sections 8.3, 12.5.1). */
final class MediaRange {
  private static final Set<String> REPRESENTATIONS =
      Set.of("application/json", "application/cbor", "application/vnd.ocf+cbor");
  private static final Set<String> WILDCARDS = Set.of("*/*", "application/*");

  private MediaRange() {}

  /** True when an answer in JSON or CBOR is welcome. */
  static boolean acceptsRepresentation(Headers headers) {
    String accept = headers.get("Accept").orElse("*/*");
    for (String field : accept.split(",", -1)) {
      String type = type(field);
      if ((REPRESENTATIONS.contains(type) || WILDCARDS.contains(type)) && wanted(field)) {
        return true;
      }
    }
    return false;
  }

  /** True when the client asked for whatever there is. */
  static boolean acceptsAnything(Headers headers) {
    for (String field : headers.get("Accept").orElse("").split(",", -1)) {
      if (type(field).equals("*/*") && wanted(field)) {
        return true;
      }
    }
    return false;
  }

  /** True when the body is JSON, or was some CBOR before it became JSON at the edge. */
  static boolean isRepresentation(Headers headers) {
    String contentType = headers.get("Content-Type").orElse("application/json");
    if (!REPRESENTATIONS.contains(type(contentType))) {
      return false;
    }
    String charset = parameter(contentType, "charset");
    return charset == null || charset.equals("utf-8");
  }

  private static String type(String field) {
    int semicolon = field.indexOf(';');
    return (semicolon < 0 ? field : field.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  private static boolean wanted(String field) {
    String q = parameter(field, "q");
    return q == null || !q.matches("0(\\.0*)?");
  }

  private static String parameter(String field, String name) {
    String[] parts = field.toLowerCase(Locale.ROOT).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip();
      if (part.startsWith(name + "=")) {
        return part.substring(name.length() + 1).replace("\"", "");
      }
    }
    return null;
  }
}
