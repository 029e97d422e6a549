package org.oicbridge.bus;

import java.util.List;

/**
 * Events in order.
 *
 * @param events the first ones behind what was asked for
 * @param reaches false when some are lost between what was asked for and now; then there are none
 * @param last the newest event that has been, also when it is none of these, by its run and number;
 *     number 0 when there has been none
 */
public record EventPage(List<GatewayEvent> events, boolean reaches, GatewayEvent.Id last) {
  public EventPage {
    events = List.copyOf(events);
  }
}
