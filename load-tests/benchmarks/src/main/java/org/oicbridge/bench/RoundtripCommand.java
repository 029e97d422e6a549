package org.oicbridge.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.oicbridge.bench.Figures.Bound;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "roundtrip",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "HTTP to a device through XMPP and back: CPU time of the gateway, which plays both roles, and"
          + " of the XMPP server in the middle, for each request.",
      "The device's answer is another one each time. Stream management is on, as shipped."
    })
final class RoundtripCommand implements Callable<Integer> {
  private static final double MICROS = 250;

  @Mixin private Plan plan;

  @Option(
      names = "--concurrency",
      defaultValue = "16",
      description = "Requests under way at the same time (${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(
      names = "--devices",
      defaultValue = "16",
      description = "Devices that the requests are spread over (${DEFAULT-VALUE}).")
  private int devices;

  /** The XMPP server in the middle. */
  enum Middle {
    EMBEDDED,
    PROSODY
  }

  @Option(
      names = "--servers",
      split = ",",
      defaultValue = "EMBEDDED,PROSODY",
      description = "In the middle, by turns (${DEFAULT-VALUE}).")
  private List<Middle> servers;

  private Figures figures;

  @Override
  public Integer call() throws Exception {
    figures = new Figures("roundtrip", System.out);
    try (Devices behind = Devices.start(figures::note, devices);
        HttpLoad load = new HttpLoad()) {
      Counted answers = new Counted();
      for (int round = 0; round < plan.rounds; round++) {
        for (Middle middle : servers) {
          measure(middle, behind, load, answers);
        }
      }
    }
    figures.print();
    for (Middle middle : servers) {
      switch (middle) {
        case EMBEDDED -> figures.judge(cpu(middle), "gateway", Bound.AT_MOST, MICROS);
        case PROSODY -> figures.judge(cpu(middle), "gateway", "server", Bound.AT_MOST, 1);
      }
    }
    return 0;
  }

  private static String cpu(Middle middle) {
    return "us of CPU per round trip with " + middle.name().toLowerCase(Locale.ROOT);
  }

  private void measure(Middle middle, Devices behind, HttpLoad load, Counted answers)
      throws IOException, InterruptedException {
    switch (middle) {
      case EMBEDDED -> {
        try (Server server = Server.embedded(figures::note, false, 1, true)) {
          measure(middle, server.site(), behind, load, answers);
        }
      }
      case PROSODY -> {
        try (Prosody server = Prosody.start(1)) {
          measure(middle, server.site(), behind, load, answers);
        }
      }
    }
  }

  private void measure(Middle middle, Site site, Devices behind, HttpLoad load, Counted answers)
      throws InterruptedException {
    try (GatewayProcess gateway = GatewayProcess.start(figures::note, site, behind.ports())) {
      HttpLoad.Outcome outcome =
          load.run(
              new HttpLoad.Target(gateway.port(), gateway.counters("?via=xmpp"), concurrency, 0),
              answers,
              plan,
              List.of(gateway.pid(), site.server));
      Result result =
          new Result()
              .with("middle", middle)
              .with("requests", outcome.requests())
              .with("perSecond", outcome.perSecond())
              .with("gatewayMicros", outcome.cpuMicros().get(0))
              .with("serverMicros", outcome.cpuMicros().get(1))
              .with("p50", outcome.latencies().micros(0.5))
              .with("p99", outcome.latencies().micros(0.99));
      figures.note(result.toString());
      figures.add(cpu(middle), "gateway", result.number("gatewayMicros"));
      figures.add(cpu(middle), "server", result.number("serverMicros"));
      figures.add(
          "round trips per second with " + middle.name().toLowerCase(Locale.ROOT),
          "gateway",
          result.number("perSecond"));
    }
  }
}
