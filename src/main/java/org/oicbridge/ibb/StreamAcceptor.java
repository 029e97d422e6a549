package org.oicbridge.ibb;

import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides about the streams that peers want to open (XEP-0047 section 2.1). */
final class StreamAcceptor {
  private static final Logger LOG = LoggerFactory.getLogger(StreamAcceptor.class);

  /** Streams that all peers together may open to one of our sessions. */
  static final int STREAMS_PER_SESSION = 256;

  /** A peer that wants smaller blocks would have us send a stanza for every few bytes. */
  static final int MIN_BLOCK_SIZE = 256;

  static final int MAX_SID = 256;

  private final Bytestreams streams;
  private final Admissions admissions;
  private final Responder responder;

  StreamAcceptor(Bytestreams streams, Admissions admissions, Responder responder) {
    this.streams = streams;
    this.admissions = admissions;
    this.responder = responder;
  }

  void open(Ibb.Open open) {
    Condition fault = fault(open);
    if (fault != null) {
      refuse(open, fault);
      return;
    }
    // It counts from here on, so that opens in flight are bounded too.
    Bytestream stream = streams.theirs(open);
    stream.attach(
        new RequestQueue(
            stream, streams, responder, message -> responder.answer(stream.key(), message)));
    admissions.ask(open.session(), open.peer()).onSuccess(allowed -> decide(open, stream, allowed));
  }

  private Condition fault(Ibb.Open open) {
    if (open.blockSize() < 1 || !token(open.sid())) {
      return Condition.BAD_REQUEST;
    }
    if (open.blockSize() > streams.config().maxBlockSize()) {
      return Condition.RESOURCE_CONSTRAINT;
    }
    if (open.blockSize() < MIN_BLOCK_SIZE
        || streams.find(StreamKey.of(open, open.sid())).isPresent()) {
      return Condition.NOT_ACCEPTABLE;
    }
    return streams.roomFor(open.session(), open.peer(), STREAMS_PER_SESSION)
        ? null
        : Condition.RESOURCE_CONSTRAINT;
  }

  /**
   * A sid is an NMTOKEN; what else is printable is tolerated, what could forge a log line is not.
   */
  private static boolean token(String sid) {
    return !sid.isEmpty()
        && sid.length() <= MAX_SID
        && sid.codePoints().allMatch(c -> (c > ' ' && c < 0x7f) || Character.isLetterOrDigit(c));
  }

  private void decide(Ibb.Open open, Bytestream stream, boolean allowed) {
    if (stream.hasEnded()) {
      refuse(open, Condition.NOT_ACCEPTABLE);
    } else if (allowed) {
      streams.wire().accept(open);
      stream.open();
      LOG.debug("bytestream {} of {} to {}", open.sid(), open.peer(), open.session());
    } else {
      refuse(open, Condition.NOT_ACCEPTABLE);
      streams.end(stream, Ending.CLOSED_BY_US);
    }
  }

  private void refuse(Ibb.Open open, Condition condition) {
    LOG.debug("bytestream of {} to {}: {}", open.peer(), open.session(), condition);
    streams.wire().refuse(open, open.sid(), condition, Ibb.Carrier.IQ);
  }
}
