package org.oicbridge.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.oicbridge.bus.GatewayEvent.Kind;
import org.oicbridge.crudn.Jid;

/** What happens in the gateway, as it happens. */
final class EventsRoutes {
  private static final String PATH = "/api/v1/events";

  private final EventStreams streams;

  EventsRoutes(EventStreams streams) {
    this.streams = streams;
  }

  void mount(Router router) {
    new Endpoint(PATH).on(HttpMethod.GET, this::follow).mount(router, PATH);
  }

  private void follow(RoutingContext context) {
    Accept.requireEvents(context.request().headers());
    // A stream lasts as long as its reader likes, so its time must not be told as an answer's.
    RequestLog.route(context, PATH + " events");
    QueryParameters parameters = Parameters.of(context, Set.of("account", "kind"));
    Optional<Jid> account = parameters.get("account").map(Parameters::account);
    Optional<Kind> kind = parameters.get("kind").map(EventsRoutes::kind);
    EventFeed.start(
        context,
        streams,
        event ->
            (account.isEmpty() || account.get().equals(event.account()))
                && (kind.isEmpty() || kind.get() == event.kind()));
  }

  private static Kind kind(String text) {
    return Stream.of(Kind.values())
        .filter(kind -> kind.text().equals(text))
        .findFirst()
        .orElseThrow(() -> Refusal.parameter("kind", text, "device, session or account"));
  }
}
