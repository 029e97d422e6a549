package org.oicbridge.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.oicbridge.bench.EchoChild.Subject;
import org.oicbridge.bench.Figures.Bound;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "bytestreams",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "CPU time and rate of round trips over in-band bytestreams: the gateway's XMPP and bytestream"
          + " verticles and Smack, both ends in one process, the XMPP server in another.",
      "A round trip is a CRUDN update in one block and its answer in another, stanzas of about a"
          + " kilobyte. Smack carries the same documents, through its bytestreams (smack) and with"
          + " stanza listeners only (smack_stanzas). The relay passes on frames of 980 bytes."
    })
final class BytestreamsCommand implements Callable<Integer> {
  private static final int ACCOUNTS = 20;

  /** What has to be reached over TCP alone and over TLS, by the cell. */
  private static final Map<String, Double> PLAIN = Map.of("64x1", 5.0, "1x64", 6.0);

  private static final Map<String, Double> SECURE = Map.of("64x1", 3.0, "1x64", 3.0);
  private static final double OF_RELAY = 0.75;

  @Mixin private Plan plan;

  @Option(
      names = "--cells",
      split = ",",
      defaultValue = "64x1,1x64,1x1",
      converter = Cells.class,
      paramLabel = "PAIRSxOUTSTANDING",
      description = "Pairs of sessions, and round trips under way on each (${DEFAULT-VALUE}).")
  private List<Cell> cells;

  @Option(
      names = "--sessions",
      defaultValue = "1000",
      description = {
        "Sessions that are logged in; those that are in no pair do nothing (${DEFAULT-VALUE})."
      })
  private int sessions;

  @Option(
      names = "--links",
      split = ",",
      defaultValue = "TCP,TLS",
      description = "Links to the server (${DEFAULT-VALUE}).")
  private List<Link> links;

  enum Link {
    TCP,
    TLS
  }

  private record Run(Subject subject, Server server) {}

  private Figures figures;

  @Override
  public Integer call() {
    figures = new Figures("bytestreams", System.out);
    Map<Link, Server> servers = new TreeMap<>();
    try (Server relay = Server.relay(figures::note)) {
      for (Link link : links) {
        servers.put(link, Server.embedded(figures::note, link == Link.TLS, ACCOUNTS));
      }
      List<Run> runs = runs(servers, relay);
      for (int round = 0; round < plan.rounds; round++) {
        runs.forEach(this::measure);
        // Whoever came first comes last, since the servers get warmer.
        Collections.reverse(runs);
      }
    } finally {
      servers.values().forEach(Server::close);
    }
    figures.print();
    judge();
    return 0;
  }

  private List<Run> runs(Map<Link, Server> servers, Server relay) {
    List<Run> runs = new ArrayList<>();
    servers.forEach(
        (link, server) -> {
          runs.add(new Run(Subject.GATEWAY, server));
          runs.add(new Run(Subject.SMACK, server));
          runs.add(new Run(Subject.SMACK_STANZAS, server));
        });
    if (servers.containsKey(Link.TCP)) {
      runs.add(new Run(Subject.RELAY, relay));
    }
    return runs;
  }

  private void measure(Run run) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "echo-child",
                "--subject",
                run.subject.name(),
                "--cells",
                String.join(",", cells.stream().map(Cell::toString).toList()),
                "--silent",
                String.valueOf(Math.max(0, sessions - 2 * mostPairs())),
                "--warm-up",
                String.valueOf(plan.warmUp),
                "--measure",
                String.valueOf(plan.measure)));
    arguments.addAll(run.server.site().arguments());
    try (ChildJvm child = ChildJvm.bench(this::take, arguments)) {
      child.finish();
    }
  }

  private int mostPairs() {
    return cells.stream().mapToInt(Cell::pairs).max().orElse(0);
  }

  private void take(String line) {
    figures.note(line);
    Result result = Result.parse(line);
    if (result != null) {
      String who = result.text("subject").toLowerCase(Locale.ROOT);
      Link link = result.text("tls").equals("true") ? Link.TLS : Link.TCP;
      String where = " " + result.text("cell") + " over " + link;
      figures.add("us of CPU per round trip," + where, who, result.number("cpuMicros"));
      figures.add("us of the server's," + where, who, result.number("serverCpuMicros"));
      figures.add("round trips per second," + where, who, result.number("perSecond"));
    }
  }

  private void judge() {
    for (Link link : links) {
      for (Cell cell : cells) {
        String where = " " + cell + " over " + link;
        String cpu = "us of CPU per round trip," + where;
        Double bound = (link == Link.TLS ? SECURE : PLAIN).get(cell.toString());
        if (bound == null) {
          figures.compare(cpu, "smack", "gateway");
        } else {
          figures.judge(cpu, "smack", "gateway", Bound.AT_LEAST, bound);
        }
        figures.compare(cpu, "smack_stanzas", "gateway");
        String rate = "round trips per second," + where;
        if (link == Link.TCP && cell.toString().equals("64x1")) {
          figures.judge(rate, "gateway", "relay", Bound.AT_LEAST, OF_RELAY);
        } else if (link == Link.TCP) {
          figures.compare(rate, "gateway", "relay");
        }
      }
    }
  }
}
