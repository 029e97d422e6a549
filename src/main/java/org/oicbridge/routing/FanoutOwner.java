package org.oicbridge.routing;

import io.vertx.core.Vertx;
import java.time.Duration;

/** What all observations of a shard have in common. */
interface FanoutOwner {
  Vertx vertx();

  Pace pace();

  /** How long an observation that is made anew may take to answer. */
  Duration deadline();

  ObserveMetrics metrics();

  /** A name for an observation upstream that none had before, and that leads here. */
  String name(Fanout fanout);

  void subscribed(String id, Fanout fanout);

  void unsubscribed(String id, Fanout fanout);

  /** Nobody subscribes any more, and nothing is observed. */
  void ended(Fanout fanout);
}
