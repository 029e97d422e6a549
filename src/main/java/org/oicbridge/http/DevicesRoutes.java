package org.oicbridge.http;

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
  private static final Set<String> FILTERS =
      Set.of("account", "rt", "origin", "state", "limit", "cursor");

  private final DeviceFinder finder;
  private final Duration deadline;
  private final DeviceWrites writes;
  private final DeviceImport imports;
  private final WriteBody bodies;

  DevicesRoutes(
      DeviceFinder finder,
      Duration deadline,
      DeviceWrites writes,
      DeviceImport imports,
      WriteBody bodies) {
    this.finder = finder;
    this.deadline = deadline;
    this.writes = writes;
    this.imports = imports;
    this.bodies = bodies;
  }

  void mount(Router router) {
    new Endpoint(LIST)
        .on(HttpMethod.GET, this::list)
        .on(HttpMethod.POST, imports::handle)
        .mount(router, LIST);
    new Endpoint(PREFIX + "{di}")
        .on(HttpMethod.GET, this::one)
        .on(HttpMethod.PUT, writes::put)
        .on(HttpMethod.DELETE, writes::delete)
        .mount(router, PREFIX + ":di");
    bodies.mount(router, PREFIX + ":di");
    new Endpoint(PREFIX + "{di}/adopt")
        .on(HttpMethod.POST, writes::adopt)
        .mount(router, PREFIX + ":di/adopt");
    bodies.mount(router, PREFIX + ":di/adopt");
  }

  private void list(RoutingContext context) {
    Accept.requireJson(context.request().headers());
    DeviceQuery query = query(Parameters.of(context, FILTERS));
    finder
        .page(query, Deadline.in(deadline))
        .onSuccess(page -> JsonAnswer.send(context, 200, json(page)))
        .onFailure(context::fail);
  }

  private void one(RoutingContext context) {
    Accept.requireJson(context.request().headers());
    DeviceId di = Parameters.device(context.pathParam("di"));
    context.put(Problems.DEVICE, di);
    QueryParameters parameters = Parameters.of(context, Set.of("account"));
    finder
        .find(
            di,
            parameters.get("account").map(Parameters::account).orElse(null),
            Deadline.in(deadline))
        .map(
            device -> {
              JsonAnswer.sendVersion(context, DeviceJson.write(device), device.version());
              return null;
            })
        .onFailure(context::fail);
  }

  private static DeviceQuery query(QueryParameters parameters) {
    return new DeviceQuery(
        parameters.get("account").map(Parameters::account).orElse(null),
        null,
        parameters.get("rt").orElse(null),
        choice(parameters, "origin", DeviceView.Origin.values(), DeviceView.Origin::text),
        choice(parameters, "state", DeviceView.State.values(), DeviceView.State::text),
        parameters.get("cursor").map(Cursor::key).orElse(null),
        Parameters.limit(parameters));
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

  private static JsonObject json(DeviceFinder.Page page) {
    JsonArray devices = new JsonArray();
    page.devices().forEach(device -> devices.add(DeviceJson.write(device)));
    JsonObject list = new JsonObject().put("devices", devices);
    if (page.more()) {
      list.put("next", Cursor.of(page.devices().get(page.devices().size() - 1).key()));
    }
    return list;
  }
}
