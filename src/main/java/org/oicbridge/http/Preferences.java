package org.oicbridge.http;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.oicbridge.config.RoutingConfig;

/** Reads {@code Prefer: wait=N} (RFC 7240 section 4.3), the only preference that is honoured. */
final class Preferences {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private Preferences() {}

  /**
   * How long the caller wants to wait; the first one counts.
   *
   * @param prefer the values of all Prefer headers
   * @throws Refusal when it is not 1 to 300 whole seconds
   */
  static Optional<Duration> wait(List<String> prefer) {
    for (String preference : String.join(",", prefer).split(",", -1)) {
      String word = preference.split(";", 2)[0];
      int equals = word.indexOf('=');
      String name = (equals < 0 ? word : word.substring(0, equals)).strip();
      if (name.equalsIgnoreCase("wait")) {
        return Optional.of(seconds(equals < 0 ? "" : word.substring(equals + 1).strip()));
      }
    }
    return Optional.empty();
  }

  private static Duration seconds(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    String text = quoted ? value.substring(1, value.length() - 1) : value;
    int seconds = SECONDS.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (seconds < 1 || seconds > RoutingConfig.MAX_WAIT) {
      throw new Refusal(
          400,
          "invalid-preference",
          "header Prefer has wait=\""
              + text
              + "\", expected whole seconds from 1 to "
              + RoutingConfig.MAX_WAIT);
    }
    return Duration.ofSeconds(seconds);
  }
}
