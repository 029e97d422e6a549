package org.oicbridge.bench;

/** Somebody who carries documents from one session to another and back, both in this process. */
interface Echo {
  /**
   * Logs in so many pairs of sessions and opens what they talk through.
   *
   * @param silent sessions beside them, which do nothing
   */
  void open(int pairs, int silent) throws Exception;

  /** Has round trips go on until the tally says that it is enough. */
  void run(Cell cell, Tally tally) throws Exception;
}
