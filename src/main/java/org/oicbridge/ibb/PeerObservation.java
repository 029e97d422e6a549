package org.oicbridge.ibb;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.BooleanSupplier;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.envelope.Envelope;

/**
 * What a peer observes on one stream that it opened (OIC Remote Access section 7.3.1): one resource
 * at the most, since nothing but the stream tells whose notification one is. A peer that is slower
 * than the resource misses what is between, never the newest: only that one waits.
 */
final class PeerObservation {
  private static final Counter SUPERSEDED =
      Metrics.counter("oicgw.observe.superseded", "edge", "ibb");

  private final Bytestream stream;
  private final Responder responder;
  private final int limit;
  private final BooleanSupplier quiet;
  private String token;
  private ResourcePath path;
  private String subscription;
  private MessageConsumer<Notification> consumer;
  private CrudnResponse newest;
  private boolean last;

  /**
   * Begins with nothing.
   *
   * @param limit the longest message in bytes
   * @param quiet true when no request on the stream is without its answer
   */
  PeerObservation(Bytestream stream, Responder responder, int limit, BooleanSupplier quiet) {
    this.stream = stream;
    this.responder = responder;
    this.limit = limit;
    this.quiet = quiet;
  }

  /** True while the stream belongs to an observation, or may come to. */
  boolean active() {
    return subscription != null;
  }

  /** True when a message is a registration which this stream has room for. */
  boolean registers(Envelope message) {
    return message instanceof Envelope.Request request
        && responder.observes(request, "0")
        && (path == null || path.equals(request.path()));
  }

  /** Takes a place, before the registration is worked on. */
  void claim(Envelope message) {
    if (!active()) {
      path = ((Envelope.Request) message).path();
      subscription = responder.name();
    }
  }

  /** Subscribes; the answer has an {@code Observe} header if it is observed from now on. */
  Future<Envelope.Response> register(Envelope message) {
    leave();
    claim(message);
    token = Token.of(message.headers());
    String name = subscription;
    consumer = responder.listen(name, this::notified);
    return responder
        .subscribe(stream.key(), (Envelope.Request) message, name)
        .map(
            response -> {
              if (!name.equals(subscription)) {
                // The stream has ended, or nobody wants it any more.
                responder.unsubscribe(stream.key(), name);
                return mapped(response.without(RestMapping.OBSERVE));
              }
              if (response.headers().get(RestMapping.OBSERVE).isEmpty()) {
                leave();
              }
              return mapped(response);
            });
  }

  private Envelope.Response mapped(CrudnResponse response) {
    return responder.mapped(response, token);
  }

  private void notified(Notification news) {
    if (last) {
      return;
    }
    if (newest != null) {
      SUPERSEDED.increment();
    }
    newest = news.response();
    last = news.kind() == Kind.ENDED;
    flush();
  }

  /** Sends what waits, unless that would stand between a request and its answer. */
  void flush() {
    if (newest == null || !stream.isOpen() || !quiet.getAsBoolean() || stream.isSending()) {
      return;
    }
    byte[] document = stream.encode(mapped(newest));
    newest = null;
    if (document.length > limit) {
      document = stream.encode(responder.tooLarge(token));
      last = true;
    }
    if (last) {
      leave();
    }
    stream.send(document).onSuccess(sent -> flush());
  }

  /** Ends it without a word. */
  void leave() {
    if (subscription != null) {
      if (consumer != null) {
        consumer.unregister();
        responder.unsubscribe(stream.key(), subscription);
      }
      subscription = null;
      consumer = null;
      path = null;
      newest = null;
      last = false;
    }
  }
}
