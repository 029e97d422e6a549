package org.oicbridge.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * All rows of the registry as lines of JSON, with their secrets in the clear, within one
 * transaction. The first line names the format, the last one counts the rows.
 */
final class RegistryRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "oic-bridge registry 1";

  private final Connection connection;
  private final RegistryKey key;

  RegistryRows(Connection connection, RegistryKey key) {
    this.connection = connection;
    this.key = key;
  }

  boolean isEmpty() throws SQLException {
    for (Table table : Table.ALL) {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(table.select() + " LIMIT 1")) {
        if (row.next()) {
          return false;
        }
      }
    }
    return true;
  }

  void deleteAll() throws SQLException {
    for (int i = Table.ALL.size() - 1; i >= 0; i--) {
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("DELETE FROM " + Table.ALL.get(i).name());
      }
    }
  }

  /** Writes every row, and gives how many there were. */
  int writeTo(Writer out) throws SQLException, StoreException, IOException {
    line(out, JSON.createObjectNode().put("format", FORMAT));
    int rows = 0;
    for (Table table : Table.ALL) {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(table.select())) {
        while (row.next()) {
          ObjectNode line = JSON.createObjectNode();
          line.set(table.name(), json(table, row));
          line(out, line);
          rows++;
        }
      }
    }
    line(out, JSON.createObjectNode().put("rows", rows));
    return rows;
  }

  private static void line(Writer out, JsonNode node) throws IOException {
    out.write(JSON.writeValueAsString(node) + "\n");
  }

  private ObjectNode json(Table table, ResultSet row) throws SQLException, StoreException {
    ObjectNode json = JSON.createObjectNode();
    List<String> at = new ArrayList<>();
    for (String column : table.keys()) {
      at.add(row.getString(column));
      json.putPOJO(column, row.getObject(column));
    }
    for (String column : table.columns()) {
      json.putPOJO(column, row.getObject(column));
    }
    for (String column : table.secrets()) {
      byte[] secret = row.getBytes(column);
      json.put(column, secret == null ? null : key.decrypt(secret, table.place(at, column)));
    }
    return json;
  }

  /** Inserts every row, and gives how many there were. */
  int readFrom(BufferedReader in) throws SQLException, StoreException, IOException {
    if (!FORMAT.equals(next(in).path("format").asText())) {
      throw new StoreException("what is in the file is no \"" + FORMAT + "\"");
    }
    int rows = 0;
    JsonNode line = next(in);
    for (Table table : Table.ALL) {
      try (PreparedStatement insert = connection.prepareStatement(table.insert())) {
        while (line.has(table.name())) {
          insert(insert, table, line.get(table.name()));
          rows++;
          line = next(in);
        }
      }
    }
    // What follows isn't read by reading lines, but the last segment must be what was written.
    if (line.path("rows").asInt(-1) != rows || in.readLine() != null) {
      throw new StoreException("the file has rows that are not known, or lacks some");
    }
    return rows;
  }

  private void insert(PreparedStatement insert, Table table, JsonNode row)
      throws SQLException, StoreException, IOException {
    Values values = new Values(insert);
    List<String> at = new ArrayList<>();
    for (String column : table.keys()) {
      at.add(row.path(column).asText());
      values.any(value(row, column));
    }
    for (String column : table.columns()) {
      values.any(value(row, column));
    }
    for (String column : table.secrets()) {
      byte[] plain = row.path(column).binaryValue();
      values.bytes(plain == null ? null : key.encrypt(plain, table.place(at, column)));
    }
    insert.executeUpdate();
  }

  private static Object value(JsonNode row, String column) {
    JsonNode value = row.path(column);
    if (value.isNumber()) {
      return value.longValue();
    }
    return value.isTextual() ? value.textValue() : null;
  }

  private static JsonNode next(BufferedReader in) throws IOException, StoreException {
    String line = in.readLine();
    if (line == null) {
      throw new StoreException("the file ends too early");
    }
    return JSON.readTree(line);
  }
}
