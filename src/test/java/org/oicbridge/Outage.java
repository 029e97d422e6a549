package org.oicbridge;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.oicbridge.OutageCases.Outcome;

/**
 * Cuts connections, kills a real XMPP server, restarts devices and gateways under requests and
 * observations, and prints what was resumed, lost, doubled, and how long all took to be back:
 * {@code Outage [prosody|ejabberd|both [ACCOUNTS [DEVICES_PER_ACCOUNT]]]}. Exits with 1 when
 * anything is executed twice or not back in time, or when a cut connection costs a request or a
 * session.
 */
public final class Outage {
  private static final int CUT_SECONDS = 20;
  private static final int DOWN_SECONDS = 5;
  private static final long BOUND_SECONDS = 180;

  private Outage() {}

  public static void main(String[] args) throws Exception {
    String servers = args.length > 0 ? args[0].toUpperCase(Locale.ROOT) : "BOTH";
    int accounts = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    int devices = args.length > 2 ? Integer.parseInt(args[2]) : 9;
    List<OutageSite.Server> kinds =
        servers.equals("BOTH")
            ? List.of(OutageSite.Server.values())
            : List.of(OutageSite.Server.valueOf(servers));
    boolean good = true;
    for (OutageSite.Server kind : kinds) {
      good &= run(kind, accounts, devices);
    }
    System.exit(good ? 0 : 1);
  }

  private static boolean run(OutageSite.Server kind, int accounts, int devices) throws Exception {
    long start = System.nanoTime();
    try (OutageCases cases = new OutageCases(kind, accounts, devices, BOUND_SECONDS)) {
      System.out.printf(
          Locale.ROOT,
          "%s: %d sessions, %d devices observed after %.1f s%n",
          kind,
          cases.sessions(),
          accounts * devices,
          (System.nanoTime() - start) / 1e9);
      return Stream.of(
              print(kind, cases.cut(CUT_SECONDS)),
              print(kind, cases.restartServer(DOWN_SECONDS)),
              print(kind, cases.restartDevices()),
              print(kind, cases.restartGateway(false)),
              print(kind, cases.restartGateway(true)))
          .allMatch(Outcome::good);
    }
  }

  private static Outcome print(OutageSite.Server kind, Outcome outcome) {
    System.out.println(kind + ", " + outcome);
    return outcome;
  }
}
