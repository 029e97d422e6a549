package org.oicbridge.hosting;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.bus.AccountView;

/** What this package counts. The gauges are read by other threads than the one that sets them. */
final class HostingMetrics {
  private static final Counter EXPIRIES = Metrics.counter("oicgw.hosting.expiries");

  /** Where a device is known from. */
  enum Origin {
    CONFIGURED,
    REGISTERED,
    PUBLISHED,
    DISCOVERED
  }

  private final Map<String, AtomicInteger> accounts = new TreeMap<>();
  private final Map<Account, AccountView.Status> statuses = new HashMap<>();
  private final Map<String, AtomicInteger> devices = new TreeMap<>();
  private final List<Gauge> gauges = new ArrayList<>();

  HostingMetrics() {
    for (AccountView.Status status : AccountView.Status.values()) {
      show(accounts, "oicgw.hosting.accounts", "status", tag(status));
    }
    for (Origin origin : Origin.values()) {
      show(devices, "oicgw.hosting.devices", "origin", tag(origin));
    }
  }

  private void show(Map<String, AtomicInteger> values, String name, String key, String tag) {
    AtomicInteger value = new AtomicInteger();
    values.put(tag, value);
    gauges.add(
        Gauge.builder(name, value, AtomicInteger::get)
            .tag(key, tag)
            .strongReference(true)
            .register(Metrics.globalRegistry));
  }

  private static String tag(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** An account has this status now; null when it is no more. */
  void account(Account account, AccountView.Status status) {
    AccountView.Status before =
        status == null ? statuses.remove(account) : statuses.put(account, status);
    if (before != null) {
      accounts.get(tag(before)).decrementAndGet();
    }
    if (status != null) {
      accounts.get(tag(status)).incrementAndGet();
    }
  }

  void devices(Origin origin, int more) {
    devices.get(tag(origin)).addAndGet(more);
  }

  void discovered(int count) {
    devices.get(tag(Origin.DISCOVERED)).set(count);
  }

  /** A pending set was tried, or waited in vain. */
  static void trial(String outcome) {
    Metrics.counter("oicgw.hosting.trials", "outcome", outcome).increment();
  }

  /** A publication or withdrawal ended: how, or the type of the problem that ended it. */
  static void publication(String outcome) {
    Metrics.counter("oicgw.hosting.publications", "outcome", outcome).increment();
  }

  static void expired(int devices) {
    EXPIRIES.increment(devices);
  }

  /** Takes back what shows the state of this process' verticle. */
  void close() {
    gauges.forEach(Metrics.globalRegistry::remove);
  }
}
