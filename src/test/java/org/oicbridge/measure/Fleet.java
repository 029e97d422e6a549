package org.oicbridge.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.TcpProxy;

/** Accounts on a Prosody behind a proxy, and CoAP devices, which are in this process. */
final class Fleet implements AutoCloseable {
  static final String PASSWORD = "correct horse";
  private static final int DEVICE_THREADS = 2;

  private final int accounts;
  private final ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
  private final TcpProxy proxy = TcpProxy.to(server.port());
  private final ScheduledExecutorService executor =
      Executors.newScheduledThreadPool(
          DEVICE_THREADS,
          task -> {
            Thread thread = new Thread(task, "devices");
            thread.setDaemon(true);
            return thread;
          });
  private final Executions executions = new Executions();
  private final List<FleetDevice> devices = new ArrayList<>();

  /**
   * Starts the server and the devices; number {@code n} belongs to account {@code n % accounts}.
   *
   * @param hosts where each device listens, one for each
   */
  Fleet(int accounts, List<String> hosts) {
    this.accounts = accounts;
    server.addUsers(IntStream.range(0, accounts).mapToObj(Fleet::user).toList(), PASSWORD);
    for (int number = 0; number < hosts.size(); number++) {
      devices.add(new FleetDevice(di(number), hosts.get(number), executor, executions));
    }
  }

  static String user(int account) {
    return "u" + account;
  }

  static String di(int number) {
    return "00000000-0000-4000-8000-%012x".formatted(number);
  }

  int accounts() {
    return accounts;
  }

  /** The bare JID of a device's account. */
  String jid(int number) {
    return user(number % accounts) + "@" + server.domain();
  }

  ProsodyPeer server() {
    return server;
  }

  TcpProxy proxy() {
    return proxy;
  }

  Executions executions() {
    return executions;
  }

  List<FleetDevice> devices() {
    return devices;
  }

  FleetDevice device(int number) {
    return devices.get(number);
  }

  /**
   * The accounts with their first devices, as the configuration has them.
   *
   * @param configured how many devices; the others come in some other way
   */
  String accountsYaml(int configured) {
    StringBuilder yaml = new StringBuilder("accounts:\n");
    for (int account = 0; account < accounts; account++) {
      yaml.append(
          "  - {jid: %s, password: %s, address: 127.0.0.1, port: %d, devices: ["
              .formatted(jid(account), PASSWORD, proxy.port()));
      for (int number = account; number < configured; number += accounts) {
        yaml.append(
            "{di: %s, rt: %s, endpoint: \"%s\"}, "
                .formatted(di(number), FleetDevice.RT, devices.get(number).endpoint()));
      }
      yaml.append("]}\n");
    }
    return yaml.toString();
  }

  @Override
  public void close() {
    devices.forEach(FleetDevice::close);
    executor.shutdownNow();
    proxy.close();
    server.close();
  }
}
