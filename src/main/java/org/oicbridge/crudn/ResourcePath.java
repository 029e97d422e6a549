package org.oicbridge.crudn;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a resource is on its device: decoded path segments and query parameters, which become one
 * Uri-Path and one Uri-Query option each (RFC 7252 section 6.4).
 *
 * @param segments decoded, each at most 255 bytes of UTF-8, none of them {@code .} or {@code ..}
 * @param query decoded parameters such as {@code if=oic.if.baseline}, each at most 255 bytes
 */
public record ResourcePath(List<String> segments, List<String> query) {
  /** Longest text that {@link #parse} takes, in characters. */
  public static final int MAX_LENGTH = 2048;

  private static final int MAX_OPTION = 255;
  private static final String PLAIN = "-._~!$'()*+,;=:@";

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException when a segment or parameter can't be a CoAP option
   */
  public ResourcePath {
    // A single empty segment and none are the same resource (RFC 7252 section 6.4, step 8).
    segments = segments.equals(List.of("")) ? List.of() : List.copyOf(segments);
    query = List.copyOf(query);
    for (String segment : segments) {
      checkLength(segment, "path segment");
      // Dot segments would let a path leave the base that a hosted device is given.
      if (segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("path segment \"" + segment + "\" is not allowed");
      }
    }
    query.forEach(parameter -> checkLength(parameter, "query parameter"));
  }

  private static void checkLength(String text, String what) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_OPTION) {
      throw new IllegalArgumentException(
          what + " has " + length + " bytes, at most " + MAX_OPTION + " fit a CoAP option");
    }
  }

  /**
   * Reads a percent-encoded path with an optional query; parameters are separated by {@code &}. A
   * missing leading slash and a fragment are tolerated.
   *
   * @throws IllegalArgumentException when it is too long or an escape is broken
   */
  public static ResourcePath parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "path has " + text.length() + " characters, at most " + MAX_LENGTH + " are taken");
    }
    int fragment = text.indexOf('#');
    String whole = fragment < 0 ? text : text.substring(0, fragment);
    int mark = whole.indexOf('?');
    String path = mark < 0 ? whole : whole.substring(0, mark);
    String query = mark < 0 ? "" : whole.substring(mark + 1);
    return new ResourcePath(
        split(path.startsWith("/") ? path.substring(1) : path, '/'), split(query, '&'));
  }

  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (!text.isEmpty() && from <= text.length()) {
      int to = text.indexOf(separator, from);
      to = to < 0 ? text.length() : to;
      String part = decode(text.substring(from, to));
      if (separator == '/' || !part.isEmpty()) {
        parts.add(part);
      }
      from = to + 1;
    }
    return parts;
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        out.put(raw[i]);
        continue;
      }
      int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
      if (low < 0) {
        throw new IllegalArgumentException("broken percent-escape in \"" + text + "\"");
      }
      out.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("percent-escapes of \"" + text + "\" are not UTF-8", e);
    }
  }

  /** The path without its query, percent-encoded, with a leading slash. */
  public String path() {
    StringBuilder out = new StringBuilder();
    segments.forEach(segment -> encode(out.append('/'), segment, PLAIN));
    return out.isEmpty() ? "/" : out.toString();
  }

  /** Percent-encoded path and query, the inverse of {@link #parse}. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(path());
    char separator = '?';
    for (String parameter : query) {
      encode(out.append(separator), parameter, PLAIN + "/?");
      separator = '&';
    }
    return out.toString();
  }

  private static void encode(StringBuilder out, String text, String plain) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean letter = c < 128 && Character.isLetterOrDigit(c);
      if (letter || plain.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
  }
}
