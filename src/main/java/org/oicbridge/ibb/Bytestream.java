package org.oicbridge.ibb;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.oicbridge.bus.Ibb;
import org.oicbridge.envelope.Envelope;
import org.oicbridge.envelope.EnvelopeException;
import org.oicbridge.envelope.EnvelopeReader;
import org.oicbridge.envelope.EnvelopeWriter;

/** One in-band bytestream, whoever opened it: it is bidirectional by itself. */
final class Bytestream {
  /** A whole message may take this many of the longest pauses between two of its blocks. */
  private static final int PAUSES = 10;

  private enum State {
    OPENING,
    OPEN,
    ENDED
  }

  private final StreamKey key;
  private final long number;
  private final Role role;
  private final int blockSize;
  private final Ibb.Carrier carrier;
  private final Bytestreams streams;
  private final Reassembler reassembler;
  private final EnvelopeReader reader;
  private final Outbox outbox;
  private final Timer incomplete;
  private boolean inMessage;
  private long messageStarted;
  private final Timer unacknowledged;
  private String lastStanza;
  private Conversation conversation;
  private State state = State.OPENING;
  private long lastUsed = System.nanoTime();

  Bytestream(
      Bytestreams streams,
      StreamKey key,
      long number,
      Role role,
      int blockSize,
      Ibb.Carrier carrier) {
    this.streams = streams;
    this.key = key;
    this.number = number;
    this.role = role;
    this.blockSize = blockSize;
    this.carrier = carrier;
    this.reassembler = new Reassembler(blockSize);
    this.reader = new EnvelopeReader(streams.config().messageLimit());
    this.outbox = new Outbox(blockSize, carrier, this::transmit);
    Vertx vertx = streams.vertx();
    Duration pause = streams.config().messageTimeout();
    this.incomplete = new Timer(vertx, pause, () -> fault("a message was not completed in time"));
    this.unacknowledged = new Timer(vertx, pause, () -> fault("a block was not acknowledged"));
  }

  void attach(Conversation newConversation) {
    this.conversation = newConversation;
  }

  StreamKey key() {
    return key;
  }

  long number() {
    return number;
  }

  Role role() {
    return role;
  }

  int blockSize() {
    return blockSize;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean hasEnded() {
    return state == State.ENDED;
  }

  /** Nanoseconds since the last block in either direction, if nothing is under way, else 0. */
  long idleNanos() {
    return isOpen() && conversation.idle() && !outbox.waiting() && !reader.inMessage()
        ? System.nanoTime() - lastUsed
        : 0;
  }

  /** True when the peer observes something on it. */
  boolean observing() {
    return conversation.observing();
  }

  /** Both sides have agreed. */
  void open() {
    state = State.OPEN;
    conversation.opened();
  }

  /**
   * Bounds the pause between two blocks of a message, and its whole time too: a peer that sends a
   * byte now and then would otherwise hold half a message for ever.
   */
  private void watchForTheRest(boolean completedOne) {
    if (!reader.inMessage()) {
      incomplete.stop();
      inMessage = false;
      return;
    }
    if (!inMessage || completedOne) {
      messageStarted = lastUsed;
    }
    inMessage = true;
    long pause = streams.config().messageTimeout().toMillis();
    long spent = (lastUsed - messageStarted) / 1_000_000;
    incomplete.restart(Math.min(pause, PAUSES * pause - spent));
  }

  /** Takes a block; one that breaks a rule ends the stream, and only this one. */
  void receive(Ibb.Data data) {
    lastUsed = System.nanoTime();
    List<Envelope> messages;
    try {
      byte[] block = reassembler.take(data.seq(), data.base64());
      streams.metrics().blockReceived(block.length);
      messages = reader.feed(block);
    } catch (BlockException e) {
      reject(data, e.condition(), e.getMessage());
      return;
    } catch (EnvelopeException e) {
      reject(data, Ibb.Condition.BAD_REQUEST, e.getMessage());
      return;
    }
    watchForTheRest(!messages.isEmpty());
    for (Envelope message : messages) {
      if (hasEnded()) {
        return;
      }
      streams.metrics().messageReceived();
      if (!conversation.take(message)) {
        reject(data, Ibb.Condition.RESOURCE_CONSTRAINT, "too many requests at once");
        return;
      }
    }
    // Only now is it taken: an acknowledgement is the peer's leave to send more.
    if (data.carrier() == Ibb.Carrier.IQ) {
      streams.wire().accept(data);
    }
  }

  private void reject(Ibb.Data data, Ibb.Condition condition, String why) {
    if (!hasEnded()) {
      streams.wire().refuse(data, key.sid(), condition, data.carrier());
      fault(why);
    }
  }

  private void fault(String why) {
    streams.logFault(this, why);
    streams.end(this, Ending.CLOSED_BY_US);
  }

  /** True while the peer has not acknowledged what it was sent. */
  boolean isSending() {
    return outbox.waiting();
  }

  /** The document as this peer wants it: in base64 once more if its own last one was. */
  byte[] encode(Envelope message) {
    return EnvelopeWriter.write(message, reader.doubleEncoded());
  }

  /** Sends a document; done once its last block is through. Lost when the stream has ended. */
  Future<Void> send(byte[] document) {
    if (!isOpen()) {
      return Future.failedFuture("the stream has ended");
    }
    lastUsed = System.nanoTime();
    return outbox.send(document);
  }

  /** The id of the last stanza with data, null before the first. */
  String lastStanza() {
    return lastStanza;
  }

  /** What is sent goes out again. */
  void flows() {
    conversation.flows();
  }

  /** A stanza of ours never left us, or never got further than our server. */
  void unsent(String id) {
    conversation.unsent(id);
  }

  /** Ends the stream: with one answer missing, every later one would be taken for another's. */
  void answerLost(Throwable error) {
    if (isOpen()) {
      fault("an answer can't be sent: " + error);
    }
  }

  private String transmit(Chunker.Block block) {
    String id = streams.wire().id(number);
    lastStanza = id;
    streams.metrics().blockSent(block);
    if (carrier == Ibb.Carrier.IQ) {
      unacknowledged.restart();
    }
    streams
        .wire()
        .send(
            new Ibb.Data(
                key.session(), key.peer(), id, key.sid(), block.seq(), block.base64(), carrier));
    return id;
  }

  /** Takes an iq result that belongs to this stream. */
  void accepted(String id) {
    if (state == State.OPENING && role == Role.REQUESTER) {
      open();
    } else if (state == State.OPEN && outbox.acknowledged(id) && !outbox.waiting()) {
      unacknowledged.stop();
    }
  }

  /** The stream is gone; to be called by {@link Bytestreams#end} only. */
  void ended(Ending why) {
    state = State.ENDED;
    incomplete.stop();
    unacknowledged.stop();
    conversation.ended(why);
  }
}
