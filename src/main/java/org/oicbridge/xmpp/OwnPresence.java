package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.oicbridge.bus.SessionRole;

/**
 * Tells that a session is there (RFC 6121 section 4.2), and a while later once more: when it took
 * the place of an older session with its full JID, ejabberd may tell of that one's end after it has
 * told of this one, and whoever hears it takes the session for gone.
 */
final class OwnPresence {
  /** When it is told a second time, and at random up to as long again later. */
  private static final long REPEAT_MILLIS = 10_000;

  private final Vertx vertx;
  private final Element available;
  private final Consumer<Element> out;
  private long timer = -1;

  OwnPresence(Vertx vertx, SessionRole role, Capabilities capabilities, Consumer<Element> out) {
    this.vertx = vertx;
    this.available =
        Element.named("presence", Element.CLIENT)
            .child(
                Element.named("priority", Element.CLIENT)
                    .text(String.valueOf(role.priority()))
                    .build())
            .child(capabilities.inPresence())
            .build();
    this.out = out;
  }

  void begin() {
    send();
    long later = ThreadLocalRandom.current().nextLong(REPEAT_MILLIS);
    timer = vertx.setTimer(REPEAT_MILLIS + later, id -> send());
  }

  void send() {
    out.accept(available);
  }

  /** Tells nothing more. */
  void close() {
    vertx.cancelTimer(timer);
  }
}
