package org.oicbridge.measure;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.oicbridge.GatewayProcess;

/**
 * What a device that never answers and an account that floods do to the others: {@code Fairness
 * [PAIRS [DIR]]}. Pairs of a disturbed and an undisturbed phase, interleaved with pairs in which
 * nothing differs. Exits with 1 when the median ratio of the others' 99th percentiles is more than
 * a fifth above that of the pairs in which nothing differs.
 */
public final class Fairness {
  /** What the requests of the disturbers may take. */
  static final int WAIT_SECONDS = 2;

  private static final double BOUND = 1.2;
  private static final int ACCOUNTS = 12;
  private static final int DEVICES = 36;

  /** On account 1, whose other devices are measured. */
  private static final int SILENT = 1;

  private static final int SILENT_PER_SECOND = 5;
  private static final int FLOOD_CONNECTIONS = 256;
  private static final int FLOODED_DELAY_MILLIS = 200;
  private static final int PER_SECOND = 200;
  private static final int SECONDS = 10;
  private static final int SETTLE_SECONDS = 3;
  private static final long SEED = 20_240_101;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Fleet fleet = new Fleet(ACCOUNTS, Collections.nCopies(DEVICES, "127.0.0.1"));
  private final Random random = new Random(SEED);
  private final GatewayProcess gateway;
  private final Probe probe;
  private final Api api;
  private final Process flood;
  private final Writer toFlood;
  private final BufferedReader fromFlood;
  private final BufferedWriter phases;
  private final BufferedWriter latencies;
  private final List<String> measured;
  private int failed;

  /** Two phases, one after the other. */
  private record Pair(Phase disturbed, Phase undisturbed) {
    double ratio(Phase.Of of) {
      return disturbed.p99(of) / undisturbed.p99(of);
    }

    double medianRatio(Phase.Of of) {
      return disturbed.median(of) / undisturbed.median(of);
    }
  }

