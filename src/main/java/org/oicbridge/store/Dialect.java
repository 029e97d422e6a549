package org.oicbridge.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What differs between the two databases; everything else is the same SQL. */
interface Dialect {
  /** Names the database for people. */
  String name();

  /** Opens connections for the migrations. */
  DataSource dataSource();

  /** A connection on which nothing has begun. */
  Connection connect() throws SQLException;

  /** Begins a transaction that may write. */
  String begin();

  /** Then lets all that is read be of one moment. */
  String snapshot();

  /** The type of a column of bytes. */
  String bytesType();

  /**
   * What follows the query for the key's row, so that the key stays what it is until the end of the
   * transaction.
   */
  String whileWriting();

  /** Whether the connection is gone, so that what wasn't committed on it has never happened. */
  boolean lost(SQLException error);

  /** Removes what deleted and replaced rows have left behind. */
  void wipe() throws SQLException;
}
