package org.oicbridge.sandbox;

import java.util.function.Predicate;
import org.oicbridge.crudn.Jid;

/** The faults that new connections and new sessions meet too. None, until a test wants one. */
final class Faults {
  private boolean paused;
  private boolean refusing;
  private Predicate<Jid> delayed = jid -> false;
  private long delayMillis;

  boolean paused() {
    return paused;
  }

  void setPaused(boolean newPaused) {
    paused = newPaused;
  }

  /** True when connections are closed as soon as they are there. */
  boolean refusing() {
    return refusing;
  }

  void setRefusing(boolean newRefusing) {
    refusing = newRefusing;
  }

  void delay(Predicate<Jid> which, long millis) {
    delayed = which;
    delayMillis = millis;
  }

  /** How late a session gets what is sent to it, in milliseconds. */
  long delayOf(Jid full) {
    return delayMillis > 0 && delayed.test(full) ? delayMillis : 0;
  }
}
