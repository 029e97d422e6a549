package org.oicbridge.measure;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.oicbridge.GatewayProcess;

/**
 * Loads a gateway for a long time while faults happen at random, and looks whether anything grows:
 * {@code Soak [MINUTES [SEED [DIR]]]}. Exits with 1 when something does, when a request was carried
 * out twice, lost or not answered, or when a device is not back at the end.
 */
public final class Soak {
  private static final int ACCOUNTS = 20;
  private static final int DEVICES = 100;
  private static final int CONFIGURED = 80;
  private static final int PUBLISHED = 95;
  private static final int JUDGED_FROM_MINUTES = 15;
  private static final int START_SECONDS = 120;
  private static final int BACK_SECONDS = 180;
  private static final int QUIET_SECONDS = 90;

  private final int minutes;
  private final Path folder;
  private final Random random;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final io.vertx.core.Context loop = vertx.getOrCreateContext();
  private final Fleet fleet = new Fleet(ACCOUNTS, hosts());
  private final List<String> wrong = new ArrayList<>();
  private final GatewayProcess gateway;
  private final Thread hook;
  private final Probe probe;
  private final Api api;
  private final Series series;
  private final SoakLoad load;
  private final SoakSubscribers subscribers;
  private final SoakPeers peers;
  private final SoakRegistrations registrations;
  private final SoakFaults faults;
  private final SoakSample sample;

  private Soak(int minutes, long seed, Path folder) throws IOException {
    this.minutes = minutes;
    this.folder = folder;
    this.random = new Random(seed);
    Path data = Files.createDirectories(folder.resolve("gateway"));
    this.gateway = GatewayProcess.start(data, yaml());
    // The run may be ended before its end.
    this.hook = new Thread(gateway::close);
    Runtime.getRuntime().addShutdownHook(hook);
    this.probe = new Probe(gateway);
    this.api = new Api(vertx, gateway);
    this.series = new Series(folder.resolve("series.csv"));
    this.load =
        new SoakLoad(vertx, api, fleet.executions(), CONFIGURED, new Random(random.nextLong()));
    this.subscribers = new SoakSubscribers(vertx, api, CONFIGURED, new Random(random.nextLong()));
    this.peers = new SoakPeers(api, fleet, CONFIGURED);
    this.registrations =
        new SoakRegistrations(
            vertx,
            api,
            fleet,
            CONFIGURED,
            PUBLISHED,
            gateway.coapPort(),
            new Random(random.nextLong()));
    this.faults =
        new SoakFaults(
            gateway,
            fleet,
            CONFIGURED,
            new Random(random.nextLong()),
            folder.resolve("faults.log"),
            minutes);
    this.sample = new SoakSample(folder, gateway, probe, load, subscribers, fleet.executions());
  }

  public static void main(String[] args) throws Exception {
    int minutes = args.length > 0 ? Integer.parseInt(args[0]) : 60;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    Path folder = Path.of(args.length > 2 ? args[2] : "target/soak-" + seed);
    Files.createDirectories(folder);
    System.out.printf("%d minutes, seed %d, everything in %s%n", minutes, seed, folder);
    boolean passed = new Soak(minutes, seed, folder).run();
    System.out.println(passed ? "PASSED" : "FAILED");
    System.exit(passed ? 0 : 1);
  }

  /** Who publishes may name its own address only. */
  private static List<String> hosts() {
    return IntStream.range(0, DEVICES)
        .mapToObj(number -> number < PUBLISHED ? "127.0.0.1" : SoakRegistrations.PUBLISHER)
        .toList();
  }

  private String yaml() {
    return """
        xmpp: {trust: "%3$s", pingInterval: 10, pingTimeout: 5, reconnectCeiling: 20}
        ibb: {idleTimeout: 30}
        coap:
          host: 127.0.0.1
          server:
            host: 127.0.0.1
            port: 0
            publishPrefixes: [%2$s/32]
            identities:
              - {name: porch, account: %1$s, rights: [read, publish], source: %2$s/32}
        """
            .formatted(fleet.jid(0), SoakRegistrations.PUBLISHER, fleet.server().caFile())
        + fleet.accountsYaml(CONFIGURED);
  }

  private boolean run() throws Exception {
    awaitAll(CONFIGURED, START_SECONDS, "at the start");
    onLoop(
        () -> {
          load.start();
          subscribers.start();
          registrations.start();
          return null;
        });
    peers.start(random.nextLong());
    faults.start();
    measure();
    faults.stop();
    onLoop(
        () -> {
          registrations.settle();
          return null;
        });
    awaitAll(DEVICES, BACK_SECONDS, "at the end");
    end();
    judge();
    close();
    return wrong.isEmpty();
  }

  private void measure() throws Exception {
    long length = TimeUnit.MINUTES.toMillis(minutes);
    long interval = Math.max(5000, Math.min(20_000, length / 24));
    long begun = System.nanoTime();
    for (long due = 0; due <= length; due += interval) {
      long ahead = due - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      if (ahead > 0) {
        TimeUnit.MILLISECONDS.sleep(ahead);
      }
      long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
      series.add(onLoop(sample.prepare(second)));
    }
  }

