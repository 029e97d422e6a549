package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
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

  private final Vertx vertx;
  private final Element available;
  private final Out out;
  private long timer = -1;

  /** Whether others are to see the session. */
  private boolean wanted;

  /** Whether they do; null before anything was told. */
  private Boolean shown;

  /**
   * Tells nothing yet.
   *
   * @param wanted whether others are to see the session
   */
  OwnPresence(Vertx vertx, SessionRole role, Capabilities capabilities, boolean wanted, Out out) {
    this.vertx = vertx;
    this.available =
        Element.named("presence", Element.CLIENT)
            .child(
                Element.named("priority", Element.CLIENT)
                    .text(String.valueOf(role.priority()))
                    .build())
            .child(capabilities.inPresence())
            .build();
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
    timer = vertx.setTimer(REPEAT_MILLIS + later, id -> again());
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

  /** What says that a session can't be reached. */
  static Element unavailable() {
    return Element.named("presence", Element.CLIENT).attribute("type", "unavailable").build();
  }

  /** Tells nothing more. */
  void close() {
    vertx.cancelTimer(timer);
  }
}
