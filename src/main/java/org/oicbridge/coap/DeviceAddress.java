package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oicbridge.crudn.AddressLiteral;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Status;

/**
 * Where a device is. A literal address is used as it stands; a name, and the zone of a link-local
 * address, is looked up without blocking and kept for a while.
 */
final class DeviceAddress {
  static final int DEFAULT_PORT = 5683;
  static final int DEFAULT_SECURE_PORT = 5684;
  private static final long KEPT_NANOS = Duration.ofSeconds(60).toNanos();

  private final Vertx vertx;
  private final String host;
  private final int port;
  private final AddressLiteral literal;
  private InetSocketAddress resolved;
  private long resolvedAt;

  DeviceAddress(Vertx vertx, URI endpoint) {
    this.vertx = vertx;
    this.host = host(endpoint);
    int usual = secure(endpoint) ? DEFAULT_SECURE_PORT : DEFAULT_PORT;
    this.port = endpoint.getPort() < 0 ? usual : endpoint.getPort();
    this.literal = AddressLiteral.parse(host);
    this.resolved = fixed() ? new InetSocketAddress(literal.address(), port) : null;
  }

  /** An interface may have another number when it comes back, and a name another address. */
  private boolean fixed() {
    return literal != null && literal.zone() == null;
  }

  /** True for {@code coaps}. */
  static boolean secure(URI endpoint) {
    return "coaps".equals(endpoint.getScheme());
  }

  /** The host of an endpoint, without the brackets of an IPv6 literal. */
  static String host(URI endpoint) {
    String name = endpoint.getHost();
    return name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
  }

  /** The address, or a {@link RequestFailed} 503 {@code device-unreachable}. */
  Future<InetSocketAddress> resolve(Deadline deadline) {
    if (literal != null && literal.address().isMulticastAddress()) {
      return Future.failedFuture(group());
    }
    if (fixed() || (resolved != null && System.nanoTime() - resolvedAt < KEPT_NANOS)) {
      return Future.succeededFuture(resolved);
    }
    return look()
        .timeout(Math.max(1, deadline.remainingMillis()), TimeUnit.MILLISECONDS)
        .compose(
            address -> {
              // A name may lead to anything from one day to the next.
              if (address.isMulticastAddress()) {
                return Future.failedFuture(group());
              }
              resolvedAt = System.nanoTime();
              resolved = new InetSocketAddress(address, port);
              return Future.succeededFuture(resolved);
            })
        .recover(this::failed);
  }

  private static RequestFailed group() {
    return new RequestFailed(
        Status.UNAVAILABLE, "device-unreachable", "the endpoint is a multicast group");
  }

  private Future<InetAddress> look() {
    return literal == null
        ? ((VertxInternal) vertx).nameResolver().resolve(host)
        : vertx.executeBlocking(literal::scoped);
  }

  private Future<InetSocketAddress> failed(Throwable cause) {
    if (cause instanceof RequestFailed) {
      return Future.failedFuture(cause);
    }
    return Future.failedFuture(
        cause instanceof TimeoutException
            ? new RequestFailed(
                Status.UNAVAILABLE, "not-sent", "the name of the device was not resolved in time")
            : new RequestFailed(
                Status.UNAVAILABLE,
                "device-unreachable",
                literal == null
                    ? "the name of the device is unknown"
                    : "the network interface of the device's address is not there"));
  }
}
