package org.oicbridge.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of {@code load-tests/bench}. */
@Command(
    name = "load-tests/bench",
    description = "Measures the gateway beside others that do the same work.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BytestreamsCommand.class,
      LoginsCommand.class,
      ProxyCommand.class,
      RoundtripCommand.class,
      LatencyCommand.class,
      HttpLegChild.class,
      JmhCommand.class,
      DeviceChild.class,
      EchoChild.class,
      LoginsChild.class,
      RelayChild.class,
      ServerChild.class,
    },
    synopsisSubcommandLabel = "NAME")
public final class Bench {
  private Bench() {}

  /**
   * Runs a command; exits with 0 when all was measured, whether bounds are met or not, with 1 when
   * something could not be measured or an answer was wrong, with 2 when it was called wrongly.
   */
  public static void main(String[] args) {
    // Logging of Vert.x goes where ours goes; this has to be said before its first class loads.
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    System.exit(new CommandLine(new Bench()).execute(args));
  }
}
