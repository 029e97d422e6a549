package org.oicbridge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.oicbridge.bench.BytestreamsCommand.Link;
import org.oicbridge.bench.Figures.Bound;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "logins",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "CPU time of a login with keys that are cached: the gateway's sessions and Smack's, on ten"
          + " accounts, which is as many as Smack caches the keys of.",
      "A login ends with the roster and sends no presence; 32 are under way at the same time. With"
          + " TLS the gateway resumes its TLS sessions; Smack never does."
    })
final class LoginsCommand implements Callable<Integer> {
  private static final int ACCOUNTS = 10;
  private static final double PLAIN = 4;
  private static final double SECURE = 1.5;

  /** Who logs in. */
  enum Subject {
    GATEWAY,
    SMACK
  }

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each is measured, by turns (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--sessions",
      defaultValue = "500",
      description = "Sessions that log in together (${DEFAULT-VALUE}).")
  private int sessions;

  @Option(
      names = "--warm-up",
      paramLabel = "COUNT",
      defaultValue = "5000",
      description = "Logins of a JVM before it is measured (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--logins",
      paramLabel = "COUNT",
      defaultValue = "5000",
      description = "Logins that are measured (${DEFAULT-VALUE}).")
  private int logins;

  @Option(
      names = "--links",
      split = ",",
      defaultValue = "TCP,TLS",
      description = "Links to the server (${DEFAULT-VALUE}).")
  private List<Link> links;

  private Figures figures;

  @Override
  public Integer call() {
    figures = new Figures("logins", System.out);
    Map<Link, Server> servers = new TreeMap<>();
    try {
      for (Link link : links) {
        servers.put(link, Server.embedded(figures::note, link == Link.TLS, ACCOUNTS));
      }
      for (int round = 0; round < rounds; round++) {
        boolean gatewayFirst = round % 2 == 0;
        for (Server server : servers.values()) {
          measure(gatewayFirst ? Subject.GATEWAY : Subject.SMACK, server);
          measure(gatewayFirst ? Subject.SMACK : Subject.GATEWAY, server);
        }
      }
    } finally {
      servers.values().forEach(Server::close);
    }
    figures.print();
    for (Link link : links) {
      figures.judge(
          cpu(link), "smack", "gateway", Bound.AT_LEAST, link == Link.TLS ? SECURE : PLAIN);
    }
    return 0;
  }

  private static String cpu(Link link) {
    return "us of CPU per login over " + link;
  }

  private void measure(Subject subject, Server server) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "logins-child",
                "--subject",
                subject.name(),
                "--sessions",
                String.valueOf(sessions),
                "--warm-up",
                String.valueOf(warmUp),
                "--logins",
                String.valueOf(logins)));
    arguments.addAll(server.site().arguments());
    try (ChildJvm child = ChildJvm.bench(this::take, arguments)) {
      child.finish();
    }
  }

  private void take(String line) {
    figures.note(line);
    Result result = Result.parse(line);
    if (result != null) {
      String who = result.text("subject").toLowerCase(Locale.ROOT);
      Link link = result.text("tls").equals("true") ? Link.TLS : Link.TCP;
      figures.add(cpu(link), who, result.number("cpuMicros"));
      figures.add("us of the server's over " + link, who, result.number("serverCpuMicros"));
      figures.add("logins per second over " + link, who, result.number("perSecond"));
    }
  }
}
