package org.oicbridge.xmpp;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongConsumer;
import org.oicbridge.bus.Ibb;

/**
 * Counts what a stream brings and takes (XEP-0198), and keeps what was sent until the server has
 * handled it, also while there is no connection. Stands between the connection and whoever handles
 * the stanzas.
 */
final class StreamManagement implements Phase {
  private static final Set<String> COUNTED = Set.of("iq", "message", "presence");

  /** After so many stanzas the server is asked for its count, however fast they came. */
  private static final int ASK_AFTER = 100;

  /** When there are fewer, it is asked so long after the first of them. */
  private static final long ASK_MILLIS = 250;

  /** In bytes per second, a little less than ejabberd as shipped lets through. */
  private static final long SLOWEST = 2500;

  /** What it lets through at once before that. */
  private static final long BURST = 20_000;

  private final TimerWheel timers;
  private final SessionMetrics metrics;
  private final Phase stanzas;
  private final Unacknowledged unacknowledged;
  private final String id;
  private final Duration max;
  private final String location;
  private LongConsumer asking = onTheWay -> {};
  private XmppStream stream;
  private int handled;

  /** How many of the newest unacknowledged stanzas the server certainly has not handled. */
  private int unsent;

  private int sinceAsked;
  private boolean asked;

  /** Null while nothing is to be asked later. */
  private TimerWheel.Timer timer;

  /**
   * On a stream whose server has just enabled it.
   *
   * @param enabled what the server said
   * @param stanzas takes the stanzas
   */
  StreamManagement(
      TimerWheel timers,
      SessionMetrics metrics,
      XmppStream stream,
      Element enabled,
      Phase stanzas) {
    this.timers = timers;
    this.metrics = metrics;
    this.stream = stream;
    this.stanzas = stanzas;
    this.unacknowledged =
        new Unacknowledged(0, Unacknowledged.MAX_STANZAS, Unacknowledged.MAX_BYTES);
    this.id = SmElements.isTrue(enabled.attribute("resume")) ? enabled.attribute("id") : null;
    this.max = seconds(enabled.attribute("max"));
    this.location = enabled.attribute("location");
    stream.hand(this);
  }

  private static Duration seconds(String text) {
    try {
      return text == null ? null : Duration.ofSeconds(Integer.parseUnsignedInt(text.strip()));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * Has somebody told whenever the server is asked for its count.
   *
   * @param listener is handed how long a slow server takes for what it has not acknowledged, in
   *     milliseconds
   */
  void onAsk(LongConsumer listener) {
    asking = listener;
  }

  /** What the server calls the stream, or null when it would not resume it. */
  String id() {
    return id;
  }

  /** How long the server keeps the stream without a connection, or null when it did not say. */
  Duration max() {
    return max;
  }

  /** Where the server wants the stream to be resumed, or null. */
  String location() {
    return location;
  }

  /** How many stanzas we have handled, modulo 2^32. */
  int handledCount() {
    return handled;
  }

  /**
   * Sends a stanza, or keeps it until there is a connection again.
   *
   * @param mark what to tell when it never reaches its peer, or null
   * @return false when it was neither sent nor kept, since that would be too much
   */
  boolean send(Element stanza, Ibb.Unsent mark) {
    Buffer bytes = Buffer.buffer(stanza.toXml());
    if (!unacknowledged.add(bytes, mark)) {
      if (stream != null) {
        stream.end(StreamEnd.retry("the server does not acknowledge what is sent to it"));
      }
      return false;
    }
    metrics.unacknowledged(1);
    if (stream == null) {
      unsent++;
    } else {
      stream.send(bytes);
      askInTime();
    }
    return true;
  }

  /** Asks the server for its count, which also tells whether it is there. */
  void ask() {
    cancelTimer();
    sinceAsked = 0;
    asked = true;
    if (stream != null) {
      stream.send(SmElements.request());
      asking.accept(Math.max(0, unacknowledged.bytes() - BURST) * 1000 / SLOWEST);
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void askInTime() {
    if (++sinceAsked >= ASK_AFTER) {
      ask();
    } else if (timer == null && !asked) {
      timer = timers.start(ASK_MILLIS, this::ask);
    }
  }

  @Override
  public void stanza(Element element) {
    if (!element.namespace().equals(SmElements.NAMESPACE)) {
      if (element.namespace().equals(Element.CLIENT) && COUNTED.contains(element.name())) {
        handled++;
      }
      stanzas.stanza(element);
      return;
    }
    switch (element.name()) {
      case "r" -> stream.sendAtOnce(SmElements.answer(handled));
      case "a" -> {
        OptionalInt h = SmElements.count(element);
        if (h.isEmpty()) {
          stream.end(StreamEnd.retryLate("the server sent an <a/> without a count"), "bad-format");
        } else if (acknowledged(h.getAsInt())) {
          asked = false;
          if (unacknowledged.size() > 0) {
            askInTime();
          }
        }
      }
      default ->
          stream.end(
              StreamEnd.retryLate("the server sent an unknown element of stream management"),
              "unsupported-stanza-type");
    }
  }

  /** False when that can't be, which ends the stream. */
  private boolean acknowledged(int h) {
    int before = unacknowledged.size();
    if (!unacknowledged.acknowledge(h)) {
      stream.end(
          StreamEnd.retry("the server acknowledged more stanzas than it was sent"),
          SmElements.tooHigh(h, unacknowledged.sentCount()));
      return false;
    }
    metrics.unacknowledged(unacknowledged.size() - before);
    return true;
  }

  /** The connection is lost. */
  void detach() {
    cancelTimer();
    stream = null;
  }

  /**
   * The server has resumed the stream: sends again what it has not handled, and that only.
   *
   * @param h how many stanzas it has handled, modulo 2^32
   * @return false when that can't be, which has ended the stream
   */
  boolean resume(XmppStream fresh, int h) {
    stream = fresh;
    if (!acknowledged(h)) {
      return false;
    }
    fresh.hand(this);
    unsent = 0;
    metrics.resent(unacknowledged.size());
    unacknowledged.forEach(fresh::send);
    if (unacknowledged.size() > 0) {
      ask();
    } else {
      sinceAsked = 0;
      asked = false;
    }
    return true;
  }

  /**
   * The server does not resume the stream, and says how far it came.
   *
   * @param h how many stanzas it has handled, modulo 2^32; what it can't be is not believed
   */
  void lost(int h) {
    int before = unacknowledged.size();
    if (unacknowledged.acknowledge(h)) {
      metrics.unacknowledged(unacknowledged.size() - before);
      unsent = unacknowledged.size();
    }
  }

  /** What certainly never reached its peer; to be asked when the stream is gone for good. */
  List<Ibb.Unsent> unsent() {
    return unacknowledged.marks(unsent);
  }

  /** Says once more what we have handled, so that nobody is told that it was not. */
  Element farewell() {
    return SmElements.answer(handled);
  }

  /** Forgets what was not acknowledged: the stream is gone for good. */
  void close() {
    detach();
    int left = unacknowledged.size();
    unacknowledged.acknowledge(unacknowledged.sentCount());
    metrics.unacknowledged(-left);
  }
}
