package org.oicbridge.envelope;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/**
 * The URL of a request. The full JID has addressed the device already: the authority is handed on
 * for comparison only.
 *
 * @param authority host in lower case without port, or empty
 * @param path the resource and its query
 */
record RequestUrl(String authority, ResourcePath path) {
  private static final int MAX_LENGTH = 2048;
  private static final Set<String> SCHEMES = Set.of("coap", "coaps", "oic", "ocf", "http", "https");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\u0080-\u009f]");
  // RFC 3986 appendix B with the host split from what stands around it
  private static final Pattern URL =
      Pattern.compile(
          "(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?"
              + "//(?<user>[^/?#]*@)?(?<host>\\[[^]/?#]*]|[^/?#:]*)(?<port>:[^/?#]*)?"
              + "(?<path>.*)");

  static RequestUrl parse(String text) throws UnreadableException {
    String url = text.strip();
    if (url.isEmpty()) {
      throw new UnreadableException(Status.BAD_REQUEST, "the url is empty");
    }
    if (url.length() > MAX_LENGTH) {
      throw new UnreadableException(
          Status.BAD_REQUEST, "the url is longer than " + MAX_LENGTH + " characters");
    }
    if (CONTROL.matcher(url).find()) {
      throw bad(url, "has a control character");
    }
    // The figures of the specification write \oic\res.
    url = url.replace('\\', '/');
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      return new RequestUrl("", path(url));
    }
    String scheme = matcher.group("scheme");
    if (scheme != null && !SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
      throw bad(url, "has an unknown scheme");
    }
    if (matcher.group("user") != null) {
      throw bad(url, "has user information");
    }
    return new RequestUrl(
        matcher.group("host").toLowerCase(Locale.ROOT), path(matcher.group("path")));
  }

  private static ResourcePath path(String text) throws UnreadableException {
    try {
      return ResourcePath.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UnreadableException(Status.BAD_REQUEST, "url: " + e.getMessage());
    }
  }

  private static UnreadableException bad(String url, String what) {
    return new UnreadableException(
        Status.BAD_REQUEST, "url " + UnreadableException.quote(url) + " " + what);
  }
}
