package org.oicbridge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.oicbridge.sandbox.SimulatedDevices;
import org.oicbridge.sandbox.SimulatedFleet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = "Serves many simulated CoAP devices on loopback, from one process.")
final class SimulateCommand implements Callable<Integer> {
  private static final int PER_ACCOUNT = 9;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-n", "--devices"},
      paramLabel = "N",
      defaultValue = "9",
      description = "How many devices (${DEFAULT-VALUE}); each takes a file descriptor.")
  private int count;

  @Option(
      names = "--coap",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      converter = LoopbackAddress.Converter.class,
      description =
          "Where the first device listens, the others on the next ports (${DEFAULT-VALUE}); port 0"
              + " for free ones. After 10000 devices the next address begins.")
  private LoopbackAddress coap;

  @Option(
      names = "--list",
      paramLabel = "FILE",
      description = "Writes the devices there, in the form that POST /api/v1/devices takes.")
  private Path list;

  @Option(
      names = "--accounts",
      paramLabel = "N",
      description = "How many accounts the list spreads them over (one for nine devices).")
  private Integer accounts;

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      defaultValue = SimulatedAccounts.DOMAIN,
      description = "The XMPP domain of the accounts in the list (${DEFAULT-VALUE}).")
  private String domain;

  @Override
  public Integer call() {
    if (count < 1 || count > SimulatedFleet.MAX) {
      throw wrong("--devices is " + count + ", expected 1 to " + SimulatedFleet.MAX);
    }
    if (accounts != null && accounts < 1) {
      throw wrong("--accounts is " + accounts + ", expected 1 or more");
    }
    Vertx vertx = Vertx.vertx(Gateway.vertxOptions());
    Future<SimulatedFleet> fleet =
        SimulatedFleet.start(vertx, coap.host(), coap.port(), count)
            .compose(running -> vertx.executeBlocking(() -> write(running)))
            .onSuccess(SimulateCommand::describe);
    return RunningProcess.serve(
        vertx, fleet, () -> fleet.succeeded() ? fleet.result().stop() : Future.succeededFuture());
  }

  private SimulatedFleet write(SimulatedFleet fleet) throws IOException {
    if (list == null) {
      return fleet;
    }
    int spread = accounts == null ? (count + PER_ACCOUNT - 1) / PER_ACCOUNT : accounts;
    try (BufferedWriter out = Files.newBufferedWriter(list)) {
      List<SimulatedDevices.Device> devices = fleet.devices();
      for (int number = 0; number < devices.size(); number++) {
        SimulatedDevices.Device device = devices.get(number);
        out.write(
            new JsonObject()
                .put("di", device.di())
                .put("account", SimulatedAccounts.user(number % spread) + "@" + domain)
                .put("name", device.name())
                .put("rt", device.rt())
                .put("endpoint", device.endpoint().toString())
                .encode());
        out.newLine();
      }
    }
    return fleet;
  }

  private static void describe(SimulatedFleet fleet) {
    List<SimulatedDevices.Device> devices = fleet.devices();
    URI first = devices.get(0).endpoint();
    URI last = devices.get(devices.size() - 1).endpoint();
    System.out.printf("ready %d devices, %s to %s%n", devices.size(), first, last);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
