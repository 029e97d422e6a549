package org.oicbridge.hosting;

import io.vertx.core.Vertx;

/** What all of this package share. */
record Parts(
    Vertx vertx,
    Turns turns,
    Ledger ledger,
    Shards shards,
    Timing timing,
    Versions versions,
    AccountBook accounts,
    DeviceBook devices,
    Events events,
    HostingMetrics metrics) {}
