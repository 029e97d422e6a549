package org.oicbridge.bus;

import java.util.Locale;
import org.oicbridge.crudn.Jid;

/**
 * A change that operators follow.
 *
 * @param id names it
 * @param kind what has changed
 * @param account the bare JID of the account that it is about, or whose device it is; null for the
 *     default account as long as it has none
 * @param data a JSON object that says what it is now
 */
public record GatewayEvent(Id id, Kind kind, Jid account, String data) {

  /**
   * Names an event to a caller that comes back.
   *
   * @param run of the process that the number belongs to, without a hyphen
   * @param number grows by one from event to event, from 1
   */
  public record Id(String run, long number) {
    @Override
    public String toString() {
      return run + "-" + number;
    }
  }

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
}
