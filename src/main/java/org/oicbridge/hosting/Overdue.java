package org.oicbridge.hosting;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.oicbridge.store.StoredDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets the devices that were not renewed in time. */
final class Overdue {
  private static final Logger LOG = LoggerFactory.getLogger(Overdue.class);

  private final Turns turns;
  private final Timing timing;
  private final DeviceBook devices;
  private final Events events;
  private final Hosting hosting;

  Overdue(Parts parts, Hosting hosting) {
    this.turns = parts.turns();
    this.timing = parts.timing();
    this.devices = parts.devices();
    this.events = parts.events();
    this.hosting = hosting;
  }

  /** The time of these is over. */
  void over(List<StoredDevice.Key> keys) {
    turns
        .takeAnyway(() -> expired(keys))
        .onFailure(
            error -> {
              Instant again = timing.clock().instant().plus(timing.writeRetry());
              // One that was renewed by now has its own moment.
              keys.stream().filter(this::isOver).forEach(key -> hosting.expireLater(key, again));
            });
  }

  private boolean isOver(StoredDevice.Key key) {
    StoredDevice device = devices.find(key);
    return device != null
        && device.expires() != null
        && !device.expires().isAfter(timing.clock().instant());
  }

  private Future<Void> expired(List<StoredDevice.Key> keys) {
    // Some may have been renewed while this waited for its turn.
    List<StoredDevice.Key> gone = keys.stream().filter(this::isOver).toList();
    if (gone.isEmpty()) {
      return Future.succeededFuture();
    }
    return hosting
        .remove(gone)
        .onSuccess(
            written -> {
              HostingMetrics.expired(gone.size());
              gone.forEach(key -> LOG.info("device {} expired", key));
              gone.stream()
                  .map(StoredDevice.Key::account)
                  .distinct()
                  .forEach(events::directoryChanged);
            });
  }
}
