package org.oicbridge.bus;

import java.util.List;

/**
 * Events in order.
 *
 * @param events the first ones behind what was asked for
 * @param reaches false when some are lost between what was asked for and the first of these
 * @param last the id of the last event that has been, also when it is none of these
 */
public record EventPage(List<GatewayEvent> events, boolean reaches, String last) {
  public EventPage {
    events = List.copyOf(events);
  }
}
