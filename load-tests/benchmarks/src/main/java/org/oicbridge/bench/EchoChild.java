package org.oicbridge.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Both ends of an echo in this process, cell after cell, each warmed up before it is measured. */
@Command(name = "echo-child", hidden = true)
final class EchoChild implements Callable<Integer> {
  /** Who carries the documents. */
  enum Subject {
    GATEWAY,
    SMACK,
    SMACK_STANZAS,
    RELAY
  }

  @Option(names = "--subject", required = true)
  private Subject subject;

  @Mixin private Site site;

  @Option(names = "--cells", required = true, split = ",", converter = Cells.class)
  private List<Cell> cells;

  @Option(names = "--silent", required = true)
  private int silent;

  @Option(names = "--warm-up", required = true)
  private long warmUp;

  @Option(names = "--measure", required = true)
  private double measure;

  private record Moment(long roundTrips, long nanos, long cpu, long serverCpu) {}

  @Override
  public Integer call() throws Exception {
    Echo echo = echo();
    echo.open(cells.stream().mapToInt(Cell::pairs).max().orElseThrow(), silent);
    for (Cell cell : cells) {
      Tally tally = new Tally(cell.pairs() * cell.outstanding());
      echo.run(cell, tally);
      while (tally.count() < warmUp) {
        pass(0.01);
      }
      Moment start = now(tally);
      pass(measure);
      Moment end = now(tally);
      tally.stop();
      print(cell, start, end);
    }
    return 0;
  }

  private Echo echo() throws Exception {
    return switch (subject) {
      case GATEWAY -> new GatewayEcho(site);
      case SMACK -> new SmackEcho(site);
      case SMACK_STANZAS -> new SmackStanzaEcho(site);
      case RELAY -> new RelayEcho(site);
    };
  }

  /** Lets what was started go on for a time, which is what is measured. */
  private static void pass(double seconds) throws InterruptedException {
    Thread.sleep(Math.round(seconds * 1000));
  }

  private Moment now(Tally tally) {
    return new Moment(tally.count(), System.nanoTime(), Cpu.own(), Cpu.of(site.server));
  }

  private void print(Cell cell, Moment start, Moment end) {
    long roundTrips = end.roundTrips - start.roundTrips;
    if (roundTrips == 0) {
      throw new IllegalStateException("no round trip in " + measure + " s of " + cell);
    }
    System.out.println(
        new Result()
            .with("subject", subject)
            .with("tls", site.tls)
            .with("cell", cell)
            .with("roundTrips", roundTrips)
            .with("seconds", (end.nanos - start.nanos) / 1e9)
            .with("cpuMicros", (end.cpu - start.cpu) / 1e3 / roundTrips)
            .with("serverCpuMicros", (end.serverCpu - start.serverCpu) / 1e3 / roundTrips)
            .with("perSecond", roundTrips * 1e9 / (end.nanos - start.nanos))
            .with("threads", Thread.getAllStackTraces().size()));
  }
}
