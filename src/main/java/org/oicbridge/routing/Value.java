package org.oicbridge.routing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oicbridge.crudn.CrudnResponse;

/**
 * The newest representation of an observed resource.
 *
 * @param response without an {@code Observe} header, since each subscriber gets one of ours
 * @param receivedAt a reading of the nano clock
 */
record Value(CrudnResponse response, long receivedAt) {
  static final String OBSERVE = "Observe";
  private static final Pattern MAX_AGE = Pattern.compile("max-age=([0-9]{1,10})");

  /** Without Max-Age a representation is fresh for so long (RFC 7252 section 5.10.5). */
  private static final long USUAL_SECONDS = 60;

  static Value of(CrudnResponse response) {
    return new Value(response.without(OBSERVE), System.nanoTime());
  }

  CrudnResponse numbered(int sequence) {
    return response.with(OBSERVE, String.valueOf(sequence));
  }

  /** True when whoever asks now needs not be told anything newer (RFC 7641 section 3.3.1). */
  boolean fresh() {
    return System.nanoTime() - receivedAt < seconds() * 1_000_000_000L;
  }

  private long seconds() {
    String cache = response.headers().get("Cache-Control").orElse("");
    if (cache.contains("no-cache") || cache.contains("no-store")) {
      return 0;
    }
    Matcher age = MAX_AGE.matcher(cache);
    // RFC 7252 has Max-Age in 32 bits; as nanoseconds that still fits.
    return age.find() ? Math.min(Long.parseLong(age.group(1)), 0xffff_ffffL) : USUAL_SECONDS;
  }
}
