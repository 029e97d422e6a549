package org.oicbridge.load;

/** What the command line says: {@code -Dload.NAME=VALUE}. */
final class Settings {
  /** Whether a run takes a few seconds, as in a build. */
  static final boolean SHORT = Boolean.getBoolean("load.short");

  private Settings() {}

  /**
   * A number of the command line.
   *
   * @param full what it is when the command line does not say
   * @param brief the same in a short run
   */
  static int number(String name, int full, int brief) {
    return Integer.getInteger("load." + name, SHORT ? brief : full);
  }

  /** A text of the command line, or null. */
  static String text(String name) {
    return System.getProperty("load." + name);
  }

  /** A text of the command line that must be there. */
  static String required(String name) {
    String value = text(name);
    if (value == null) {
      throw new IllegalArgumentException("load." + name + " is missing");
    }
    return value;
  }
}
