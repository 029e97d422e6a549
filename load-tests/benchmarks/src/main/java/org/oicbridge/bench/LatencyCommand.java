package org.oicbridge.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.Callable;
import org.oicbridge.bench.Figures.Bound;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What the gateway adds to the latency of HTTP, XMPP and CoAP, at a fixed rate however long"
          + " answers take: HTTP to a device through XMPP, less what each leg takes alone.",
      "The legs: an HTTP server that answers at once; a stanza to another session and back, with"
          + " nothing but the XMPP verticle at either end; bare CoAP datagrams to the device."
    })
final class LatencyCommand implements Callable<Integer> {
  private static final double MEDIAN_MICROS = 300;
  private static final double TAIL_MICROS = 2000;
  private static final int WARM_UP_AT_ONCE = 16;
  private static final int WARM_UP_RATE = 5000;
  private static final String MEDIAN = "us at the median";
  private static final String TAIL = "us at the 99th percentile";

  @Option(names = "--rounds", defaultValue = "5", description = "(${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "Requests begun in a second (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--warm-up",
      paramLabel = "COUNT",
      defaultValue = "50000",
      description = "Requests before anything is measured (${DEFAULT-VALUE}).")
  private long warmUp;

  @Option(
      names = "--measure",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long each is measured (${DEFAULT-VALUE}).")
  private double measure;

  @Option(
      names = "--devices",
      defaultValue = "16",
      description = "Devices that the requests are spread over (${DEFAULT-VALUE}).")
  private int devices;

  private Figures figures;

  @Override
  public Integer call() throws Exception {
    figures = new Figures("latency", System.out);
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    try (Server server = Server.embedded(figures::note, false, 1, false);
        Devices behind = Devices.start(figures::note, devices);
        ChildJvm http = ChildJvm.bench(figures::note, List.of("http-leg-child"));
        GatewayProcess gateway =
            GatewayProcess.start(figures::note, server.site(), behind.ports());
        HttpLoad load = new HttpLoad()) {
      int httpPort = Integer.parseInt(http.await("ready "));
      XmppLeg xmpp = new XmppLeg(server.site());
      xmpp.open();
      List<String> counters = gateway.counters("?via=xmpp");
      // Each process has to have compiled what it does before that is timed.
      warm(load, httpPort, List.of("/"));
      warm(load, gateway.port(), counters);
      xmpp.run(WARM_UP_RATE, 1, warmUp);
      new CoapLeg().run(vertx, behind.ports().get(1), WARM_UP_RATE, 1, warmUp);
      long counted = Math.round(rate * measure);
      for (int round = 0; round < rounds; round++) {
        add("http", paced(load, httpPort, List.of("/")));
        add("xmpp", xmpp.run(rate, rate, counted));
        add("coap", new CoapLeg().run(vertx, behind.ports().get(0), rate, rate, counted));
        add("whole", paced(load, gateway.port(), counters));
        addDifference(MEDIAN, round);
        addDifference(TAIL, round);
      }
      xmpp.close();
    } finally {
      vertx.close();
    }
    figures.print();
    figures.judge(MEDIAN, "added", Bound.AT_MOST, MEDIAN_MICROS);
    figures.judge(TAIL, "added", Bound.AT_MOST, TAIL_MICROS);
    return 0;
  }

  private void warm(HttpLoad load, int port, List<String> uris) throws InterruptedException {
    load.run(
        new HttpLoad.Target(port, uris, WARM_UP_AT_ONCE, 0),
        new Counted(),
        new Plan(warmUp, 0.1),
        List.of());
  }

  private Latencies paced(HttpLoad load, int port, List<String> uris) throws InterruptedException {
    return load.run(
            new HttpLoad.Target(port, uris, 0, rate),
            new Counted(),
            new Plan(rate, measure),
            List.of())
        .latencies();
  }

  private void add(String who, Latencies latencies) {
    Result result =
        new Result()
            .with("leg", who)
            .with("count", latencies.count())
            .with("p50", latencies.micros(0.5))
            .with("p99", latencies.micros(0.99));
    figures.note(result.toString());
    figures.add(MEDIAN, who, result.number("p50"));
    figures.add(TAIL, who, result.number("p99"));
  }

  private void addDifference(String what, int round) {
    double legs = 0;
    for (String leg : List.of("http", "xmpp", "coap")) {
      legs += figures.of(what, leg).get(round);
    }
    figures.add(what, "added", figures.of(what, "whole").get(round) - legs);
  }
}
