package org.oicbridge.bench;

import picocli.CommandLine.Option;

/** How long and how often is measured. */
final class Plan {
  Plan() {}

  Plan(long warmUp, double measure) {
    this.warmUp = warmUp;
    this.measure = measure;
  }

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each is measured, by turns (${DEFAULT-VALUE}).")
  int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "COUNT",
      defaultValue = "100000",
      description = "What a JVM does of the same before it is measured (${DEFAULT-VALUE}).")
  long warmUp;

  @Option(
      names = "--measure",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How long it is measured (${DEFAULT-VALUE}).")
  double measure;
}
