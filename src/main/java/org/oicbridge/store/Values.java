package org.oicbridge.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** Fills a statement column by column. */
final class Values {
  private final PreparedStatement statement;
  private int column;

  Values(PreparedStatement statement) {
    this.statement = statement;
  }

  Values text(String value) throws SQLException {
    statement.setString(++column, storable(value));
    return this;
  }

  Values texts(List<String> values) throws SQLException {
    for (String value : values) {
      text(value);
    }
    return this;
  }

  Values number(long value) throws SQLException {
    statement.setLong(++column, value);
    return this;
  }

  Values number(Integer value) throws SQLException {
    if (value == null) {
      statement.setNull(++column, Types.INTEGER);
    } else {
      statement.setInt(++column, value);
    }
    return this;
  }

  Values bytes(byte[] value) throws SQLException {
    statement.setBytes(++column, value);
    return this;
  }

  /** A text, a number or null. */
  Values any(Object value) throws SQLException {
    if (value instanceof Number number) {
      return number(number.longValue());
    }
    if (value == null) {
      statement.setNull(++column, Types.NULL);
      return this;
    }
    return text(value.toString());
  }

  // PostgreSQL can't keep a NUL, and a surrogate alone comes back as something else from both.
  private static String storable(String value) {
    boolean whole =
        value == null
            || (value.indexOf('\0') < 0
                && value
                    .codePoints()
                    .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    if (!whole) {
      throw new IllegalArgumentException(
          "a text with a NUL character or half a surrogate pair can't be kept");
    }
    return value;
  }
}
