package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.oicbridge.config.XmppConfig;

/**
 * A client's stream over a socket. What arrives goes to the phase on duty; whatever ends the
 * stream, its owner is told once, with the reason.
 */
final class XmppStream implements StanzaReader.Listener {
  /** Beyond this the other side has stopped reading, and the stream is given up. */
  private static final int MAX_UNSENT = 16 << 20;

  /** How long the server may take to close its side (RFC 6120 section 4.4). */
  private static final long CLOSE_MILLIS = 2000;

  /** A stream that was silent for so long gives up its parser. */
  private static final long REST_NANOS = 1_000_000_000L;

  private final Vertx vertx;
  private final TimerWheel timers;
  private final NetSocket socket;
  private final String domain;
  private final int maxStanza;
  private final SessionMetrics metrics;
  private final Consumer<StreamEnd> owner;
  private final Promise<Void> closed = Promise.promise();
  private final Pacer pacer;
  private final Flow flow;
  private final Gathering gathering;
  private StanzaReader reader;
  private Phase phase;
  private boolean securing;
  private boolean secured;
  private boolean ended;

  /** Null while the reader rests. */
  private TimerWheel.Timer doze;

  private long lastReceived = System.nanoTime();

  XmppStream(
      Vertx vertx,
      TimerWheel timers,
      NetSocket socket,
      String domain,
      XmppConfig config,
      SessionMetrics metrics,
      Consumer<StreamEnd> owner) {
    this.vertx = vertx;
    this.timers = timers;
    this.socket = socket;
    this.domain = domain;
    this.maxStanza = config.maxStanza();
    this.metrics = metrics;
    this.owner = owner;
    this.secured = socket.isSsl();
    int speed = config.bytesPerSecond();
    this.flow = new Flow(speed);
    this.gathering = new Gathering(vertx, this::handOver);
    this.pacer = speed == 0 ? null : new Pacer(vertx, speed, System::nanoTime, this::transmit);
    socket.setWriteQueueMaxSize(MAX_UNSENT);
    socket.exceptionHandler(
        error -> end(securing ? ServerTls.failure(error) : StreamEnd.lost("the connection broke")));
    socket.closeHandler(
        nothing -> {
          closed.tryComplete();
          if (securing) {
            // A handshake that failed is told by its own future as a rule, with the reason.
            String reason = "TLS failed: the connection was closed";
            vertx.runOnContext(later -> end(StreamEnd.retry(reason)));
          } else {
            end(StreamEnd.lost("the connection was closed"));
          }
        });
  }

  /** Opens the stream, for the first time or anew (RFC 6120 section 4.3.3). */
  void open(Phase first) {
    if (ended) {
      return;
    }
    if (reader != null) {
      reader.stop();
    }
    StanzaReader fresh = new StanzaReader(maxStanza, this);
    reader = fresh;
    phase = first;
    socket.handler(
        data -> {
          lastReceived = System.nanoTime();
          metrics.received(data.length());
          fresh.feed(data);
          doze();
        });
    StringBuilder header = new StringBuilder("<?xml version='1.0'?><stream:stream");
    XmlText.attribute(header, "to", domain);
    XmlText.attribute(header, "version", "1.0");
    XmlText.attribute(header, "xml:lang", "en");
    XmlText.attribute(header, "xmlns", Element.CLIENT);
    XmlText.attribute(header, "xmlns:stream", Element.STREAMS);
    write(Buffer.buffer(header.append('>').toString()));
  }

