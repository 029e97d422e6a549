package org.oicbridge.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small XMPP server for this machine: STARTTLS and direct TLS, SCRAM, resource binding, presence
 * within an account, the routing of stanzas (RFC 6120, RFC 6121), and stream management with
 * resumption (XEP-0198). It has no rosters, no subscriptions, no offline storage and no other
 * servers, and listens on loopback only.
 *
 * <p>All of it runs on one event loop, which thousands of sessions share.
 */
public final class EmbeddedXmppServer {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedXmppServer.class);
  private static final int NOT_LISTENING = -1;

  private final Vertx vertx;
  private final Options options;
  private final Tuning tuning;
  private final Jid domain;
  private ServerCertificate certificate;
  private String deployment;
  private RunningServer running;

  /** What the server thinks of connections without TLS. */
  public enum Tls {
    /** Nobody authenticates without TLS. */
    REQUIRED,
    /** STARTTLS is offered and may be left out. */
    OPTIONAL,
    /** STARTTLS is not offered. */
    NONE
  }

  /**
   * How the server is set up.
   *
   * @param domain its XMPP domain, which its certificate is for
   * @param host the loopback address that it listens on
   * @param port TCP port of the streams that start in the clear, 0 for a free one
   * @param directTlsPort TCP port of the streams that start under TLS (XEP-0368), 0 for a free one,
   *     -1 for none
   * @param tls whether the streams that start in the clear have to be secured
   * @param accounts the passwords by localpart
   * @param iterations rounds of the password hash, 1 to 1000000; each login costs the client that
   *     many
   * @param resumption seconds that a session outlives a stream that broke off (XEP-0198 section 5),
   *     1 to 86400, 0 to acknowledge stanzas only, -1 for no stream management
   * @param keep directory that keeps its certificate and the salts of its accounts for the next
   *     start, null for those of one run; one domain each
   */
  public record Options(
      String domain,
      String host,
      int port,
      int directTlsPort,
      Tls tls,
      Map<String, String> accounts,
      int iterations,
      int resumption,
      Path keep) {
    private static final int ITERATIONS = 10_000;
    private static final int MAX_ITERATIONS = 1_000_000;
    private static final int RESUMPTION = 300;
    private static final int MAX_RESUMPTION = 86_400;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException when one is out of its range
     */
    public Options {
      accounts = Map.copyOf(accounts);
      if (port < 0 || port > 0xffff || directTlsPort < -1 || directTlsPort > 0xffff) {
        throw new IllegalArgumentException(
            "ports are " + port + " and " + directTlsPort + ", expected 0 to 65535");
      }
      if (iterations < 1 || iterations > MAX_ITERATIONS) {
        throw new IllegalArgumentException(
            "iterations is " + iterations + ", expected 1 to " + MAX_ITERATIONS);
      }
      if (resumption < -1 || resumption > MAX_RESUMPTION) {
        throw new IllegalArgumentException(
            "resumption is " + resumption + ", expected -1 to " + MAX_RESUMPTION);
      }
    }

    /** STARTTLS required, on a free port of 127.0.0.1, without direct TLS. */
    public Options(String domain, Map<String, String> accounts) {
      this(
          domain,
          "127.0.0.1",
          0,
          NOT_LISTENING,
          Tls.REQUIRED,
          accounts,
          ITERATIONS,
          RESUMPTION,
          null);
    }

    /** The same with another address and port. */
    public Options listeningOn(String newHost, int newPort) {
      return new Options(
          domain, newHost, newPort, directTlsPort, tls, accounts, iterations, resumption, keep);
    }

    /** The same with a port for direct TLS, 0 for a free one. */
    public Options withDirectTls(int newPort) {
      return new Options(domain, host, port, newPort, tls, accounts, iterations, resumption, keep);
    }

    /** The same with another policy. */
    public Options withTls(Tls newTls) {
      return new Options(
          domain, host, port, directTlsPort, newTls, accounts, iterations, resumption, keep);
    }

    /** The same with another number of rounds. */
    public Options withIterations(int newIterations) {
      return new Options(
          domain, host, port, directTlsPort, tls, accounts, newIterations, resumption, keep);
    }

    /** The same with another time that sessions outlive their streams. */
    public Options withResumption(int seconds) {
      return new Options(
          domain, host, port, directTlsPort, tls, accounts, iterations, seconds, keep);
    }

    /** The same with a directory that keeps what clients know it by. */
    public Options keptIn(Path directory) {
      return new Options(
          domain, host, port, directTlsPort, tls, accounts, iterations, resumption, directory);
    }

    /** Only where it listens: the rest holds passwords. */
    @Override
    public String toString() {
      return domain + " at " + host + ":" + port;
    }
  }

  /**
   * A server that is not yet started.
   *
   * @throws IllegalArgumentException when the host is no loopback address, or the domain or a
   *     localpart is none
   */
  public EmbeddedXmppServer(Vertx vertx, Options options) {
    this(vertx, options, Tuning.USUAL);
  }

  EmbeddedXmppServer(Vertx vertx, Options options, Duration patience) {
    this(vertx, options, Tuning.USUAL.withPatience(patience));
  }

  EmbeddedXmppServer(Vertx vertx, Options options, Tuning tuning) {
    this.vertx = vertx;
    this.options = options;
    this.tuning = tuning;
    this.domain = Jid.parse(options.domain());
    if (!domain.local().isEmpty() || !domain.isBare()) {
      throw new IllegalArgumentException("\"" + options.domain() + "\" is not a domain");
    }
    options.accounts().keySet().forEach(user -> Jid.parse(user + "@" + domain));
    requireLoopback(options.host());
  }

  private static void requireLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          throw new IllegalArgumentException(
              "host \"" + host + "\" is " + address.getHostAddress() + ", not a loopback address");
        }
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("host \"" + host + "\" is unknown", e);
    }
  }

  /** Starts it and gives the port of the streams that start in the clear. */
  public Future<Integer> start() {
    return vertx
        .executeBlocking(
            () -> {
              certificate = ServerCertificate.of(domain.domain(), options.keep());
              return new Accounts(
                  domain.domain(), options.accounts(), options.iterations(), certificate.secret());
            })
        .compose(this::run);
  }

  private Future<Integer> run(Accounts accounts) {
    RunningServer starting =
        new RunningServer(vertx, options, tuning, domain, certificate, accounts);
    return vertx
        .deployVerticle(starting)
        .map(
            id -> {
              deployment = id;
              running = starting;
              LOG.info(
                  "XMPP server for {} listens on {}:{}", domain, options.host(), starting.port());
              return starting.port();
            });
  }

  /** Ends all streams and frees the ports. */
  public Future<Void> stop() {
    return deployment == null ? Future.succeededFuture() : vertx.undeploy(deployment);
  }

  /** The port of the streams that start under TLS, -1 when there is none. */
  public int directTlsPort() {
    return running == null ? NOT_LISTENING : running.directTlsPort();
  }

  /**
   * The authority that issued the server's certificate, PEM, for clients to trust.
   *
   * @throws IllegalStateException before the server has started
   */
  public Buffer certificateAuthority() {
    if (certificate == null) {
      throw new IllegalStateException("the server has not started");
    }
    return certificate.authority().copy();
  }

  /**
   * What can go wrong with it, for tests.
   *
   * @throws IllegalStateException before the server has started
   */
  public ServerFaults faults() {
    if (running == null) {
      throw new IllegalStateException("the server has not started");
    }
    return running.faults();
  }
}