  private Fairness(Path folder) throws IOException {
    Path data = Files.createDirectories(folder.resolve("gateway"));
    String yaml =
        "xmpp: {trust: \"%s\"}%ncoap: {host: 127.0.0.1}%n".formatted(fleet.server().caFile());
    gateway = GatewayProcess.start(data, yaml + fleet.accountsYaml(DEVICES));
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close));
    probe = new Probe(gateway);
    api = new Api(vertx, gateway);
    measured =
        IntStream.range(0, DEVICES)
            .filter(number -> !floods(number) && number != SILENT)
            .mapToObj(Fleet::di)
            .toList();
    fleet.devices().stream()
        .filter(device -> flooded().contains(device.di()))
        .forEach(device -> device.delay(FLOODED_DELAY_MILLIS));
    flood = startFlood(folder);
    Runtime.getRuntime().addShutdownHook(new Thread(flood::destroyForcibly));
    toFlood = flood.outputWriter(StandardCharsets.UTF_8);
    fromFlood = flood.inputReader(StandardCharsets.UTF_8);
    phases = Files.newBufferedWriter(folder.resolve("phases.csv"));
    phases.write(
        "pair,kind,half,disturbed,requests,failed,p50,p99,p50 direct,p99 direct,p50 xmpp,p99 xmpp,"
            + "flood served/refused/other,silent asked,gateway cpu\n");
    latencies = Files.newBufferedWriter(folder.resolve("latencies.csv"));
    latencies.write("pair,kind,half,disturbed,path,millis\n");
  }

  private static boolean floods(int number) {
    return number % ACCOUNTS == 0;
  }

  private static List<String> flooded() {
    return IntStream.range(0, DEVICES).filter(Fairness::floods).mapToObj(Fleet::di).toList();
  }

  /** With the lowest priority, so that not the flood's own work is what disturbs. */
  private Process startFlood(Path folder) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "nice",
                "-n",
                "19",
                "java",
                "-cp",
                System.getProperty("java.class.path"),
                Flood.class.getName(),
                Integer.toString(gateway.port()),
                Integer.toString(FLOOD_CONNECTIONS)));
    command.addAll(flooded());
    return new ProcessBuilder(command).redirectError(folder.resolve("flood.log").toFile()).start();
  }

  public static void main(String[] args) throws Exception {
    int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    Path folder = Path.of(args.length > 1 ? args[1] : "target/fairness");
    Files.createDirectories(folder);
    System.out.printf(
        "%d pairs of each kind, raw figures in %s%n"
            + "others: %d requests/s on %d accounts, half through XMPP, latency from when each was"
            + " due, %d s a phase, %d s before it to settle%n"
            + "disturbed: account 0 floods on %d connections (process at nice 19, devices that take"
            + " %d ms), %d requests/s to a device on account 1 that never answers%n",
        pairs,
        folder,
        PER_SECOND,
        ACCOUNTS - 1,
        SECONDS,
        SETTLE_SECONDS,
        FLOOD_CONNECTIONS,
        FLOODED_DELAY_MILLIS,
        SILENT_PER_SECOND);
    boolean passed = new Fairness(folder).run(pairs);
    System.out.println(passed ? "PASSED" : "FAILED");
    System.exit(passed ? 0 : 1);
  }

  private boolean run(int count) throws Exception {
    awaitAll();
    fleet.device(SILENT).silent(true);
    for (int i = 0; i < 3; i++) {
      // Not kept: the first requests compile the gateway's code.
      phase(true);
    }
    failed = 0;
    List<Pair> disturbed = new ArrayList<>();
    List<Pair> same = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      disturbed.add(pair(i, "disturbed", true));
      same.add(pair(i, "same", false));
    }
    boolean fair = true;
    System.out.printf(
        "%n%-26s %27s %27s%n",
        "ratios, of the others'", "disturbed/undisturbed", "nothing differs");
    System.out.printf(
        "%-26s %8s %9s %8s %8s %9s %8s%n", "", "min", "median", "max", "min", "median", "max");
    for (Phase.Of of : Phase.Of.values()) {
      fair &= print(of, disturbed, same);
    }
    System.out.println("the others' requests that failed: " + failed);
    close();
    return fair && failed == 0;
  }

  private static boolean print(Phase.Of of, List<Pair> disturbed, List<Pair> same) {
    String path = of == Phase.Of.ALL ? "" : of == Phase.Of.DIRECT ? ", direct" : ", through XMPP";
    line("median" + path, ratios(disturbed, of, true), ratios(same, of, true));
    List<Double> with = ratios(disturbed, of, false);
    List<Double> without = ratios(same, of, false);
    line("99th percentile" + path, with, without);
    return Series.at(with, 0.5) <= BOUND * Series.at(without, 0.5);
  }

  private static List<Double> ratios(List<Pair> pairs, Phase.Of of, boolean median) {
    return pairs.stream().map(pair -> median ? pair.medianRatio(of) : pair.ratio(of)).toList();
  }

  private static void line(String name, List<Double> with, List<Double> without) {
    System.out.printf(
        "%-26s %8.2f %9.3f %8.2f %8.2f %9.3f %8.2f%n",
        name,
        Series.at(with, 0),
        Series.at(with, 0.5),
        Series.at(with, 1),
        Series.at(without, 0),
        Series.at(without, 0.5),
        Series.at(without, 1));
  }

  private void awaitAll() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    for (int number = 0; number < DEVICES; number++) {
      String path = Api.resource(Fleet.di(number), "value") + "?via=xmpp";
      while (!api.call(HttpMethod.GET, path, null).await().ok()) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(path + " is not there");
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  /** The disturbed phase comes first in every other pair, so that what drifts cancels. */
  private Pair pair(int number, String kind, boolean disturb) throws Exception {
    Phase[] halves = new Phase[2];
    int disturbedHalf = number % 2;
    for (int half = 0; half < 2; half++) {
      boolean disturbed = disturb && half == disturbedHalf;
      halves[half] = phase(disturbed);
      write(number + "," + kind + "," + half + "," + disturbed, halves[half]);
    }
    return new Pair(halves[disturbedHalf], halves[1 - disturbedHalf]);
  }

  private Phase phase(boolean disturbed) throws Exception {
    if (disturbed) {
      tellFlood("go");
    }
    long silentTimer = disturbed ? vertx.setPeriodic(1000 / SILENT_PER_SECOND, id -> ask()) : -1;
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    double before = probe.cpuSeconds();
    long begun = System.nanoTime();
    OpenLoop others = new OpenLoop(api, measured, random);
    others.run(PER_SECOND, SECONDS);
    double cpu = (probe.cpuSeconds() - before) / ((System.nanoTime() - begun) / 1e9);
    String flooded = "0 0 0";
    if (disturbed) {
      vertx.cancelTimer(silentTimer);
      tellFlood("stop");
      flooded = fromFlood.readLine();
    }
    List<Double> all = new ArrayList<>(others.direct());
    all.addAll(others.around());
    failed += others.failed();
    int silent = disturbed ? SILENT_PER_SECOND * (SECONDS + SETTLE_SECONDS) : 0;
    return new Phase(others.direct(), others.around(), all, others.failed(), flooded, silent, cpu);
  }

  private void ask() {
    api.call(HttpMethod.GET, Api.resource(Fleet.di(SILENT), "value"), null, WAIT_SECONDS)
        .onSuccess(
            answer -> {
              if (answer.ok()) {
                throw new IllegalStateException("the silent device answered");
              }
            });
  }

  private void tellFlood(String command) throws IOException {
    toFlood.write(command + "\n");
    toFlood.flush();
  }

  private void write(String name, Phase phase) throws IOException {
    phases.write(
        "%s,%d,%d,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%s,%d,%.2f%n"
            .formatted(
                name,
                phase.millis().size(),
                phase.failed(),
                phase.median(Phase.Of.ALL),
                phase.p99(Phase.Of.ALL),
                phase.median(Phase.Of.DIRECT),
                phase.p99(Phase.Of.DIRECT),
                phase.median(Phase.Of.AROUND),
                phase.p99(Phase.Of.AROUND),
                phase.flood().replace(' ', '/'),
                phase.silent(),
                phase.cpu()));
    phases.flush();
    for (double millis : phase.direct()) {
      latencies.write("%s,direct,%.3f%n".formatted(name, millis));
    }
    for (double millis : phase.around()) {
      latencies.write("%s,xmpp,%.3f%n".formatted(name, millis));
    }
  }

  private void close() throws Exception {
    toFlood.close();
    flood.waitFor(10, TimeUnit.SECONDS);
    phases.close();
    latencies.close();
    gateway.stop();
    fleet.close();
  }
}
