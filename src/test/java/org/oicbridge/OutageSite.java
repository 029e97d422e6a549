package org.oicbridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.oicbridge.peers.EjabberdPeer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.RestartableServer;
import org.oicbridge.peers.TcpProxy;

/**
 * A gateway that hosts devices, as a process, and another one on the same accounts that asks them
 * through a real XMPP server. Both reach the server through a proxy that can cut their connections.
 */
final class OutageSite implements AutoCloseable {
  private final int accounts;
  private final int perAccount;
  private final List<String> ids = new ArrayList<>();
  private final Path folder = Files.createTempDirectory("outage");
  private final RestartableServer server;
  private final TcpProxy proxy;
  private final CountingDevices devices;
  private final GatewayFixture asking;
  private GatewayProcess hosting;

  /** Servers tuned for a fleet. */
  enum Server {
    PROSODY {
      @Override
      RestartableServer start() {
        return ProsodyPeer.start(ProsodyPeer.Options.tuned());
      }
    },
    EJABBERD {
      @Override
      RestartableServer start() {
        return EjabberdPeer.start(EjabberdPeer.Options.tuned());
      }
    };

    abstract RestartableServer start();
  }

  OutageSite(Server kind, int accounts, int perAccount) throws IOException {
    this.accounts = accounts;
    this.perAccount = perAccount;
    for (int account = 0; account < accounts; account++) {
      for (int number = 0; number < perAccount; number++) {
        ids.add(di(account, number));
      }
    }
    server = kind.start();
    for (int account = 0; account < accounts; account++) {
      server.addUser("user" + account, "secret" + account);
    }
    proxy = TcpProxy.to(server.port());
    devices = new CountingDevices(ids);
    startHosting();
    asking = GatewayFixture.start(folder.resolve("asking"), yaml(false));
  }

  private static String di(int account, int number) {
    return "00000000-0000-4000-8000-%06x%06x".formatted(account, number);
  }

  private String yaml(boolean hosts) {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        xmpp: {trust: "%s"}
        coap:
          host: 127.0.0.1
          nstart: 64
        accounts:
        """
            .formatted(server.caFile()));
    for (int account = 0; account < accounts; account++) {
      yaml.append(
          """
            - jid: user%d@%s
              password: secret%d
              address: 127.0.0.1
              port: %d
              tls: starttls
              devices: %s
          """
              .formatted(account, server.domain(), account, proxy.port(), hosts ? "" : "[]"));
      for (int number = 0; hosts && number < perAccount; number++) {
        String di = di(account, number);
        yaml.append(
            "      - {di: %s, rt: oic.d.sensor, endpoint: \"%s\"}%n"
                .formatted(di, devices.endpoint(di)));
      }
    }
    return yaml.toString();
  }

  /** The identifiers of all devices. */
  List<String> ids() {
    return ids;
  }

  RestartableServer server() {
    return server;
  }

  TcpProxy proxy() {
    return proxy;
  }

  CountingDevices devices() {
    return devices;
  }

  /** Where the gateway that asks has its API. */
  String api() {
    return asking.url();
  }

  /**
   * How many sessions both gateways have, one for each device and one of their own on each account.
   */
  int sessions() {
    return accounts * (perAccount + 1) + accounts;
  }

  void startHosting() throws IOException {
    hosting = GatewayProcess.start(Files.createDirectories(folder.resolve("hosting")), yaml(true));
  }

  /** Ends the gateway that hosts the devices, by SIGKILL or as one should. */
  void endHosting(boolean kill) throws InterruptedException {
    if (kill) {
      hosting.kill();
    } else {
      hosting.stop();
    }
  }

  /** The sum of a metric over both gateways. */
  double metric(String name) throws IOException, InterruptedException {
    return Scrape.sum(asking.get("/metrics").text(), name) + Scrape.sum(hosting.metrics(), name);
  }

  int resumed() throws IOException, InterruptedException {
    return (int) metric("oicgw_xmpp_resumptions_total\\{outcome=\"resumed\"}");
  }

  /** Whether all sessions have a connection. */
  boolean connected() throws IOException, InterruptedException {
    return metric("oicgw_xmpp_sessions\\{[^}]*state=\"online\"[^}]*}") == sessions()
        && metric("oicgw_xmpp_detached") == 0;
  }

  @Override
  public void close() throws IOException {
    asking.close();
    hosting.close();
    devices.close();
    proxy.close();
    server.close();
  }
}
