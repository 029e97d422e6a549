package org.oicbridge.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.oicbridge.bench.Figures.Bound;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "proxy",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "HTTP to CoAP: the gateway and Californium's proxy2, which its authors' cross-proxy example"
          + " assembles, before the same devices, whose answer is another one each time.",
      "CPU time is that of the gateway's and of the proxy's process."
    })
final class ProxyCommand implements Callable<Integer> {
  private static final Path PROXY = BuildFolder.of("proxy2");
  private static final double CPU = 2;
  private static final double TAIL = 0.5;
  private static final double LONE = 1;

  @Mixin private Plan plan;

  @Option(
      names = "--concurrency",
      split = ",",
      defaultValue = "1,16,64",
      description = "Requests under way at the same time (${DEFAULT-VALUE}).")
  private List<Integer> concurrency;

  @Option(
      names = "--devices",
      defaultValue = "16",
      description = "Addresses that the requests are spread over (${DEFAULT-VALUE}).")
  private int devices;

  enum Subject {
    GATEWAY,
    PROXY2
  }

  private Figures figures;

  @Override
  public Integer call() throws Exception {
    if (!Files.isDirectory(PROXY.resolve("lib"))) {
      throw new IllegalStateException(PROXY + " is not built");
    }
    figures = new Figures("proxy", System.out);
    try (Server xmpp = Server.embedded(figures::note, false, 1);
        Devices behind = Devices.start(figures::note, devices);
        HttpLoad load = new HttpLoad()) {
      Counted answers = new Counted();
      for (int round = 0; round < plan.rounds; round++) {
        boolean gatewayFirst = round % 2 == 0;
        measure(gatewayFirst ? Subject.GATEWAY : Subject.PROXY2, xmpp, behind, load, answers);
        measure(gatewayFirst ? Subject.PROXY2 : Subject.GATEWAY, xmpp, behind, load, answers);
      }
    }
    figures.print();
    judge();
    return 0;
  }

  private void measure(Subject who, Server xmpp, Devices behind, HttpLoad load, Counted answers)
      throws IOException, InterruptedException {
    switch (who) {
      case GATEWAY -> {
        try (GatewayProcess gateway =
            GatewayProcess.start(figures::note, xmpp.site(), behind.ports())) {
          measure(who, gateway.port(), gateway.counters(""), gateway.pid(), load, answers);
        }
      }
      case PROXY2 -> {
        int port = freePort();
        try (ChildJvm proxy =
            ChildJvm.start(
                figures::note,
                PROXY.resolve("classes") + ":" + PROXY.resolve("lib") + "/*",
                List.of(),
                List.of("org.oicbridge.proxy2.CrossProxy", String.valueOf(port)))) {
          proxy.await("ready");
          List<String> uris =
              behind.ports().stream()
                  .map(device -> "/proxy/coap://127.0.0.1:" + device + "/counter")
                  .toList();
          measure(who, port, uris, proxy.pid(), load, answers);
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void measure(
      Subject who, int port, List<String> uris, long pid, HttpLoad load, Counted answers)
      throws InterruptedException {
    for (int at : concurrency) {
      HttpLoad.Outcome outcome =
          load.run(new HttpLoad.Target(port, uris, at, 0), answers, plan, List.of(pid));
      Result result =
          new Result()
              .with("subject", who)
              .with("concurrency", at)
              .with("requests", outcome.requests())
              .with("perSecond", outcome.perSecond())
              .with("cpuMicros", outcome.cpuMicros().get(0))
              .with("p50", outcome.latencies().micros(0.5))
              .with("p99", outcome.latencies().micros(0.99));
      figures.note(result.toString());
      String name = who.name().toLowerCase(Locale.ROOT);
      figures.add(perCpu(at), name, 1e6 / result.number("cpuMicros"));
      figures.add("requests per second at " + at, name, result.number("perSecond"));
      figures.add(median(at), name, result.number("p50"));
      figures.add(tail(at), name, result.number("p99"));
    }
  }

  private static String perCpu(int at) {
    return "requests per CPU second at " + at;
  }

  private static String median(int at) {
    return "us at the median at " + at;
  }

  private static String tail(int at) {
    return "us at the 99th percentile at " + at;
  }

  private void judge() {
    for (int at : concurrency) {
      if (at == 1) {
        figures.compare(perCpu(at), "gateway", "proxy2");
        figures.judge(median(at), "gateway", "proxy2", Bound.AT_MOST, LONE);
      } else {
        figures.judge(perCpu(at), "gateway", "proxy2", Bound.AT_LEAST, CPU);
        figures.judge(tail(at), "gateway", "proxy2", Bound.AT_MOST, TAIL);
      }
    }
  }
}
