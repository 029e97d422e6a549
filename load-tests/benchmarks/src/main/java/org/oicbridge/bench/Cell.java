package org.oicbridge.bench;

/**
 * How many pairs of sessions talk at the same time.
 *
 * @param pairs from 1
 * @param outstanding round trips that each pair has under way, from 1
 */
record Cell(int pairs, int outstanding) {
  static Cell parse(String text) {
    int by = text.indexOf('x');
    try {
      return new Cell(
          Integer.parseInt(text.substring(0, by)), Integer.parseInt(text.substring(by + 1)));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\", expected PAIRSxOUTSTANDING", e);
    }
  }

  @Override
  public String toString() {
    return pairs + "x" + outstanding;
  }
}
