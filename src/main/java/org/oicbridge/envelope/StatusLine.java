package org.oicbridge.envelope;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oicbridge.crudn.Status;

/**
 * The text of {@code <url>} in a response. Besides {@code 200 OK} it is taken with an HTTP version
 * before it, without its reason, and as a CoAP code such as {@code 2.05}.
 */
final class StatusLine {
  private static final Pattern LINE =
      Pattern.compile(
          "(?:HTTP/\\d(?:\\.\\d)?\\s+)?([1-5])(\\.?)(\\d\\d)(?:\\s.*)?", Pattern.DOTALL);

  private StatusLine() {}

  static Status parse(String text, boolean hasBody) throws UnreadableException {
    Matcher line = LINE.matcher(text.strip());
    if (!line.matches()) {
      throw new UnreadableException(
          Status.BAD_REQUEST,
          "status line " + UnreadableException.quote(text) + ", expected \"200 OK\"");
    }
    int number = Integer.parseInt(line.group(1) + line.group(3));
    return line.group(2).isEmpty() ? Status.of(number) : ofCoap(number, hasBody);
  }

  /** RFC 8075 section 7, table 2; what is not listed has the same number in both. */
  private static Status ofCoap(int code, boolean hasBody) {
    return switch (code) {
      case 202, 204 -> hasBody ? Status.OK : Status.NO_CONTENT;
      case 203 -> Status.NOT_MODIFIED;
      case 401 -> Status.FORBIDDEN;
      case 402 -> Status.BAD_REQUEST;
      case 505 -> Status.BAD_GATEWAY;
      default -> Status.of(code);
    };
  }
}
