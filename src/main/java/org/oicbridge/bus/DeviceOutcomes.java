package org.oicbridge.bus;

import java.util.List;

/** What became of each of several changes, in their order. */
public record DeviceOutcomes(List<DeviceOutcome> outcomes) {
  public DeviceOutcomes {
    outcomes = List.copyOf(outcomes);
  }
}
