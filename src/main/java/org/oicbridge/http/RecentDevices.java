package org.oicbridge.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * Remembers for a while which account has a device that is asked often. To find out takes a
 * question to every shard, on other threads, which costs more than the request itself.
 */
final class RecentDevices {
  /** So long nobody may notice that a second account has registered the same device. */
  static final Duration KEPT = Duration.ofSeconds(5);

  static final int MOST = 10_000;

  /**
   * What was asked for.
   *
   * @param account null for any
   */
  private record Key(DeviceId di, Jid account) {}

  private record Found(DeviceView device, long at) {}

  private final LongSupplier clock;
  // Least recently used first.
  private final Map<Key, Found> found = new LinkedHashMap<>(16, 0.75f, true);

  RecentDevices(LongSupplier clock) {
    this.clock = clock;
  }

  /** What was found lately, or null. */
  DeviceView get(DeviceId di, Jid account) {
    Key key = new Key(di, account);
    Found recent = found.get(key);
    if (recent == null) {
      return null;
    }
    if (clock.getAsLong() - recent.at > KEPT.toNanos()) {
      found.remove(key);
      return null;
    }
    return recent.device;
  }

  /** Remembers what was found for a question. */
  void put(DeviceId di, Jid account, DeviceView device) {
    found.put(new Key(di, account), new Found(device, clock.getAsLong()));
    if (found.size() > MOST) {
      found.remove(found.keySet().iterator().next());
    }
  }

  /** Forgets a device, of which something has changed. */
  void forget(DeviceId di, Jid account) {
    found.remove(new Key(di, null));
    found.remove(new Key(di, account));
  }
}
