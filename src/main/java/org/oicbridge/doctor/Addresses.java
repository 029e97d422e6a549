package org.oicbridge.doctor;

import io.vertx.core.Vertx;
import io.vertx.core.dns.SrvRecord;
import java.io.IOException;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oicbridge.config.AccountConfig.Tls;

/** Finds the server (RFC 6120 section 3.2, XEP-0368) and connects to it. */
final class Addresses {
  private static final int STARTTLS_PORT = 5222;
  private static final int DIRECT_PORT = 5223;
  private static final int DNS_SECONDS = 10;

  /** Names that are tried, and addresses of each: a check is no search. */
  private static final int MAX_TRIES = 4;

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final CheckOrder order;

  Addresses(Vertx vertx, CheckOrder order) {
    this.vertx = vertx;
    this.order = order;
  }

  /** Looks where to connect to, and tells. */
  List<InetSocketAddress> find(Findings out) throws EndOfCheck {
    boolean direct = order.tls() == Tls.DIRECT;
    int port = order.port() > 0 ? order.port() : direct ? DIRECT_PORT : STARTTLS_PORT;
    String service = direct ? "_xmpps-client._tcp." : "_xmpp-client._tcp.";
    List<InetSocketAddress> fallback =
        List.of(InetSocketAddress.createUnresolved(IDN.toASCII(order.host()), port));
    if (order.port() > 0 || !order.host().equalsIgnoreCase(order.domain())) {
      out.ok("SRV records", "not asked", "the address was given; a configuration can do the same");
      return fallback;
    }
    List<SrvRecord> records = ask(service + IDN.toASCII(order.domain()));
    if (records.isEmpty()) {
      out.ok("SRV records", "none for " + service + order.domain(), "port " + port + " is tried");
      return fallback;
    }
    out.ok("SRV records", records.stream().map(Addresses::text).toList(), "");
    if (records.size() == 1 && records.get(0).target().matches("\\.?")) {
      throw new EndOfCheck("connection", "none", "the domain says that it has no such service");
    }
    return records.stream()
        .sorted(
            Comparator.comparingInt(SrvRecord::priority)
                .thenComparing(Comparator.comparingInt(SrvRecord::weight).reversed()))
        .limit(MAX_TRIES)
        .map(
            srv ->
                InetSocketAddress.createUnresolved(srv.target().replaceAll("\\.$", ""), srv.port()))
        .toList();
  }

  private List<SrvRecord> ask(String name) {
    try {
      return vertx
          .createDnsClient()
          .resolveSRV(name)
          .toCompletionStage()
          .toCompletableFuture()
          .get(DNS_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException | TimeoutException e) {
      // A name without records is a failure to the client; the gateway goes on as well.
      return List.of();
    }
  }

  private static String text(SrvRecord srv) {
    return srv.target()
        + ":"
        + srv.port()
        + " (priority "
        + srv.priority()
        + ", weight "
        + srv.weight()
        + ")";
  }

  /** Connects to the first that answers. */
  static Socket connect(List<InetSocketAddress> targets) throws EndOfCheck {
    List<String> failures = new ArrayList<>();
    for (InetSocketAddress target : targets) {
      try {
        InetAddress[] addresses = InetAddress.getAllByName(target.getHostString());
        for (int i = 0; i < Math.min(MAX_TRIES, addresses.length); i++) {
          InetSocketAddress address = new InetSocketAddress(addresses[i], target.getPort());
          Socket socket = tryOne(address, failures);
          if (socket != null) {
            return socket;
          }
        }
      } catch (UnknownHostException e) {
        failures.add(target.getHostString() + ": the name has no address");
      }
    }
    throw new EndOfCheck(
        "connection", "failed: " + String.join("; ", failures), "is the server there?");
  }

  private static Socket tryOne(InetSocketAddress address, List<String> failures) {
    Socket socket = new Socket();
    try {
      socket.connect(address, Math.toIntExact(CONNECT.toMillis()));
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      failures.add(
          address.getAddress().getHostAddress()
              + " port "
              + address.getPort()
              + ": "
              + e.getMessage());
      try {
        socket.close();
      } catch (IOException closing) {
        // It never was open.
      }
      return null;
    }
  }
}
