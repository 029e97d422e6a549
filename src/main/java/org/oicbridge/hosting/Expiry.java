package org.oicbridge.hosting;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.oicbridge.store.StoredDevice;

/** When devices go that are not renewed: one timer for all of them. */
final class Expiry {
  /** So that a clock which is set is noticed. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Vertx vertx;
  private final Timing timing;
  private final Consumer<List<StoredDevice.Key>> due;
  private final TreeMap<Instant, Set<StoredDevice.Key>> moments = new TreeMap<>();
  private final Map<StoredDevice.Key, Instant> momentOf = new HashMap<>();
  private Long timer;
  private Instant timerFor;

  /**
   * Makes an empty one.
   *
   * @param due is told which devices are over; they are forgotten here then
   */
  Expiry(Vertx vertx, Timing timing, Consumer<List<StoredDevice.Key>> due) {
    this.vertx = vertx;
    this.timing = timing;
    this.due = due;
  }

  /** A device goes at this moment, or never when it is null. */
  void set(StoredDevice.Key key, Instant moment) {
    forget(key);
    if (moment != null) {
      moments.computeIfAbsent(moment, m -> new HashSet<>()).add(key);
      momentOf.put(key, moment);
    }
    arm();
  }

  /** A device is no more. */
  void remove(StoredDevice.Key key) {
    forget(key);
    arm();
  }

  private void forget(StoredDevice.Key key) {
    Instant moment = momentOf.remove(key);
    if (moment != null) {
      moments.computeIfPresent(
          moment,
          (m, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
  }

  private void arm() {
    Instant first = moments.isEmpty() ? null : moments.firstKey();
    Instant now = timing.clock().instant();
    if (first != null && first.equals(timerFor) && first.isAfter(now)) {
      return;
    }
    stop();
    if (first != null) {
      Duration left = Duration.between(now, first);
      left = left.compareTo(LONGEST) > 0 ? LONGEST : left;
      timerFor = first;
      timer = vertx.setTimer(Math.max(1, left.toMillis() + 1), id -> rung());
    }
  }

  private void rung() {
    timer = null;
    timerFor = null;
    Instant now = timing.clock().instant();
    List<StoredDevice.Key> over = new ArrayList<>();
    moments.headMap(now, true).values().forEach(over::addAll);
    over.forEach(this::forget);
    arm();
    if (!over.isEmpty()) {
      due.accept(over);
    }
  }

  void stop() {
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
    timer = null;
    timerFor = null;
  }
}
