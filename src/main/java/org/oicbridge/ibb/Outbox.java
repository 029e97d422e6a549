package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import org.oicbridge.bus.Ibb.Carrier;

/**
 * The sending half of a stream. In messages, which nobody acknowledges, all blocks go at once; in
 * iqs each block waits until the one before it was acknowledged (XEP-0047 section 2.2).
 */
final class Outbox {
  /** Sends blocks in stanzas. */
  interface Transmitter {
    /** Sends a block, and tells the id of its stanza. */
    String transmit(Chunker.Block block);
  }

  private final Chunker chunker;
  private final Carrier carrier;
  private final Transmitter transmitter;
  private final Deque<Promise<Void>> unfinished = new ArrayDeque<>();
  private String awaited;
  private boolean awaitedIsLast;

  Outbox(int blockSize, Carrier carrier, Transmitter transmitter) {
    this.chunker = new Chunker(blockSize);
    this.carrier = carrier;
    this.transmitter = transmitter;
  }

  /** Sends a message behind all that were given before; done once its last block is through. */
  Future<Void> send(byte[] message) {
    chunker.add(message);
    if (carrier == Carrier.MESSAGE) {
      while (chunker.hasNext()) {
        transmitter.transmit(chunker.next());
      }
      return Future.succeededFuture();
    }
    Promise<Void> done = Promise.promise();
    unfinished.add(done);
    advance();
    return done.future();
  }

  /** Takes the acknowledgement of a block; false when the id is not the one that is awaited. */
  boolean acknowledged(String id) {
    if (!id.equals(awaited)) {
      return false;
    }
    awaited = null;
    Promise<Void> done = awaitedIsLast ? unfinished.remove() : null;
    advance();
    if (done != null) {
      done.complete();
    }
    return true;
  }

  private void advance() {
    if (awaited == null && chunker.hasNext()) {
      Chunker.Block block = chunker.next();
      awaitedIsLast = block.last();
      awaited = transmitter.transmit(block);
    }
  }

  /** True while a block is not acknowledged. */
  boolean waiting() {
    return awaited != null;
  }
}
