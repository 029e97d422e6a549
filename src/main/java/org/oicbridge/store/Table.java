package org.oicbridge.store;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the registry's tables have in common, for what goes through all of them.
 *
 * @param keys the columns of the primary key, all text but positions
 * @param columns all other columns but those of {@code secrets}
 * @param secrets the columns that are encrypted
 */
record Table(String name, List<String> keys, List<String> columns, List<String> secrets) {
  static final Table ACCOUNTS =
      new Table(
          "accounts",
          List.of("jid"),
          List.of(
              "standard",
              "active_jid",
              "active_address",
              "active_port",
              "active_tls",
              "pending_jid",
              "pending_address",
              "pending_port",
              "pending_tls",
              "failure",
              "version"),
          List.of("active_password", "pending_password"));

  static final Table DEVICES =
      new Table(
          "devices",
          List.of("account", "di"),
          List.of(
              "spelling", "rt", "name", "endpoint", "owner", "expires", "key_identity", "version"),
          List.of("key_secret"));

  static final Table LINKS =
      new Table(
          "links",
          List.of("account", "di", "position"),
          List.of("href", "rt", "interfaces", "policy", "ins"),
          List.of());

  static final Table ENDPOINTS =
      new Table(
          "endpoints", List.of("account", "di", "link", "position"), List.of("uri"), List.of());

  static final Table IDENTITIES =
      new Table("identities", List.of("kind", "subject"), List.of("value"), List.of());

  /** In the order in which they can be filled. */
  static final List<Table> ALL = List.of(ACCOUNTS, DEVICES, LINKS, ENDPOINTS, IDENTITIES);

  /** Keys, columns and secrets, in this order. */
  List<String> all() {
    return Stream.of(keys, columns, secrets).flatMap(List::stream).toList();
  }

  String insert() {
    return "INSERT INTO "
        + name
        + " ("
        + String.join(", ", all())
        + ") VALUES ("
        + all().stream().map(column -> "?").collect(Collectors.joining(", "))
        + ")";
  }

  /** Inserts a row, or replaces all of the one with its key. */
  String put() {
    String sets =
        Stream.concat(columns.stream(), secrets.stream())
            .map(column -> column + " = excluded." + column)
            .collect(Collectors.joining(", "));
    return insert() + " ON CONFLICT (" + String.join(", ", keys) + ") DO UPDATE SET " + sets;
  }

  String select() {
    return "SELECT "
        + String.join(", ", all())
        + " FROM "
        + name
        + " ORDER BY "
        + String.join(", ", keys);
  }

  /** What a secret is encrypted for: its table, the key of its row, its column. */
  String place(List<String> key, String column) {
    return name + "\0" + String.join("\0", key) + "\0" + column;
  }
}