  /** Has the reader rest when the stream was silent for a while. */
  private void doze() {
    if (doze == null && !ended) {
      long left = REST_NANOS - (System.nanoTime() - lastReceived);
      doze =
          timers.start(
              Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)),
              () -> {
                doze = null;
                if (System.nanoTime() - lastReceived < REST_NANOS) {
                  doze();
                } else {
                  reader.rest();
                }
              });
    }
  }

  /** Lets another phase take what arrives from now on. */
  void hand(Phase next) {
    phase = next;
  }

  void send(Element stanza) {
    send(Buffer.buffer(stanza.toXml()));
  }

  /** Sends a stanza that is written already. */
  void send(Buffer stanza) {
    metrics.sent();
    write(stanza);
  }

  /** Sends something that may not wait for what is held back to keep a speed. */
  void sendAtOnce(Element element) {
    if (!ended) {
      metrics.sent();
      Buffer bytes = Buffer.buffer(element.toXml());
      flow.change(bytes.length());
      transmit(bytes);
    }
  }

  /** Tells whether the server takes less than it is sent, whenever that changes. */
  void flow(Consumer<Boolean> listener) {
    flow.listen(listener);
  }

  boolean secured() {
    return secured;
  }

  /** When something arrived last, as {@link System#nanoTime()}. */
  long lastReceived() {
    return lastReceived;
  }

  /** True when the server has sent more than the element that is just being handled. */
  boolean hasUnread() {
    return reader.unread().length() > 0;
  }

  /**
   * Puts TLS under the stream. Until that is done nothing may arrive: it would have been sent in
   * the clear, by whomever, and be read as if it had come through TLS.
   */
  Future<Void> secure(ClientSSLOptions options, String serverName) {
    reader.stop();
    securing = true;
    socket.handler(data -> end(StreamEnd.retryLate("bytes follow <proceed/>: not secure")));
    Promise<Void> done = Promise.promise();
    socket
        .upgradeToSsl(options, serverName)
        .onFailure(error -> end(ServerTls.failure(error)))
        // What the socket kept back while it was busy comes one turn later, in the clear.
        .onSuccess(nothing -> vertx.runOnContext(later -> secured(done)));
    return done.future();
  }

  private void secured(Promise<Void> done) {
    if (!ended) {
      securing = false;
      secured = true;
      done.complete();
    }
  }

  /** Ends the stream for a reason of ours. */
  void end(StreamEnd end) {
    if (finish()) {
      socket.close();
      owner.accept(end);
    }
  }

  /** Ends the stream and tells the server why. */
  void end(StreamEnd end, String condition) {
    end(end, Conditions.streamError(condition));
  }

  /** Ends the stream and tells the server why, in a stream error of its own. */
  void end(StreamEnd end, Element error) {
    if (!ended) {
      gathering.flush();
      socket.write(error.toXml() + "</stream:stream>");
      end(end);
    }
  }

  /**
   * Closes the stream in an orderly way.
   *
   * @param last what to send before
   * @return completes when the socket is closed
   */
  Future<Void> close(Element... last) {
    if (pacer != null) {
      pacer.flush();
    }
    if (finish()) {
      String closing = "</stream:stream>";
      StringBuilder farewell = new StringBuilder();
      for (Element element : last) {
        element.writeTo(farewell);
      }
      socket.write(farewell.append(closing).toString());
      // What still arrives is of no interest; the server's own closing tag ends the waiting.
      StanzaReader tail = reader;
      socket.handler(
          data -> {
            if (tail == null || data.toString().contains(closing)) {
              socket.close();
            }
          });
      long timer = vertx.setTimer(CLOSE_MILLIS, id -> socket.close());
      closed.future().onComplete(done -> vertx.cancelTimer(timer));
      owner.accept(StreamEnd.closed());
    }
    return closed.future();
  }

  @Override
  public void streamOpened(Element header) {
    String version = header.attribute("version");
    if (version == null || !version.startsWith("1.")) {
      end(StreamEnd.retryLate("the server does not speak XMPP 1.0"), "unsupported-version");
    }
  }

  @Override
  public void stanza(Element stanza) {
    metrics.received();
    if (stanza.is("error", Element.STREAMS)) {
      end(StreamEnd.ofStreamError(stanza));
    } else {
      phase.stanza(stanza);
    }
  }

  @Override
  public void streamClosed() {
    if (!ended) {
      gathering.flush();
      socket.write("</stream:stream>");
      end(StreamEnd.retry("the server closed the stream"));
    }
  }

  @Override
  public void failed(String condition, String detail) {
    end(StreamEnd.retryLate("the server sent " + detail), condition);
  }

  private boolean finish() {
    if (ended) {
      return false;
    }
    ended = true;
    gathering.flush();
    if (pacer != null) {
      pacer.close();
    }
    if (reader != null) {
      reader.stop();
    }
    if (doze != null) {
      doze.cancel();
    }
    return true;
  }

  private void write(Buffer bytes) {
    if (ended) {
      return;
    }
    flow.change(bytes.length());
    if (pacer == null) {
      transmit(bytes);
      return;
    }
    pacer.write(bytes);
    if (pacer.waitingBytes() > MAX_UNSENT) {
      end(StreamEnd.retry("more is to be sent than bytesPerSecond lets through"));
    }
  }

  private void transmit(Buffer bytes) {
    gathering.write(bytes);
  }

  private void handOver(Buffer bytes) {
    metrics.sent(bytes.length());
    socket.write(bytes).onComplete(written -> flow.change(-bytes.length()));
    if (!ended && socket.writeQueueFull()) {
      end(StreamEnd.retry("the server does not take what is sent to it"));
    }
  }
}
