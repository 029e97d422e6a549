package org.oicbridge;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.oicbridge.peers.ProsodyPeer;

/**
 * Opens many sessions on a real Prosody from one process, asks every device through it, and prints
 * the threads that this took: {@code SessionFleet [ACCOUNTS [DEVICES_PER_ACCOUNT]]}. Each account
 * has the gateway's own session besides. Exits with 1 when a device can't be reached.
 */
public final class SessionFleet {
  private static final int AT_ONCE = 50;

  private SessionFleet() {}

  public static void main(String[] args) throws Exception {
    int accounts = args.length > 0 ? Integer.parseInt(args[0]) : 50;
    int devices = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    Path data = Files.createTempDirectory("session-fleet");
    boolean complete;
    try (ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
        PlainDevice device = PlainDevice.start(new NameResource("d"))) {
      for (int account = 0; account < accounts; account++) {
        server.addUser("user" + account, "secret" + account);
      }
      String yaml = configuration(server, device, accounts, devices);
      long started = System.nanoTime();
      try (GatewayFixture gateway = GatewayFixture.start(data, yaml)) {
        for (int account = 0; account < accounts; account++) {
          gateway.awaitAccounts("user" + account + "@" + server.domain());
          for (int number = 0; number < devices; number++) {
            gateway.awaitOnline(di(account, number));
          }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        int reached = ask(gateway, accounts, devices);
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        System.out.printf(
            "%d sessions on %d accounts online after %.1f s; %d of %d devices reached through"
                + " Prosody; %d threads%n",
            accounts * (devices + 1), accounts, seconds, reached, accounts * devices, threads);
        complete = reached == accounts * devices;
      }
    }
    System.exit(complete ? 0 : 1);
  }

  private static String di(int account, int number) {
    return "00000000-0000-4000-8000-%06x%06x".formatted(account, number);
  }

  private static String configuration(
      ProsodyPeer server, PlainDevice device, int accounts, int devices) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("xmpp: {trust: \"").append(server.caFile()).append("\"}\naccounts:\n");
    for (int account = 0; account < accounts; account++) {
      yaml.append(
          """
            - jid: user%d@%s
              password: secret%d
              address: 127.0.0.1
              port: %d
              devices:
          """
              .formatted(account, server.domain(), account, server.port()));
      for (int number = 0; number < devices; number++) {
        String di = di(account, number);
        yaml.append(
            "      - {di: %s, rt: oic.d.sensor, endpoint: \"%s/d/%s\"}%n"
                .formatted(di, device.endpoint(), di));
      }
    }
    return yaml.toString();
  }

  private static int ask(GatewayFixture gateway, int accounts, int devices) {
    int reached = 0;
    List<String> waiting = new ArrayList<>();
    for (int account = 0; account < accounts; account++) {
      for (int number = 0; number < devices; number++) {
        waiting.add(di(account, number));
        if (waiting.size() == AT_ONCE) {
          reached += askAll(gateway, waiting);
          waiting.clear();
        }
      }
    }
    return reached + askAll(gateway, waiting);
  }

  private static int askAll(GatewayFixture gateway, List<String> ids) {
    List<Future<GatewayFixture.Answer>> answers =
        ids.stream()
            .map(
                di ->
                    gateway.send(
                        HttpMethod.GET, "/api/v1/devices/" + di + "/resources/name?via=xmpp", null))
            .toList();
    int reached = 0;
    for (int i = 0; i < ids.size(); i++) {
      GatewayFixture.Answer answer = GatewayFixture.await(answers.get(i));
      if (answer.text().equals("\"" + ids.get(i) + "\"")) {
        reached++;
      } else {
        System.out.println(ids.get(i) + ": " + answer.status() + " " + answer.text());
      }
    }
    return reached;
  }

  /** Serves {@code /d/{device}/name} and answers with the device, which is of the plain kind. */
  static final class NameResource extends CoapResource {
    NameResource(String name) {
      super(name);
    }

    @Override
    public Resource getChild(String name) {
      return name.equals("oic") ? null : this;
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      String first = exchange.getRequestOptions().getUriPath().get(1);
      exchange.respond(
          ResponseCode.CONTENT, "\"" + first + "\"", MediaTypeRegistry.APPLICATION_JSON);
    }
  }
}
