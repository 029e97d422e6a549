package org.oicbridge.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;

/**
 * What a resource becomes, as server-sent events for one caller. A caller that is slower than the
 * resource misses what is between, never the newest: only that one waits.
 */
final class ResourceEvents implements EventStream.Source {
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final int ID_BYTES = 8;
  private static final List<String> FIELDS = List.of("Observe", "ETag", "Cache-Control");
  private static final Counter SUPERSEDED =
      Metrics.counter("oicgw.observe.superseded", "edge", "http");

  private final RoutingContext context;
  private final EventBus bus;
  private final int shard;
  private final CrudnRequest request;
  private final String subscription;
  private final EventStreams.Place place;
  private final MessageConsumer<Notification> consumer;
  private final EventStream stream;
  private CrudnResponse newest;
  private boolean restarted;

  /** Names what the caller has, if it is known. */
  private String written;

  private boolean first = true;
  private CrudnResponse over;
  private boolean open;
  private boolean gone;

  private ResourceEvents(
      RoutingContext context, EventStreams streams, int shard, CrudnRequest request) {
    this.context = context;
    this.bus = streams.vertx().eventBus();
    this.shard = shard;
    this.request = request;
    this.subscription = streams.name();
    this.written = context.request().getHeader("Last-Event-ID");
    this.place = streams.enter(context, this::gone);
    this.stream = new EventStream(context, this);
    this.consumer = Contracts.NOTIFICATION.listen(bus, subscription, this::notified);
  }

  /**
   * Subscribes for a caller, and answers with the stream or with why there is none.
   *
   * @throws Refusal when there are too many
   */
  static void start(RoutingContext context, EventStreams streams, int shard, CrudnRequest request) {
    new ResourceEvents(context, streams, shard, request).subscribe();
  }

  private void subscribe() {
    Contracts.SUBSCRIBE
        .request(bus, shard, new Subscribe(request, subscription), request.deadline().later(GRACE))
        .onSuccess(this::answered)
        .onFailure(
            error -> {
              leave();
              context.fail(error);
            });
  }

  private void answered(CrudnResponse answer) {
    if (gone) {
      leave();
    } else if (!answer.status().success()) {
      AnswerWriter.fail(context, answer);
    } else if (answer.headers().get("Observe").isEmpty()) {
      context.fail(
          new Refusal(406, "not-observable", "the device does not tell when this changes"));
    } else {
      if (newest == null) {
        newest = answer;
      }
      open = true;
      place.open(stream, () -> context.response().end());
      if (over != null) {
        end();
      }
    }
  }

  private void notified(Notification news) {
    if (news.kind() == Kind.ENDED) {
      over = news.response();
      if (open) {
        end();
      }
      return;
    }
    if (newest != null) {
      SUPERSEDED.increment();
    }
    newest = news.response();
    restarted |= news.kind() == Kind.RESTARTED;
    if (open) {
      stream.wake();
    }
  }

  @Override
  public String next() {
    if (newest == null) {
      return null;
    }
    String data = newest.body() == null ? "null" : newest.body();
    String id = id(newest.status().code() + data);
    // Who comes back needs to be told only what differs; a device may tell the same again.
    boolean same = (first || restarted) && id.equals(written);
    boolean anew = restarted;
    Map<String, String> fields = fields(newest);
    newest = null;
    restarted = false;
    first = false;
    written = id;
    // Who listens to values only must get it too, if it is another one.
    String value = same ? "" : EventStream.event(id, null, fields, data);
    String text = anew ? EventStream.event(id, "restarted", fields, data) + value : value;
    return text.isEmpty() ? null : text;
  }

  /** What the device says about the value (RFC 7641 section 3.4, RFC 7252 section 5.10). */
  private static Map<String, String> fields(CrudnResponse value) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String name : FIELDS) {
      value.headers().get(name).ifPresent(text -> fields.put(name.toLowerCase(Locale.ROOT), text));
    }
    return fields;
  }

  /** Names a value by what it is, so that a caller who comes back is told whether it differs. */
  private static String id(String value) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void end() {
    stream.end(EventStream.event(null, "end", reason(over).encode()));
  }

  private static JsonObject reason(CrudnResponse over) {
    if (over.problem() != null) {
      return Problems.document(
          StatusCodes.http(over.status()), over.problem().type(), over.problem().detail());
    }
    if (over.status().success()) {
      return Problems.document(
          406, "not-observable", "the device does not tell any more when this changes");
    }
    return Problems.document(
        StatusCodes.http(over.status()),
        StatusCodes.problemType(over.status()),
        "the device answered " + over.status().code() + " " + over.status().reason());
  }

  private void gone() {
    gone = true;
    consumer.unregister();
    leave();
  }

  private void leave() {
    Contracts.UNSUBSCRIBE.request(
        bus, shard, new Unsubscribe(request.account(), subscription), Deadline.in(GRACE));
  }
}