  /** Waits until each device is online, answers, and answers through XMPP. */
  private void awaitAll(int devices, int seconds, String when) throws Exception {
    long begun = System.nanoTime();
    long deadline = begun + TimeUnit.SECONDS.toNanos(seconds);
    List<String> missing = missing(devices);
    while (!missing.isEmpty() && System.nanoTime() - deadline < 0) {
      TimeUnit.SECONDS.sleep(1);
      missing = missing(devices);
    }
    System.out.printf(
        "%d of %d devices online and answering both ways %s, after %.0f s%n",
        devices - missing.size(), devices, when, (System.nanoTime() - begun) / 1e9);
    missing.forEach(device -> wrong.add(when + " missing: " + device));
  }

  private List<String> missing(int devices) throws Exception {
    Map<String, JsonObject> there = gateway.devices();
    List<String> missing = new ArrayList<>();
    for (int number = 0; number < devices; number++) {
      JsonObject device = there.get(Fleet.di(number));
      if (device == null || !device.getString("state").equals("online")) {
        missing.add(Fleet.di(number) + " is " + device);
      }
    }
    if (missing.isEmpty()) {
      for (int number = 0; number < devices; number++) {
        for (String via : List.of("", "?via=xmpp")) {
          String path = Api.resource(Fleet.di(number), "value") + via;
          Api.Answer answer = api.call(HttpMethod.GET, path, null).await();
          if (!answer.ok()) {
            missing.add(path + " answers " + answer.status() + " " + answer.text());
          }
        }
      }
    }
    return missing;
  }

  /** Stops all load, and looks whether anything is left of it. */
  private void end() throws Exception {
    onLoop(
        () -> {
          load.stop();
          subscribers.stop();
          return null;
        });
    peers.stop();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    Map<String, Long> left = sample.leftovers(probe.metrics());
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      TimeUnit.SECONDS.sleep(1);
      left = sample.leftovers(probe.metrics());
    }
    System.out.println("left when nobody asks any more: " + (left.isEmpty() ? "nothing" : left));
    left.forEach((name, value) -> wrong.add(name + " is " + value + " when nobody asks any more"));
    Files.writeString(folder.resolve("metrics-at-the-end.txt"), probe.metrics());
  }

  private void judge() throws Exception {
    System.out.printf(
        "%nseries, last two thirds of %d minutes; grows: more than %.0f %% of its mean by least"
            + " squares, and the last third's median above the second's upper quartile%n",
        minutes, Series.BOUND * 100);
    System.out.printf(
        "%-16s %14s %14s %9s %14s %14s%n",
        "series", "mean", "per hour", "grown", "median 2/3", "median 3/3");
    for (String name : SoakSample.JUDGED) {
      Series.Trend trend = series.trend(name);
      System.out.printf(
          "%-16s %14.1f %14.1f %8.2f%% %14.1f %14.1f %s%n",
          name,
          trend.mean(),
          trend.perHour(),
          trend.grown() * 100,
          trend.second(),
          trend.last(),
          trend.grows() ? "GROWS" : "");
      if (trend.grows() && minutes >= JUDGED_FROM_MINUTES) {
        wrong.add(name + " grows");
      }
    }
    if (minutes < JUDGED_FROM_MINUTES) {
      System.out.printf("under %d minutes growth is not judged%n", JUDGED_FROM_MINUTES);
    }
    onLoop(
        () -> {
          System.out.printf("%n%d requests, %s%n", load.sent(), load.outcomes());
          System.out.printf(
              "event streams: %d opened, %d refused, %d chunks%n",
              subscribers.opened(), subscribers.refused(), subscribers.chunks());
          return null;
        });
    System.out.println("peers: " + peers.outcomes());
    System.out.println("registrations: " + registrations.outcomes());
    System.out.println("faults: " + faults.done() + ", disturbed: " + faults.broken());
    Executions executions = fleet.executions();
    System.out.printf(
        "updates: %d carried out, %d twice; %d retransmissions reached a device that had been"
            + " restarted%n",
        executions.count(), executions.twice().size(), executions.retransmitted());
    executions.twice().forEach(twice -> wrong.add("carried out twice: " + twice));
    wrong.addAll(load.wrong());
    long waiting = load.waiting();
    if (waiting > 0) {
      wrong.add(waiting + " requests have no answer");
    }
  }

  private void close() throws Exception {
    series.close();
    faults.close();
    registrations.close();
    int status = gateway.stop();
    Runtime.getRuntime().removeShutdownHook(hook);
    if (status != 0) {
      wrong.add("the gateway ended with " + status + " when it was stopped");
    }
    Files.writeString(folder.resolve("prosody.log"), fleet.server().log());
    fleet.close();
    wrong.stream().limit(50).forEach(one -> System.out.println("WRONG: " + one));
  }

  private <T> T onLoop(Callable<T> action) {
    Promise<T> done = Promise.promise();
    loop.runOnContext(
        now -> {
          try {
            done.complete(action.call());
          } catch (Exception e) {
            done.fail(e);
          }
        });
    Future<T> future = done.future();
    return future.await();
  }
}
