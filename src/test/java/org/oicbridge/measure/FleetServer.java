package org.oicbridge.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.oicbridge.peers.ProsodyPeer;

/** An XMPP server with the accounts of a fleet, as a process that can be killed. */
interface FleetServer extends AutoCloseable {
  String domain();

  int directTlsPort();

  /** PEM file of the authority of its certificate. */
  Path authority();

  /** Ends it with SIGKILL and starts it anew; done when it listens. */
  void killAndRestart() throws IOException, InterruptedException;

  @Override
  void close();

  /** The embedded one. */
  static Embedded embedded(Path directory, int accounts) throws IOException {
    return new Embedded(directory, accounts);
  }

  /** Prosody, set up for a fleet. */
  static FleetServer prosody(int accounts) {
    return new Prosody(accounts);
  }

  /** The embedded server, which can break its connections too. */
  final class Embedded implements FleetServer {
    private final Path directory;
    private final int accounts;
    private JavaProcess process;
    private int port;

    private Embedded(Path directory, int accounts) throws IOException {
      this.directory = directory;
      this.accounts = accounts;
      start();
    }

    private void start() throws IOException {
      process =
          new JavaProcess(
              directory.resolve("server.log"),
              List.of(),
              MeasuredServer.class,
              List.of(
                  directory.toString(),
                  String.valueOf(accounts),
                  FleetSite.PASSWORD,
                  String.valueOf(port)),
              "ready");
      port = Integer.parseInt(process.ready().replaceAll("[^0-9]", ""));
    }

    @Override
    public String domain() {
      return "localhost";
    }

    @Override
    public int directTlsPort() {
      return port;
    }

    @Override
    public Path authority() {
      return directory.resolve("authority.pem");
    }

    @Override
    public void killAndRestart() throws IOException, InterruptedException {
      process.kill();
      start();
    }

    /** Resets all connections, and closes each new one until {@link #heal()}. */
    void cut() throws IOException {
      process.ask("cut");
    }

    void heal() throws IOException {
      process.ask("heal");
    }

    /**
     * What it has counted.
     *
     * @param resumptions sessions that were resumed since it started
     * @param peak most connections in a second since it was last asked
     */
    record Count(long resumptions, double peak) {}

    Count count() throws IOException {
      String[] words = process.ask("count").split(" ", -1);
      return new Count(Long.parseLong(words[1]), Double.parseDouble(words[2]));
    }

    double cpuSeconds() throws IOException {
      return process.files().cpuSeconds();
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /** Prosody. */
  final class Prosody implements FleetServer {
    private final ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned());

    private Prosody(int accounts) {
      server.addUsers(
          IntStream.range(0, accounts).mapToObj(FleetSite::user).toList(), FleetSite.PASSWORD);
    }

    @Override
    public String domain() {
      return server.domain();
    }

    @Override
    public int directTlsPort() {
      return server.directTlsPort();
    }

    @Override
    public Path authority() {
      return server.caFile();
    }

    @Override
    public void killAndRestart() {
      server.kill();
      server.restart();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
