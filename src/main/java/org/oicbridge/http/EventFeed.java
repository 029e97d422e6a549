package org.oicbridge.http;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.EventPage;
import org.oicbridge.bus.EventsQuery;
import org.oicbridge.bus.GatewayEvent;
import org.oicbridge.crudn.Deadline;

/**
 * What happens in the gateway, as server-sent events for one caller. A caller that is slower than
 * the events costs no memory: what it has not taken is asked of the log once it goes on, and when
 * the log does not reach back so far, a {@code reset} says that something was missed.
 */
final class EventFeed implements EventStream.Source {
  /** How many events wait for a caller at the most. */
  private static final int PAGE = 64;

  private static final Duration SOON = Duration.ofSeconds(5);

  private final EventBus bus;
  private final RoutingContext context;
  private final EventStreams.Place place;
  private final EventStream stream;
  private final MessageConsumer<GatewayEvent> consumer;
  private final Predicate<GatewayEvent> wanted;
  private final Deque<String> waiting = new ArrayDeque<>();

  /** The newest event that was written or waits; null until the log has said where it is. */
  private GatewayEvent.Id seen;

  /** The number of the newest event that was heard of. */
  private long heard;

  /** The log has more than what was seen. */
  private boolean behind = true;

  private boolean asking;

  private EventFeed(RoutingContext context, EventStreams streams, Predicate<GatewayEvent> wanted) {
    this.wanted = wanted;
    this.bus = streams.vertx().eventBus();
    this.context = context;
    this.place = streams.enter(context, this::gone);
    this.stream = new EventStream(context, this);
    this.consumer = Contracts.EVENT.listen(bus, Contracts.HOME, this::happened);
  }

  /**
   * Answers with the stream.
   *
   * @param wanted which events the caller is told of
   * @throws Refusal when there are too many
   */
  static void start(RoutingContext context, EventStreams streams, Predicate<GatewayEvent> wanted) {
    EventFeed feed = new EventFeed(context, streams, wanted);
    feed.place.open(feed.stream, feed::end);
  }

  private void happened(GatewayEvent event) {
    heard = event.id().number();
    if (seen != null && heard <= seen.number()) {
      return;
    }
    if (behind || !waiting.isEmpty() || heard != seen.number() + 1) {
      behind = true;
    } else {
      take(event);
    }
    stream.wake();
  }

  @Override
  public String next() {
    String event = waiting.pollFirst();
    if (event == null && behind && !asking) {
      ask();
    }
    return event;
  }

  private void ask() {
    asking = true;
    String after = seen == null ? context.request().getHeader("Last-Event-ID") : seen.toString();
    Contracts.EVENTS
        .request(bus, Contracts.HOME, new EventsQuery(after, PAGE), Deadline.in(SOON))
        .onSuccess(this::answered)
        // Whoever comes back is told what it has missed meanwhile.
        .onFailure(error -> end());
  }

  private void answered(EventPage page) {
    asking = false;
    if (!page.reaches()) {
      waiting.add(EventStream.event(page.last().toString(), "reset", "{}"));
    }
    seen = page.last();
    page.events().forEach(this::take);
    behind = seen.number() < Math.max(heard, page.last().number());
    stream.wake();
  }

  private void take(GatewayEvent event) {
    seen = event.id();
    if (wanted.test(event)) {
      waiting.add(EventStream.event(seen.toString(), event.kind().text(), event.data()));
    }
  }

  private void end() {
    if (!context.response().ended() && !context.response().closed()) {
      context.response().end();
    }
  }

  private void gone() {
    consumer.unregister();
  }
}
