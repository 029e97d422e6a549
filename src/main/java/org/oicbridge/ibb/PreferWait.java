package org.oicbridge.ibb;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Headers;

/** The {@code wait} preference (RFC 7240 section 4.3): how long a requester is ready to wait. */
final class PreferWait {
  private static final Pattern WAIT =
      Pattern.compile(
          "(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:$|[,;])", Pattern.CASE_INSENSITIVE);

  private PreferWait() {}

  /** What the headers ask for, if that is 1 to 300 s; anything else is as good as nothing. */
  static Optional<Duration> read(Headers headers) {
    Optional<String> prefer = headers.get("Prefer");
    if (prefer.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = WAIT.matcher(prefer.get());
    if (!matcher.find()) {
      return Optional.empty();
    }
    int seconds = Integer.parseInt(matcher.group(1));
    return seconds < 1 || seconds > RoutingConfig.MAX_WAIT
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(seconds));
  }

  /** What is left, in whole seconds so that the peer gives up no later than we do. */
  static String write(Deadline deadline) {
    return "wait=" + Math.max(1, deadline.remainingMillis() / 1000);
  }
}
