package org.oicbridge.bus;

import java.util.Locale;

/**
 * A change that operators follow.
 *
 * @param run of the process that the number belongs to
 * @param number grows by one from event to event, from 1
 * @param kind what has changed
 * @param data a JSON object that says what it is now
 */
public record GatewayEvent(String run, long number, Kind kind, String data) {

  /** What has changed. */
  public enum Kind {
    /** A device came or went. */
    DEVICE,
    /** The gateway's own session on an account came up or went down. */
    SESSION,
    /** An account has other values, or they work or not any more. */
    ACCOUNT;

    /** As it stands in the stream. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Names this event to a caller that comes back. */
  public String id() {
    return run + "-" + number;
  }
}
