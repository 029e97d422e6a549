package org.oicbridge.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.store.StoredAccount.Login;

/** The accounts within one transaction. */
final class AccountRows {
  private final Connection connection;
  private final RegistryKey key;

  AccountRows(Connection connection, RegistryKey key) {
    this.connection = connection;
    this.key = key;
  }

  /** How a bare JID stands in the tables; null is the default account that has none. */
  static String text(Jid jid) {
    return jid == null ? "" : jid.bare().toString();
  }

  static Jid jid(String text) {
    return text.isEmpty() ? null : Jid.parse(text);
  }

  void put(StoredAccount account) throws SQLException, StoreException {
    String jid = text(account.jid());
    try (PreparedStatement put = connection.prepareStatement(Table.ACCOUNTS.put())) {
      Values values = new Values(put).text(jid).number(account.standard() ? 1 : 0);
      login(values, account.active());
      login(values, account.pending());
      values.text(account.failure()).number(account.version());
      values.bytes(password(jid, "active_password", account.active()));
      values.bytes(password(jid, "pending_password", account.pending()));
      put.executeUpdate();
    }
    new IdentityRows(connection).put(IdentityRows.ACCOUNT, jid, account.gatewayId().text());
  }

  private static void login(Values values, Login login) throws SQLException {
    values
        .text(login == null || login.jid() == null ? null : login.jid().toString())
        .text(login == null ? null : login.address())
        .number(login == null ? null : (Integer) login.port())
        .text(login == null ? null : login.tls());
  }

  private byte[] password(String jid, String column, Login login) throws StoreException {
    if (login == null || login.password() == null) {
      return null;
    }
    byte[] plain = login.password().getBytes(StandardCharsets.UTF_8);
    return key.encrypt(plain, Table.ACCOUNTS.place(List.of(jid), column));
  }

  boolean delete(Jid jid) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM accounts WHERE jid = ?")) {
      new Values(delete).text(text(jid));
      return delete.executeUpdate() > 0;
    }
  }

  boolean has(Jid jid) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT 1 FROM accounts WHERE jid = ?")) {
      new Values(select).text(text(jid));
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  List<StoredAccount> all() throws SQLException, StoreException {
    Map<String, String> ids = new IdentityRows(connection).all(IdentityRows.ACCOUNT);
    List<StoredAccount> accounts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(Table.ACCOUNTS.select())) {
      while (row.next()) {
        String jid = row.getString("jid");
        accounts.add(
            new StoredAccount(
                jid(jid),
                row.getInt("standard") == 1,
                new DeviceId(ids.get(jid)),
                login(row, jid, "active_"),
                login(row, jid, "pending_"),
                row.getString("failure"),
                row.getLong("version")));
      }
    }
    return accounts;
  }

  private Login login(ResultSet row, String account, String prefix)
      throws SQLException, StoreException {
    int port = row.getInt(prefix + "port");
    if (row.wasNull()) {
      return null;
    }
    String jid = row.getString(prefix + "jid");
    byte[] password = row.getBytes(prefix + "password");
    String place = Table.ACCOUNTS.place(List.of(account), prefix + "password");
    return new Login(
        jid == null ? null : Jid.parse(jid),
        row.getString(prefix + "address"),
        port,
        row.getString(prefix + "tls"),
        password == null ? null : new String(key.decrypt(password, place), StandardCharsets.UTF_8));
  }
}
