package org.oicbridge.ibb;

import io.vertx.core.eventbus.EventBus;
import java.security.SecureRandom;
import java.util.OptionalLong;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Ibb;

/**
 * The way out for stanzas, and their ids. An id names the stream that its stanza belongs to, so an
 * answer or a bounce finds its stream without a table of what was sent.
 */
final class Wire {
  // The XMPP side hands on only those iq results and errors whose id begins so.
  private static final String PREFIX = "ibb";

  private final EventBus bus;
  private final int shard;
  private final IbbMetrics metrics;
  // An answer to the process that was here before must not pass for one to us.
  private final String run = PREFIX + Long.toString(new SecureRandom().nextLong() >>> 16, 36) + "-";
  private long sent;

  Wire(EventBus bus, int shard, IbbMetrics metrics) {
    this.bus = bus;
    this.shard = shard;
    this.metrics = metrics;
  }

  /** Sends a stanza; it is lost if its session is down. */
  void send(Ibb stanza) {
    if (stanza instanceof Ibb.Refused refused) {
      metrics.refused("sent", refused.condition());
    }
    Contracts.IBB_OUT.publish(bus, shard, stanza);
  }

  /** Answers that a stanza was taken. */
  void accept(Ibb stanza) {
    send(new Ibb.Accepted(stanza.session(), stanza.peer(), stanza.id()));
  }

  /** Answers that a stanza was refused. */
  void refuse(Ibb stanza, String sid, Ibb.Condition condition, Ibb.Carrier carrier) {
    send(new Ibb.Refused(stanza.session(), stanza.peer(), stanza.id(), sid, condition, carrier));
  }

  /** A new id for a stanza of the stream with this number. */
  String id(long stream) {
    return run + Long.toString(stream, 36) + "-" + Long.toString(++sent, 36);
  }

  /** A sid that no stream of ours had. */
  String sid(long stream) {
    return run + Long.toString(stream, 36);
  }

  /** The number of the stream that a stanza of ours with this id belonged to. */
  OptionalLong streamOf(String id) {
    int end = id == null ? -1 : id.indexOf('-', run.length());
    if (end < 0 || !id.startsWith(run)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(id.substring(run.length(), end), 36));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
