package org.oicbridge.load;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When which setting of which device was asked for, so that an event tells how late it is. */
final class Changes {
  private record Change(String di, int setting) {}

  private final Map<Change, Long> asked = new ConcurrentHashMap<>();

  /** A setting is asked for now; it is not to be asked for again while its events are under way. */
  void ask(String di, int setting) {
    asked.put(new Change(di, setting), System.nanoTime());
  }

  /** How many milliseconds ago a setting was asked for; -1 when it never was. */
  int age(String di, int setting) {
    Long at = asked.get(new Change(di, setting));
    return at == null ? -1 : Math.toIntExact((System.nanoTime() - at) / 1_000_000);
  }
}
