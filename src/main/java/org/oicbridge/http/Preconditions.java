package org.oicbridge.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oicbridge.bus.Precondition;

/** Conditional writes of what the gateway itself keeps (RFC 9110 section 13). */
final class Preconditions {
  private static final Pattern TAG =
      Pattern.compile("\\s*((?:W/)?\"[!#-~\\x80-\\xff]*\")\\s*(?:,|$)");
  private static final Pattern VERSION = Pattern.compile("\"([1-9][0-9]{0,17})\"");

  private Preconditions() {}

  /** The entity tag of a version. */
  static String tag(long version) {
    return "\"" + version + "\"";
  }

  /**
   * What must hold for a write.
   *
   * @throws Refusal when the headers can't be understood, or no version can have the tag
   */
  static Precondition of(MultiMap headers) {
    String match = value(headers, HttpHeaders.IF_MATCH);
    String none = value(headers, HttpHeaders.IF_NONE_MATCH);
    if (none != null) {
      if (match != null || !none.strip().equals("*")) {
        throw new Refusal(
            400, "bad-header", "a write takes If-None-Match: * alone, or If-Match with one tag");
      }
      return Precondition.ABSENT;
    }
    if (match == null) {
      return Precondition.NONE;
    }
    return match.strip().equals("*") ? Precondition.PRESENT : version(tags(match));
  }

  private static Precondition version(List<String> tags) {
    List<Long> versions = new ArrayList<>();
    for (String tag : tags) {
      Matcher matcher = VERSION.matcher(tag);
      if (matcher.matches()) {
        versions.add(Long.parseLong(matcher.group(1)));
      }
    }
    if (versions.isEmpty()) {
      throw new Refusal(412, "unknown-etag", "If-Match has no tag that was ever given here");
    }
    if (versions.size() > 1) {
      throw new Refusal(400, "bad-header", "If-Match has several tags, expected one");
    }
    return Precondition.version(versions.get(0));
  }

  private static String value(MultiMap headers, CharSequence name) {
    List<String> values = headers.getAll(name);
    return values.isEmpty() ? null : String.join(", ", values);
  }

  private static List<String> tags(String value) {
    List<String> tags = new ArrayList<>();
    Matcher matcher = TAG.matcher(value);
    int end = 0;
    while (end < value.length() && matcher.find(end) && matcher.start() == end) {
      tags.add(matcher.group(1));
      end = matcher.end();
    }
    if (tags.isEmpty() || end < value.length()) {
      throw new Refusal(
          400, "bad-header", "header If-Match is no entity tag in double quotes, and not *");
    }
    return tags;
  }
}
