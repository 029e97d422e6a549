package org.oicbridge.ibb;

import java.util.Optional;
import org.oicbridge.bus.Ibb;

/** Brings each stanza that arrives to its stream, and answers those that have none. */
final class StanzaHandler {
  private static final int BOUNCES_PER_SECOND = 20;

  private final Bytestreams streams;
  private final StreamAcceptor acceptor;
  private final RateLimit bounces = new RateLimit(BOUNCES_PER_SECOND, System::nanoTime);

  StanzaHandler(Bytestreams streams, StreamAcceptor acceptor) {
    this.streams = streams;
    this.acceptor = acceptor;
  }

  void handle(Ibb stanza) {
    if (stanza instanceof Ibb.Open open) {
      acceptor.open(open);
    } else if (stanza instanceof Ibb.Data data) {
      data(data);
    } else if (stanza instanceof Ibb.Close close) {
      close(close);
    } else if (stanza instanceof Ibb.Accepted accepted) {
      streams.find(accepted, null).ifPresent(stream -> stream.accepted(accepted.id()));
    } else if (stanza instanceof Ibb.Refused refused) {
      refused(refused);
    } else if (stanza instanceof Ibb.Unsent unsent) {
      streams.find(unsent, null).ifPresent(stream -> stream.unsent(unsent.id()));
    }
  }

  private void data(Ibb.Data data) {
    Optional<Bytestream> stream =
        streams.find(StreamKey.of(data, data.sid())).filter(Bytestream::isOpen);
    if (stream.isPresent()) {
      stream.get().receive(data);
    } else if (data.carrier() == Ibb.Carrier.IQ || bounces.permits()) {
      // An iq must be answered (RFC 6120 section 8.2.3), a message only as often as we like.
      streams.wire().refuse(data, data.sid(), Ibb.Condition.ITEM_NOT_FOUND, data.carrier());
    }
  }

  private void close(Ibb.Close close) {
    Optional<Bytestream> stream = streams.find(StreamKey.of(close, close.sid()));
    if (stream.isPresent()) {
      streams.wire().accept(close);
      streams.end(stream.get(), Ending.CLOSED_BY_PEER);
    } else {
      streams.wire().refuse(close, close.sid(), Ibb.Condition.ITEM_NOT_FOUND, Ibb.Carrier.IQ);
    }
  }

  private void refused(Ibb.Refused refused) {
    streams.metrics().refused("received", refused.condition());
    // XEP-0047 section 2.2: a block that came back leaves a gap, so the stream is of no use.
    streams
        .find(refused, refused.sid())
        .ifPresent(stream -> streams.end(stream, Ending.refused(refused.condition())));
  }
}
