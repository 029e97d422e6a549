package org.oicbridge.http;

import io.vertx.core.eventbus.EventBus;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.oicbridge.bus.Adopt;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** Registers, forgets and adopts single devices. */
final class DeviceWrites {
  private final EventBus bus;
  private final DeviceFinder finder;
  private final Duration deadline;

  DeviceWrites(EventBus bus, DeviceFinder finder, Duration deadline) {
    this.bus = bus;
    this.finder = finder;
    this.deadline = deadline;
  }

  void put(RoutingContext context) {
    JsonBodies.requireType(context.request().headers());
    DeviceId di = device(context);
    Parameters.of(context, Set.of());
    Precondition precondition = Preconditions.of(context.request().headers());
    Deadline until = Deadline.in(deadline);
    WriteBody.await(
        context, until, body -> register(context, DeviceJson.read(body, di, precondition), until));
  }

  private void register(RoutingContext context, PutDevices.Entry entry, Deadline until) {
    context.put(Problems.ACCOUNT, entry.account());
    Contracts.PUT_DEVICES
        .request(bus, Contracts.HOME, new PutDevices(List.of(entry)), until)
        .map(
            outcomes -> {
              changed(context, outcomes.outcomes().get(0));
              return null;
            })
        .onFailure(context::fail);
  }

  private static void changed(RoutingContext context, DeviceOutcome outcome) {
    if (outcome.problem() != null) {
      JsonAnswer.refuse(context, outcome.status(), outcome.problem());
      return;
    }
    JsonAnswer.sendChanged(
        context,
        outcome.status(),
        DeviceJson.write(outcome.device()),
        outcome.device().version(),
        DeviceJson.location(outcome.device()));
  }

  void delete(RoutingContext context) {
    DeviceId di = device(context);
    Jid account =
        Parameters.of(context, Set.of("account"))
            .get("account")
            .map(Parameters::account)
            .orElse(null);
    Precondition precondition = Preconditions.of(context.request().headers());
    Deadline until = Deadline.in(deadline);
    if (account != null) {
      forget(context, new DeleteDevice(account, di, precondition), until);
      return;
    }
    finder
        .findAdopted(di, null, until)
        .onSuccess(
            device -> forget(context, new DeleteDevice(device.account(), di, precondition), until))
        .onFailure(context::fail);
  }

  private void forget(RoutingContext context, DeleteDevice question, Deadline until) {
    context.put(Problems.ACCOUNT, question.account());
    Contracts.DELETE_DEVICE
        .request(bus, Contracts.HOME, question, until)
        .onSuccess(
            outcome -> {
              if (outcome.problem() != null) {
                JsonAnswer.refuse(context, outcome.status(), outcome.problem());
              } else {
                JsonAnswer.sendNothing(context);
              }
            })
        .onFailure(context::fail);
  }

  void adopt(RoutingContext context) {
    JsonBodies.requireType(context.request().headers());
    DeviceId di = device(context);
    Parameters.of(context, Set.of());
    Deadline until = Deadline.in(deadline);
    WriteBody.await(
        context,
        until,
        body ->
            Contracts.ADOPT
                .request(bus, Contracts.HOME, new Adopt(di, DeviceJson.readAccount(body)), until)
                .onSuccess(outcome -> changed(context, outcome))
                .onFailure(context::fail));
  }

  private static DeviceId device(RoutingContext context) {
    Accept.requireJson(context.request().headers());
    DeviceId di = Parameters.device(context.pathParam("di"));
    context.put(Problems.DEVICE, di);
    return di;
  }
}
