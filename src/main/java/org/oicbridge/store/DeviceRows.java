package org.oicbridge.store;

import io.vertx.core.json.JsonArray;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Secret;

/** The devices with their links within one transaction. */
final class DeviceRows {
  private static final String OF_DEVICE = " WHERE account = ? AND di = ?";

  private final Connection connection;
  private final RegistryKey key;

  DeviceRows(Connection connection, RegistryKey key) {
    this.connection = connection;
    this.key = key;
  }

  /** Whose links or endpoints; position is that of the link. */
  private record At(String account, String di, int position) {}

  private static List<String> key(StoredDevice.Key key) {
    return List.of(AccountRows.text(key.account()), key.di().canonical());
  }

  void put(List<StoredDevice> devices) throws SQLException, StoreException {
    IdentityRows identities = new IdentityRows(connection);
    try (PreparedStatement put = connection.prepareStatement(Table.DEVICES.put());
        PreparedStatement clear = connection.prepareStatement("DELETE FROM links" + OF_DEVICE);
        PreparedStatement link = connection.prepareStatement(Table.LINKS.insert());
        PreparedStatement endpoint = connection.prepareStatement(Table.ENDPOINTS.insert())) {
      for (StoredDevice device : devices) {
        List<String> at = key(device.key());
        put(put, device, at);
        new Values(clear).texts(at);
        clear.executeUpdate();
        for (int i = 0; i < device.links().size(); i++) {
          put(link, endpoint, device.links().get(i), at, i);
        }
        if (device.owner() != null) {
          identities.put(IdentityRows.OWNER, device.di().canonical(), device.owner());
        }
      }
    }
  }

  private void put(PreparedStatement put, StoredDevice device, List<String> at)
      throws SQLException, StoreException {
    byte[] secret =
        device.keySecret() == null
            ? null
            : key.encrypt(device.keySecret().bytes(), Table.DEVICES.place(at, "key_secret"));
    new Values(put)
        .texts(at)
        .text(device.di().text())
        .text(device.rt())
        .text(device.name())
        .text(device.endpoint().toString())
        .text(device.owner())
        .text(device.expires() == null ? null : device.expires().toString())
        .text(device.keyIdentity())
        .number(device.version())
        .bytes(secret);
    put.executeUpdate();
  }

  private static void put(
      PreparedStatement put, PreparedStatement endpoint, Link link, List<String> at, int position)
      throws SQLException {
    new Values(put)
        .texts(at)
        .number(position)
        .text(link.href())
        .text(new JsonArray(link.rt()).encode())
        .text(new JsonArray(link.interfaces()).encode())
        .number(link.policy())
        .text(link.ins());
    put.executeUpdate();
    for (int i = 0; i < link.endpoints().size(); i++) {
      new Values(endpoint)
          .texts(at)
          .number(position)
          .number(i)
          .text(link.endpoints().get(i).toString());
      endpoint.executeUpdate();
    }
  }

  void delete(List<StoredDevice.Key> keys) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM devices" + OF_DEVICE)) {
      for (StoredDevice.Key device : keys) {
        new Values(delete).texts(key(device));
        delete.executeUpdate();
      }
    }
  }

  void deleteAll(Jid account) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM devices WHERE account = ?")) {
      new Values(delete).text(AccountRows.text(account));
      delete.executeUpdate();
    }
  }

  /** Gives the devices of an account to another one, with their keys encrypted for there. */
  void move(Jid from, Jid to) throws SQLException, StoreException {
    String before = AccountRows.text(from);
    String after = AccountRows.text(to);
    Map<String, byte[]> secrets = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT di, key_secret FROM devices WHERE account = ? AND key_secret IS NOT NULL")) {
      new Values(select).text(before);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          String place = Table.DEVICES.place(List.of(before, row.getString(1)), "key_secret");
          secrets.put(row.getString(1), key.decrypt(row.getBytes(2), place));
        }
      }
    }
    try (PreparedStatement move =
        connection.prepareStatement("UPDATE devices SET account = ? WHERE account = ?")) {
      new Values(move).text(after).text(before);
      move.executeUpdate();
    }
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE devices SET key_secret = ?" + OF_DEVICE)) {
      for (Map.Entry<String, byte[]> secret : secrets.entrySet()) {
        List<String> at = List.of(after, secret.getKey());
        byte[] encrypted = key.encrypt(secret.getValue(), Table.DEVICES.place(at, "key_secret"));
        new Values(update).bytes(encrypted).texts(at);
        update.executeUpdate();
      }
    }
  }

  List<StoredDevice> all() throws SQLException, StoreException {
    Map<At, List<Link>> links = links(endpoints());
    List<StoredDevice> devices = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(Table.DEVICES.select())) {
      while (row.next()) {
        List<String> at = List.of(row.getString("account"), row.getString("di"));
        String expires = row.getString("expires");
        byte[] secret = row.getBytes("key_secret");
        devices.add(
            new StoredDevice(
                AccountRows.jid(at.get(0)),
                new DeviceId(row.getString("spelling")),
                row.getString("rt"),
                row.getString("name"),
                URI.create(row.getString("endpoint")),
                row.getString("owner"),
                expires == null ? null : Instant.parse(expires),
                row.getString("key_identity"),
                secret == null
                    ? null
                    : new Secret(key.decrypt(secret, Table.DEVICES.place(at, "key_secret"))),
                links.getOrDefault(new At(at.get(0), at.get(1), 0), List.of()),
                row.getLong("version")));
      }
    }
    return devices;
  }

  private Map<At, List<Link>> links(Map<At, List<URI>> endpoints) throws SQLException {
    Map<At, List<Link>> links = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(Table.LINKS.select())) {
      while (row.next()) {
        String account = row.getString("account");
        String di = row.getString("di");
        At link = new At(account, di, row.getInt("position"));
        links
            .computeIfAbsent(new At(account, di, 0), device -> new ArrayList<>())
            .add(
                new Link(
                    row.getString("href"),
                    texts(row.getString("rt")),
                    texts(row.getString("interfaces")),
                    row.getInt("policy"),
                    row.getString("ins"),
                    endpoints.getOrDefault(link, List.of())));
      }
    }
    return links;
  }

  private Map<At, List<URI>> endpoints() throws SQLException {
    Map<At, List<URI>> endpoints = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(Table.ENDPOINTS.select())) {
      while (row.next()) {
        At link = new At(row.getString("account"), row.getString("di"), row.getInt("link"));
        endpoints
            .computeIfAbsent(link, at -> new ArrayList<>())
            .add(URI.create(row.getString("uri")));
      }
    }
    return endpoints;
  }

  private static List<String> texts(String json) {
    return new JsonArray(json).stream().map(String.class::cast).toList();
  }
}
