package org.oicbridge.bench;

import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Time and allocation of the steps that every stanza, document and body takes, with JMH.")
final class JmhCommand implements Callable<Integer> {
  private static final String DROP = "ForeignPresenceBenchmark.drop";
  private static final double DROP_MICROS = 2;
  private static final double DROP_BYTES = 16;
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  @Parameters(
      arity = "0..1",
      paramLabel = "REGEX",
      defaultValue = "org.oicbridge",
      description = "Which benchmarks (${DEFAULT-VALUE}).")
  private String which;

  @Option(names = "--forks", defaultValue = "5", description = "JVMs for each (${DEFAULT-VALUE}).")
  private int forks;

  @Option(
      names = "--iterations",
      defaultValue = "5",
      description = "Iterations to warm up, and to measure, of each JVM (${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "Of an iteration (${DEFAULT-VALUE}).")
  private double seconds;

  @Override
  public Integer call() throws RunnerException {
    Figures figures = new Figures("jmh", System.out);
    TimeValue time = TimeValue.milliseconds(Math.round(seconds * 1000));
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(which)
                    .forks(forks)
                    .warmupIterations(iterations)
                    .measurementIterations(iterations)
                    .warmupTime(time)
                    .measurementTime(time)
                    .timeUnit(TimeUnit.MICROSECONDS)
                    .shouldFailOnError(true)
                    .addProfiler(GCProfiler.class)
                    .output(figures.file("log").toString())
                    .build())
            .run();
    for (RunResult run : results) {
      String name = run.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1");
      double micros = run.getPrimaryResult().getScore();
      double bytes = run.getSecondaryResults().get(ALLOCATED).getScore();
      figures.say(
          "%-44s %8s us (+- %s)  %8.0f B"
              .formatted(
                  name,
                  Spread.text(micros),
                  Spread.text(run.getPrimaryResult().getScoreError()),
                  bytes));
      if (name.equals(DROP)) {
        figures.say(
            "%s: bound at most %s us and %s B: %s"
                .formatted(
                    name,
                    Spread.text(DROP_MICROS),
                    Spread.text(DROP_BYTES),
                    micros <= DROP_MICROS && bytes <= DROP_BYTES ? "met" : "missed"));
      }
    }
    return results.isEmpty() ? 1 : 0;
  }
}
