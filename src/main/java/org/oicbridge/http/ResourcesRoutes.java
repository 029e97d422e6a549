package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;

/** CRUDN requests to the resources of a device. */
final class ResourcesRoutes {
  private static final String PATH = DevicesRoutes.PREFIX + ":di/resources/*";
  private static final Duration GRACE = Duration.ofMillis(500);
  private static final List<String> HEADERS =
      List.of(
          "Accept",
          "If-Match",
          "If-None-Match",
          "OCF-Accept-Content-Format-Version",
          "OCF-Content-Format-Version");

  private final EventBus bus;
  private final int shards;
  private final DeviceFinder finder;
  private final Duration defaultDeadline;
  private final WriteBody bodies;
  private final EventStreams streams;

  private record Call(
      Operation operation, ResourceTarget target, Headers headers, Deadline deadline) {}

  ResourcesRoutes(
      EventBus bus,
      int shards,
      DeviceFinder finder,
      Duration defaultDeadline,
      WriteBody bodies,
      EventStreams streams) {
    this.bus = bus;
    this.shards = shards;
    this.finder = finder;
    this.defaultDeadline = defaultDeadline;
    this.bodies = bodies;
    this.streams = streams;
  }

  void mount(Router router) {
    new Endpoint(DevicesRoutes.PREFIX + "{di}/resources/{href}")
        .on(HttpMethod.GET, this::retrieve)
        .on(HttpMethod.POST, context -> write(context, Operation.UPDATE))
        .on(HttpMethod.PUT, context -> write(context, Operation.CREATE))
        .on(HttpMethod.DELETE, context -> read(context, Operation.DELETE))
        .mount(router, PATH);
    bodies.mount(router, PATH);
  }

  private void retrieve(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.method().equals(HttpMethod.GET) && Accept.prefersEvents(request.headers())) {
      observe(context);
    } else {
      read(context, Operation.RETRIEVE);
    }
  }

  private void observe(RoutingContext context) {
    // A stream lasts as long as its reader likes, so its time must not be told as an answer's.
    RequestLog.route(context, RequestLog.route(context) + " events");
    Call call = called(context, Operation.RETRIEVE);
    finder
        .findHosted(call.target().di(), call.target().account(), call.deadline())
        .map(
            device -> {
              int shard = Contracts.shardOf(device.account(), shards);
              ResourceEvents.start(context, streams, shard, request(context, call, device, null));
              return null;
            })
        .onFailure(context::fail);
  }

  private void read(RoutingContext context, Operation operation) {
    perform(context, call(context, operation), null);
  }

  private void write(RoutingContext context, Operation operation) {
    JsonBodies.requireType(context.request().headers());
    Call call = call(context, operation);
    WriteBody.await(context, call.deadline(), body -> perform(context, call, body));
  }

  private Call call(RoutingContext context, Operation operation) {
    Accept.requireJson(context.request().headers());
    return called(context, operation);
  }

  private Call called(RoutingContext context, Operation operation) {
    HttpServerRequest request = context.request();
    Optional<Duration> wait = Preferences.wait(request.headers().getAll("Prefer"));
    wait.ifPresent(
        time -> context.response().putHeader("Preference-Applied", "wait=" + time.toSeconds()));
    ResourceTarget target = ResourceTarget.parse(request.uri());
    context.put(Problems.DEVICE, target.di());
    Headers headers = Headers.NONE;
    for (String name : HEADERS) {
      List<String> values = request.headers().getAll(name);
      headers = values.isEmpty() ? headers : headers.with(name, String.join(", ", values));
    }
    return new Call(operation, target, headers, Deadline.in(wait.orElse(defaultDeadline)));
  }

  private void perform(RoutingContext context, Call call, String body) {
    ResourceTarget target = call.target();
    finder
        .ask(
            target.di(),
            target.account(),
            call.deadline(),
            device -> ask(context, call, device, body))
        .map(
            answer -> {
              AnswerWriter.write(context, target, answer);
              return null;
            })
        .onFailure(context::fail);
  }

  private Future<CrudnResponse> ask(
      RoutingContext context, Call call, DeviceView device, String body) {
    CrudnRequest request = request(context, call, device, body);
    // The router ends the request at its deadline and says why; the bus only watches the router.
    Deadline behind = call.deadline().later(GRACE);
    return Contracts.CRUDN.request(
        bus, Contracts.shardOf(device.account(), shards), request, behind);
  }

  private static CrudnRequest request(
      RoutingContext context, Call call, DeviceView device, String body) {
    context.put(Problems.ACCOUNT, device.account());
    return new CrudnRequest(
        device.account(),
        device.di(),
        call.operation(),
        call.target().path(),
        call.headers(),
        body,
        device.account(),
        call.target().via(),
        call.deadline());
  }
}
