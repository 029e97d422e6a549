package org.oicbridge;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The command line: {@code bin/oic-bridge run | demo | check}, those for the registry, and those
 * that stand in for what a gateway stands between.
 */
@Command(
    name = "oic-bridge",
    description = "Reaches OIC devices from anywhere through XMPP.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      CheckCommand.class,
      DoctorCommand.class,
      SimulateCommand.class,
      XmppServerCommand.class,
      RotateKeyCommand.class,
      ExportCommand.class,
      ImportCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  /** Runs a command; exits with 0, with 1 when it failed, with 2 when it was called wrongly. */
  public static void main(String[] args) {
    // Logging of Vert.x goes where ours goes; this has to be said before its first class loads.
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    int status = new CommandLine(new Main()).execute(args);
    // Commands that serve return 0 with the process still at work; it ends by a signal.
    if (status != RunningProcess.SERVING) {
      System.exit(status);
    }
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"oic-bridge " + (version == null ? "(not packaged)" : version)};
    }
  }
}
