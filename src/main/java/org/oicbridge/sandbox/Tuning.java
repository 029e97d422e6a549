package org.oicbridge.sandbox;

import java.time.Duration;

/**
 * What only tests set otherwise.
 *
 * @param patience how long a client may take until it has bound a resource
 * @param firstCount the count of stanzas with which stream management starts
 * @param askEvery after how many stanzas a client is asked for an acknowledgement at once
 * @param sweep how often detached sessions are looked after, and clients are asked for the
 *     acknowledgement of what is less than that
 */
record Tuning(Duration patience, int firstCount, int askEvery, Duration sweep) {
  static final Tuning USUAL = new Tuning(Duration.ofSeconds(30), 0, 10, Duration.ofSeconds(1));

  Tuning withPatience(Duration newPatience) {
    return new Tuning(newPatience, firstCount, askEvery, sweep);
  }

  Tuning withFirstCount(int newFirstCount) {
    return new Tuning(patience, newFirstCount, askEvery, sweep);
  }
}
