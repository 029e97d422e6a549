package org.oicbridge.bus;

import org.oicbridge.crudn.CrudnResponse;

/**
 * News of an observed resource.
 *
 * @param subscription the name of the subscription, or of the observation upstream
 * @param response what the resource is now: its {@code Observe} header has the sequence number, 0
 *     to 2^24-1, {@code Cache-Control} and {@code ETag} are the device's. Of an end, the reason
 * @param kind what has happened
 */
public record Notification(String subscription, CrudnResponse response, Kind kind) {

  /** What has happened. */
  public enum Kind {
    /** The resource has a new representation, or the same one is fresh again. */
    CHANGED,
    /** The observation was lost and made anew; what was between is not known. */
    RESTARTED,
    /** Lost for a reason that may pass. Only the router hears this, and observes again. */
    LOST,
    /** Over for good; nothing more comes. */
    ENDED
  }
}
