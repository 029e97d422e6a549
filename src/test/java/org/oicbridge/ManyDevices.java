package org.oicbridge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Secret;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.store.StoredDevice;

/**
 * Devices to import, spread over accounts of a configuration file, and what becomes of each.
 *
 * @param accounts how many accounts
 * @param devices how many devices, numbered from 0
 */
record ManyDevices(ProsodyPeer server, int accounts, int devices) {
  private static final String RT = "oic.d.sensor";
  private static final String PASSWORD = "correct horse";

  /** Makes the accounts; once for a server. */
  void addAccounts() {
    server.addUsers(
        IntStream.range(0, accounts).mapToObj(i -> account(i).local()).toList(), PASSWORD);
  }

  /** The sections of the configuration that name the accounts. */
  String yaml() {
    StringBuilder yaml = new StringBuilder();
    yaml.append("xmpp: {trust: \"").append(server.caFile()).append("\"}\n");
    // Nobody answers at their endpoints, and it is their sessions that are looked at.
    yaml.append("coap: {probe: {interval: 0}}\naccounts:\n");
    for (int i = 0; i < accounts; i++) {
      yaml.append(
          "  - {jid: %s, password: %s, address: 127.0.0.1, port: %d}%n"
              .formatted(account(i), PASSWORD, server.port()));
    }
    return yaml.toString();
  }

  static String di(int number) {
    return "00000000-0000-4000-9000-%012d".formatted(number);
  }

  private Jid account(int number) {
    return Jid.parse("u" + number % accounts + "@" + server.domain());
  }

  private static byte[] key(int number) {
    return ("the key of number " + number).getBytes(StandardCharsets.UTF_8);
  }

  /** The line that imports it. */
  String line(int number) {
    return new JsonObject()
            .put("di", di(number))
            .put("account", account(number).toString())
            .put("rt", RT)
            .put("name", "sensor " + number)
            .put("endpoint", "coaps://127.0.0.1:9/" + number)
            .put(
                "psk",
                new JsonObject()
                    .put("identity", "sensor-" + number)
                    .put("key", Base64.getEncoder().encodeToString(key(number))))
            .encode()
        + "\n";
  }

  /** The lines that import these, some together. */
  List<String> lines(List<Integer> numbers, int together) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < numbers.size(); i++) {
      part.append(line(numbers.get(i)));
      if ((i + 1) % together == 0 || i + 1 == numbers.size()) {
        parts.add(part.toString());
        part.setLength(0);
      }
    }
    return parts;
  }

  List<Integer> all() {
    return IntStream.range(0, devices).boxed().toList();
  }

  /** What the API says of it when its session is up. */
  JsonObject view(int number) {
    return new JsonObject()
        .put("di", di(number))
        .put("account", account(number).toString())
        .put("rt", new JsonArray().add(RT))
        .put("name", "sensor " + number)
        .put("origin", "hosted")
        .put("jid", account(number) + "/OIC/1.0/" + RT + "/" + di(number))
        .put("state", "online");
  }

  /** What the registry has of it, but for its version. */
  StoredDevice stored(int number, long version) {
    return new StoredDevice(
        account(number),
        new DeviceId(di(number)),
        RT,
        "sensor " + number,
        URI.create("coaps://127.0.0.1:9/" + number),
        null,
        null,
        "sensor-" + number,
        new Secret(key(number)),
        List.of(),
        version);
  }
}
