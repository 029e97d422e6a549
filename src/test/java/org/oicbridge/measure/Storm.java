package org.oicbridge.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What becomes of a fleet whose server goes away: {@code Storm embedded|prosody SESSIONS ACCOUNTS
 * RATE DIR}. RATE is how many logins begin in a second at most. Exits with 1 when it takes longer
 * than it may until all are back, when there were more logins than permitted, or when less than 99
 * % were resumed after the blip, which only the embedded server has.
 */
public final class Storm {
  private static final double ALLOWANCE = 1.3;

  /** Of the counting in intervals of time. */
  private static final double ROUNDING = 1.02;

  private static final double RESUMED = 0.99;
  private static final int BLIP_SECONDS = 20;

  /** After which a session's earlier failures are forgotten. */
  private static final int HEALTHY_SECONDS = 65;

  private final FleetSite site;
  private final FleetServer server;
  private final double permitted;
  private final int rate;
  private boolean passed = true;

  private Storm(FleetSite site, FleetServer server, int rate) {
    this.site = site;
    this.server = server;
    this.rate = rate;
    this.permitted = ALLOWANCE * site.sessions() / rate;
  }

  public static void main(String[] args) throws Exception {
    boolean embedded = args[0].equals("embedded");
    int sessions = Integer.parseInt(args[1]);
    int accounts = Integer.parseInt(args[2]);
    int rate = Integer.parseInt(args[3]);
    Path directory = Path.of(args[4]).toAbsolutePath();
    String more = args.length > 5 ? ", " + args[5] : "";
    Files.createDirectories(directory);
    FleetServer server =
        embedded ? FleetServer.embedded(directory, accounts) : FleetServer.prosody(accounts);
    boolean passed;
    try (FleetSite site =
        new FleetSite(
            directory, server, sessions, accounts, "512m", "loginsPerSecond: " + rate + more)) {
      passed = new Storm(site, server, rate).run();
    } finally {
      server.close();
    }
    System.exit(passed ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    double cpu = site.gateway().files().cpuSeconds();
    long begun = System.nanoTime();
    site.logIn();
    tell("all registered and logged in", begun, cpu);
    TimeUnit.SECONDS.sleep(HEALTHY_SECONDS);

    count();
    cpu = site.gateway().files().cpuSeconds();
    server.killAndRestart();
    begun = System.nanoTime();
    site.awaitOnline(site.sessions());
    judge(tell("server killed and restarted", begun, cpu));

    if (server instanceof FleetServer.Embedded embedded) {
      TimeUnit.SECONDS.sleep(HEALTHY_SECONDS);
      FleetServer.Embedded.Count before = embedded.count();
      cpu = site.gateway().files().cpuSeconds();
      embedded.cut();
      TimeUnit.SECONDS.sleep(BLIP_SECONDS);
      embedded.heal();
      begun = System.nanoTime();
      site.awaitOnline(site.sessions());
      double seconds = tell("connections cut for " + BLIP_SECONDS + " s", begun, cpu);
      FleetServer.Embedded.Count after = embedded.count();
      double share = (double) (after.resumptions() - before.resumptions()) / site.sessions();
      System.out.printf("  %.2f %% resumed, at most %.0f logins/s%n", share * 100, after.peak());
      verdict(share >= RESUMED && after.peak() <= rate * ROUNDING && seconds <= permitted);
    }
    return passed;
  }

  /** What was counted before does not count. */
  private double count() throws IOException {
    return server instanceof FleetServer.Embedded embedded ? embedded.count().peak() : 0;
  }

  private double tell(String what, long begun, double cpu) throws IOException {
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "%s: all %d online after %.1f s, %.2f ms of processor time a session%n",
        what,
        site.sessions(),
        seconds,
        (site.gateway().files().cpuSeconds() - cpu) * 1000 / site.sessions());
    return seconds;
  }

  private void judge(double seconds) throws IOException {
    double peak = count();
    System.out.printf(
        "  %.1f s permitted, %.2f of sessions / rate; at most %.0f logins/s%n",
        permitted, seconds * rate / site.sessions(), peak);
    verdict(seconds <= permitted && peak <= rate * ROUNDING);
  }

  private void verdict(boolean good) {
    System.out.println(good ? "  passed" : "  FAILED");
    passed &= good;
  }
}
