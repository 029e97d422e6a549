package org.oicbridge.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.oicbridge.bus.EventPage;
import org.oicbridge.bus.EventsQuery;
import org.oicbridge.bus.GatewayEvent;
import org.oicbridge.bus.GatewayEvent.Kind;
import org.oicbridge.crudn.Jid;

/** The last events of one run of the gateway. */
final class EventLog {
  /** How many events a caller may have missed and still be told of. */
  static final int SIZE = 1024;

  private final String run;
  private final Deque<GatewayEvent> ring = new ArrayDeque<>(SIZE);
  private long last;

  /**
   * Starts with none.
   *
   * @param run what no other run has, without a hyphen
   */
  EventLog(String run) {
    this.run = run;
  }

  GatewayEvent add(Kind kind, Jid account, String data) {
    GatewayEvent event = new GatewayEvent(new GatewayEvent.Id(run, ++last), kind, account, data);
    if (ring.size() == SIZE) {
      ring.removeFirst();
    }
    ring.addLast(event);
    return event;
  }

  EventPage page(EventsQuery query) {
    GatewayEvent.Id now = new GatewayEvent.Id(run, last);
    if (query.after() == null) {
      return new EventPage(List.of(), true, now);
    }
    long after = number(query.after());
    if (after < last - ring.size() || after > last) {
      return new EventPage(List.of(), false, now);
    }
    List<GatewayEvent> events =
        ring.stream().skip(after - (last - ring.size())).limit(query.limit()).toList();
    return new EventPage(events, true, now);
  }

  /** The number in an id of this run; of any other text one that the ring never reaches. */
  private long number(String id) {
    String prefix = run + "-";
    if (!id.startsWith(prefix)) {
      return -1;
    }
    try {
      return Long.parseUnsignedLong(id.substring(prefix.length()));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
