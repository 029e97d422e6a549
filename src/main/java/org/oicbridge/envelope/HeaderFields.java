package org.oicbridge.envelope;

import java.util.Locale;
import java.util.regex.Pattern;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;

/** The {@code <header>} elements of a document as they come in. */
final class HeaderFields {
  static final int MAX_VALUE = 8192;
  private static final int MAX_COUNT = 64;
  private static final int MAX_NAME = 128;
  // RFC 9110 section 5.6.2, besides letters and digits
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
  private static final Pattern FOLD = Pattern.compile("[ \\t]*[\\r\\n\\t][ \\t\\r\\n]*");
  private static final String ENCODING = "Content-Encoding";
  private static final String TYPE = "Content-Type";

  private Headers headers = Headers.NONE;

  void add(String name, String value) throws UnreadableException {
    if (headers.size() == MAX_COUNT) {
      throw bad("there are more than " + MAX_COUNT + " headers");
    }
    String key = name == null ? "" : name.strip();
    if (!isToken(key)) {
      throw bad(
          "header name "
              + UnreadableException.quote(key)
              + " is not a token of 1 to 128 characters");
    }
    if (value.length() > MAX_VALUE) {
      throw bad("header " + key + " is longer than " + MAX_VALUE + " characters");
    }
    String line = value.strip();
    if (hasControl(line)) {
      // A line break in a pretty-printed value is folded as RFC 9112 section 5.2 does.
      line = FOLD.matcher(line).replaceAll(" ");
      if (hasControl(line)) {
        throw bad("header " + key + " has a control character");
      }
    }
    headers = headers.with(key, line);
  }

  // Every request has several headers, and a pattern costs many times what these loops do.

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean digit = c >= '0' && c <= '9';
      if (!letter && !digit && TOKEN_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= MAX_NAME;
  }

  private static boolean hasControl(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The headers, with a media type that stands in Content-Encoding (the specification's own example
   * has it so) moved to where it belongs.
   */
  Headers complete() throws UnreadableException {
    String encoding = headers.get(ENCODING).orElse(null);
    if (encoding == null) {
      return headers;
    }
    Headers result = headers.without(ENCODING);
    if (encoding.indexOf('/') >= 0) {
      return result.get(TYPE).isPresent()
          ? result
          : result.with(TYPE, encoding.toLowerCase(Locale.ROOT));
    }
    if (encoding.isEmpty() || encoding.equalsIgnoreCase("identity")) {
      return result;
    }
    throw new UnreadableException(
        Status.UNSUPPORTED_MEDIA_TYPE,
        "content coding " + UnreadableException.quote(encoding) + " is not understood");
  }

  /** The headers as they came. */
  Headers sofar() {
    return headers;
  }

  private static UnreadableException bad(String detail) {
    return new UnreadableException(Status.BAD_REQUEST, detail);
  }
}
