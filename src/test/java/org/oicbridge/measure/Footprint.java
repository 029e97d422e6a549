package org.oicbridge.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.oicbridge.measure.ProcessFiles.Live;

/**
 * What sessions cost a gateway: {@code Footprint SESSIONS ACCOUNTS DIR [HEAP [XMPP]]}. All log in,
 * and then three times out and in again; after each the threads, the memory and the descriptors are
 * printed, and at the end what the heap of a session consists of.
 */
public final class Footprint {
  private static final int ROUNDS = Integer.getInteger("footprint.rounds", 3);
  private static final int CLASSES = 40;

  /** After the last of them has told its presence a second time, and was acknowledged. */
  private static final int SETTLE_SECONDS = 25;

  private final FleetSite site;
  private final Path directory;
  private Row start;

  private record Row(
      int threads,
      long heap,
      long direct,
      long rssKib,
      long descriptors,
      long timers,
      Map<String, Live> classes) {}

  private Footprint(FleetSite site, Path directory) {
    this.site = site;
    this.directory = directory;
  }

  public static void main(String[] args) throws Exception {
    int sessions = Integer.parseInt(args[0]);
    int accounts = Integer.parseInt(args[1]);
    Path directory = Path.of(args[2]).toAbsolutePath();
    String heap = args.length > 3 ? args[3] : "512m";
    String xmpp = args.length > 4 ? args[4] : "loginsPerSecond: 500, loginsAtOnce: 64";
    Files.createDirectories(directory);
    FleetServer server = FleetServer.embedded(directory, accounts);
    try (FleetSite site = new FleetSite(directory, server, sessions, accounts, heap, xmpp)) {
      new Footprint(site, directory).run();
    }
    System.exit(0);
  }

  private void run() throws IOException, InterruptedException {
    System.out.printf(
        "%-12s %8s %7s %9s %9s %12s %8s %12s %6s %7s%n",
        "",
        "sessions",
        "threads",
        "heap KiB",
        "direct",
        "KiB/session",
        "RSS MiB",
        "KiB/session",
        "fds",
        "timers");
    start = look("start");
    Row last = null;
    for (int round = 0; round <= ROUNDS; round++) {
      double cpu = site.gateway().files().cpuSeconds();
      long begun = System.nanoTime();
      site.logIn();
      double seconds = (System.nanoTime() - begun) / 1e9;
      cpu = site.gateway().files().cpuSeconds() - cpu;
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      last = look("in " + (round + 1));
      System.out.printf(
          "             all online after %.1f s, %.2f ms of processor time a session%n",
          seconds, cpu * 1000 / site.sessions());
      if (round < ROUNDS) {
        site.logOut();
        TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        look("out " + (round + 1));
      }
    }
    attribute(last);
  }

  private Row look(String name) throws IOException, InterruptedException {
    MeasuredGateway.Figures figures = MeasuredGateway.Figures.parse(site.gateway().ask(""));
    ProcessFiles files = site.gateway().files();
    List<String> histogram = files.histogram();
    Files.write(directory.resolve("histogram-" + name.replace(' ', '-') + ".txt"), histogram);
    Map<String, Live> classes = ProcessFiles.byClass(histogram);
    Row row =
        new Row(
            figures.threads(),
            figures.heap(),
            figures.direct(),
            files.status("VmRSS"),
            files.descriptors(),
            timers(classes),
            classes);
    Row base = start == null ? row : start;
    double memory = row.heap + row.direct - base.heap - base.direct;
    System.out.printf(
        "%-12s %8d %7d %9d %9d %12.1f %8d %12.1f %6d %7d%n",
        name,
        site.online(),
        row.threads,
        row.heap >> 10,
        row.direct >> 10,
        memory / 1024 / site.sessions(),
        row.rssKib >> 10,
        (double) (row.rssKib - base.rssKib) / site.sessions(),
        row.descriptors,
        row.timers);
    return row;
  }

  /** Those of Vert.x, of Netty's event loops and of sessions. */
  private static long timers(Map<String, Live> classes) {
    return classes.entrySet().stream()
        .filter(
            entry ->
                entry.getKey().equals("io.netty.util.concurrent.ScheduledFutureTask")
                    || entry.getKey().endsWith(".TimerWheel$Timer")
                    || entry.getKey().endsWith("$InternalTimerHandler"))
        .mapToLong(entry -> entry.getValue().instances())
        .sum();
  }

  private void attribute(Row row) {
    System.out.println("\nbytes    objects  a session, by class");
    List<Map.Entry<String, Live>> growth = new ArrayList<>();
    row.classes.forEach(
        (name, live) -> {
          Live before = start.classes.getOrDefault(name, new Live(0, 0));
          growth.add(
              Map.entry(
                  name,
                  new Live(live.instances() - before.instances(), live.bytes() - before.bytes())));
        });
    growth.sort(Comparator.comparingLong(entry -> -entry.getValue().bytes()));
    for (Map.Entry<String, Live> entry : growth.subList(0, Math.min(CLASSES, growth.size()))) {
      System.out.printf(
          "%8.1f %8.2f %s%n",
          (double) entry.getValue().bytes() / site.sessions(),
          (double) entry.getValue().instances() / site.sessions(),
          entry.getKey());
    }
  }
}
