package org.oicbridge.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Identifiers and whom they belong to, within one transaction. */
final class IdentityRows {
  /** The gateway's own identifier; its subject is empty. */
  static final String SELF = "self";

  /** What the gateway's own session binds with, by bare JID. */
  static final String ACCOUNT = "account";

  /** Whom an identifier belongs to, by canonical identifier. */
  static final String OWNER = "owner";

  private final Connection connection;

  IdentityRows(Connection connection) {
    this.connection = connection;
  }

  Map<String, String> all(String kind) throws SQLException {
    Map<String, String> values = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement("SELECT subject, value FROM identities WHERE kind = ?")) {
      new Values(select).text(kind);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          values.put(row.getString(1), row.getString(2));
        }
      }
    }
    return values;
  }

  /** The value, or this one, which is kept then. */
  String getOrPut(String kind, String subject, String otherwise) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(Table.IDENTITIES.insert() + " ON CONFLICT DO NOTHING")) {
      new Values(insert).text(kind).text(subject).text(otherwise);
      insert.executeUpdate();
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT value FROM identities WHERE kind = ? AND subject = ?")) {
      new Values(select).text(kind).text(subject);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  void put(String kind, String subject, String value) throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(Table.IDENTITIES.put())) {
      new Values(put).text(kind).text(subject).text(value);
      put.executeUpdate();
    }
  }

  void delete(String kind, String subject) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM identities WHERE kind = ? AND subject = ?")) {
      new Values(delete).text(kind).text(subject);
      delete.executeUpdate();
    }
  }
}
