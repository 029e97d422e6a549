package org.oicbridge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.config.GatewayConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Serves the accounts and devices of a configuration until SIGTERM.")
final class RunCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;

  @Override
  public Integer call() {
    Optional<GatewayConfig> read = config.read();
    if (read.isEmpty()) {
      return 2;
    }
    Vertx vertx = Vertx.vertx(Gateway.vertxOptions());
    Gateway gateway = new Gateway(vertx, read.get());
    Future<Void> started = gateway.start().onSuccess(ok -> describe(gateway));
    return RunningProcess.serve(vertx, started, gateway::stop);
  }

  /** Tells where it serves; ports are known only now when the configuration leaves them free. */
  private static void describe(Gateway gateway) {
    OwnEndpoints endpoints = gateway.endpoints();
    if (!endpoints.equals(OwnEndpoints.NONE)) {
      System.out.printf(
          "coap port %s, secure port %s, device %s%n",
          port(endpoints.port()), port(endpoints.securePort()), gateway.id());
    }
    System.out.println("serving " + gateway.url() + "/api/v1/devices");
  }

  private static String port(int port) {
    return port < 0 ? "none" : Integer.toString(port);
  }
}
