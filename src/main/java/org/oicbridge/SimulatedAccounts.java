package org.oicbridge;

/** How the commands that stand in for servers and devices name accounts, so that they fit. */
final class SimulatedAccounts {
  static final String DOMAIN = "localhost";

  private SimulatedAccounts() {}

  /** The localpart of an account. */
  static String user(int number) {
    return "user" + number;
  }
}
