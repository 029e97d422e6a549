package org.oicbridge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;

/** The list of devices and its entries. */
final class DevicesRoutes {
  static final String PREFIX = "/api/v1/devices/";

  private static final String LIST = "/api/v1/devices";
  private static final int DEFAULT_LIMIT = 100;
  private static final Set<String> FILTERS =
      Set.of("account", "rt", "origin", "state", "limit", "cursor");

  private final DeviceFinder finder;
  private final Duration deadline;

  DevicesRoutes(DeviceFinder finder, Duration deadline) {
    this.finder = finder;
    this.deadline = deadline;
  }

  void mount(Router router) {
    new Endpoint(LIST).on(HttpMethod.GET, this::list).mount(router, LIST);
    new Endpoint(PREFIX + "{di}").on(HttpMethod.GET, this::one).mount(router, PREFIX + ":di");
  }

  private void list(RoutingContext context) {
    Accept.requireJson(context.request().headers());
    DeviceQuery query = query(parameters(context, FILTERS));
    finder
        .page(query, Deadline.in(deadline))
        .map(page -> send(context, json(page)))
        .onFailure(context::fail);
  }

  private void one(RoutingContext context) {
    Accept.requireJson(context.request().headers());
    DeviceId di = Parameters.device(context.pathParam("di"));
    context.put(Problems.DEVICE, di);
    QueryParameters parameters = parameters(context, Set.of("account"));
    finder
        .find(
            di,
            parameters.get("account").map(Parameters::account).orElse(null),
            Deadline.in(deadline))
        .map(device -> send(context, json(device)))
        .onFailure(context::fail);
  }

  private static QueryParameters parameters(RoutingContext context, Set<String> names) {
    QueryParameters parameters = new QueryParameters(context.request().query(), names);
    if (!parameters.rest().isEmpty()) {
      throw new Refusal(
          400,
          "invalid-parameter",
          "parameter "
              + parameters.rest().split("[=&]", 2)[0]
              + " is unknown, known are "
              + names.stream().sorted().collect(Collectors.joining(", ")));
    }
    return parameters;
  }

  private static DeviceQuery query(QueryParameters parameters) {
    return new DeviceQuery(
        parameters.get("account").map(Parameters::account).orElse(null),
        null,
        parameters.get("rt").orElse(null),
        choice(parameters, "origin", DeviceView.Origin.values(), DeviceView.Origin::text),
        choice(parameters, "state", DeviceView.State.values(), DeviceView.State::text),
        parameters.get("cursor").map(Cursor::key).orElse(null),
        parameters.get("limit").map(DevicesRoutes::limit).orElse(DEFAULT_LIMIT));
  }

  private static <E> E choice(
      QueryParameters parameters, String name, E[] values, Function<E, String> text) {
    String wanted = parameters.get(name).orElse(null);
    if (wanted == null) {
      return null;
    }
    for (E value : values) {
      if (text.apply(value).equals(wanted)) {
        return value;
      }
    }
    throw Refusal.parameter(
        name, wanted, Arrays.stream(values).map(text).collect(Collectors.joining(" or ")));
  }

  private static int limit(String text) {
    int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > DeviceFinder.MAX_LIMIT) {
      throw Refusal.parameter("limit", text, "a whole number from 1 to " + DeviceFinder.MAX_LIMIT);
    }
    return limit;
  }

  private static JsonObject json(DeviceFinder.Page page) {
    JsonArray devices = new JsonArray();
    page.devices().forEach(device -> devices.add(json(device)));
    JsonObject list = new JsonObject().put("devices", devices);
    if (page.more()) {
      list.put("next", Cursor.of(page.devices().get(page.devices().size() - 1).key()));
    }
    return list;
  }

  private static JsonObject json(DeviceView device) {
    return new JsonObject()
        .put("di", device.di().text())
        .put("account", device.account().toString())
        .put("rt", new JsonArray(device.rt()))
        .put("name", device.name())
        .put("origin", device.origin().text())
        .put("jid", device.jid().toString())
        .put("state", device.state().text());
  }

  private static Void send(RoutingContext context, JsonObject body) {
    if (!context.response().closed()) {
      context
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(body.toBuffer());
    }
    return null;
  }
}
