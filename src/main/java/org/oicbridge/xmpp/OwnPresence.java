package org.oicbridge.xmpp;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.oicbridge.bus.SessionRole;

/**
 * Tells whether a session is there (RFC 6121 section 4.2). Without presence it is bound, and
 * reached by its full JID, all the same (section 8.5.3.1).
 */
final class OwnPresence {
  /** Where stanzas go. */
  interface Out {
    /** False when a stanza can't be kept until there is a connection. */
    boolean send(Element stanza);
  }

  /** When it is told a second time, and at random up to as long again later. */
  private static final long REPEAT_MILLIS = 10_000;

  /** What all sessions of a role say. */
  private static final Map<SessionRole, Element> AVAILABLE =
      Map.of(
          SessionRole.GATEWAY, available(SessionRole.GATEWAY),
          SessionRole.DEVICE, available(SessionRole.DEVICE));

  private final TimerWheel timers;
  private final Element available;
  private final Out out;
  private TimerWheel.Timer timer;

  /** Whether others are to see the session. */
  private boolean wanted;

  /** Whether they do; null before anything was told. */
  private Boolean shown;

  /**
   * Tells nothing yet.
   *
   * @param wanted whether others are to see the session
   */
  OwnPresence(TimerWheel timers, SessionRole role, boolean wanted, Out out) {
    this.timers = timers;
    this.available = AVAILABLE.get(role);
    this.wanted = wanted;
    this.out = out;
  }

  /**
   * Tells it for the first time, and a while later once more: when the session took the place of an
   * older one with its full JID, ejabberd may tell of that one's end after it has told of this one,
   * and whoever hears it takes the session for gone.
   */
  void begin() {
    shown = false;
    show();
    long later = ThreadLocalRandom.current().nextLong(REPEAT_MILLIS);
    timer = timers.start(REPEAT_MILLIS + later, this::again);
  }

  /**
   * From now on others are to see the session, or not.
   *
   * @return false when that can't be told
   */
  boolean serve(boolean seen) {
    wanted = seen;
    return shown == null || show();
  }

  private boolean show() {
    if (wanted == shown) {
      return true;
    }
    shown = wanted;
    return out.send(wanted ? available : unavailable());
  }

  /** Tells once more that the session is there, if it is to be seen. */
  void again() {
    if (Boolean.TRUE.equals(shown)) {
      out.send(available);
    }
  }

  private static Element available(SessionRole role) {
    return Element.named("presence", Element.CLIENT)
        .child(
            Element.named("priority", Element.CLIENT).text(String.valueOf(role.priority())).build())
        .child(Capabilities.of(role).inPresence())
        .build();
  }

  /** What says that a session can't be reached. */
  static Element unavailable() {
    return Element.named("presence", Element.CLIENT).attribute("type", "unavailable").build();
  }

  /** Tells nothing more. */
  void close() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
