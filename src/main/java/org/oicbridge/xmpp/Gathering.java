package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Gathers what is written while the event loop works through what it has, and hands it on in one
 * piece behind that: one call of the kernel, and under TLS one record, for many stanzas. Alone, a
 * stanza is handed on as it is.
 */
final class Gathering {
  /** In bytes; beyond this there is nothing to be won. */
  private static final int ENOUGH = 64 << 10;

  private final Vertx vertx;
  private final Consumer<Buffer> out;
  private Buffer first;
  private Buffer all;

  Gathering(Vertx vertx, Consumer<Buffer> out) {
    this.vertx = vertx;
    this.out = out;
  }

  /** Takes bytes, which are not changed and must not be. */
  void write(Buffer bytes) {
    if (first == null) {
      first = bytes;
      vertx.runOnContext(nothing -> flush());
      return;
    }
    if (all == null) {
      all = Buffer.buffer(4 * (first.length() + bytes.length())).appendBuffer(first);
    }
    all.appendBuffer(bytes);
    if (all.length() >= ENOUGH) {
      flush();
    }
  }

  /** Hands on what there is. */
  void flush() {
    if (first != null) {
      Buffer gathered = all == null ? first : all;
      first = null;
      all = null;
      out.accept(gathered);
    }
  }
}
