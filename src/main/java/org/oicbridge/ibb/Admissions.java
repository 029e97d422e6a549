package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import org.oicbridge.bus.Admission;
import org.oicbridge.bus.AdmissionQuery;
import org.oicbridge.bus.Contracts;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the router who may talk to whom. No answer means no. */
final class Admissions {
  private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);

  private final EventBus bus;
  private final int shard;
  private final Duration timeout;

  Admissions(EventBus bus, int shard, Duration timeout) {
    this.bus = bus;
    this.shard = shard;
    this.timeout = timeout;
  }

  /** Whether the peer may send anything to the session at all. */
  Future<Boolean> ask(Jid session, Jid peer) {
    return Contracts.ADMISSION
        .request(bus, shard, new AdmissionQuery(session, peer), Deadline.in(timeout))
        .map(Admission::allowed)
        .otherwise(
            error -> {
              LOG.debug("{} is not let in to {}: {}", peer, session, error.getMessage());
              return false;
            });
  }
}
