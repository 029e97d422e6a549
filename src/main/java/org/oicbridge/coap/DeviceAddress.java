package org.oicbridge.coap;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Status;

/**
 * Where a device is. A literal address is used as it stands; a name is looked up without blocking
 * and kept for a while.
 */
final class DeviceAddress {
  static final int DEFAULT_PORT = 5683;
  static final int DEFAULT_SECURE_PORT = 5684;
  private static final long KEPT_NANOS = Duration.ofSeconds(60).toNanos();

  private final Vertx vertx;
  private final String host;
  private final int port;
  private final boolean literal;
  private InetSocketAddress resolved;
  private long resolvedAt;

  DeviceAddress(Vertx vertx, URI endpoint) {
    this.vertx = vertx;
    this.host = host(endpoint);
    int usual = secure(endpoint) ? DEFAULT_SECURE_PORT : DEFAULT_PORT;
    this.port = endpoint.getPort() < 0 ? usual : endpoint.getPort();
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    this.literal = address != null;
    this.resolved = literal ? new InetSocketAddress(address, port) : null;
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
    if (resolved != null && resolved.getAddress().isMulticastAddress()) {
      return Future.failedFuture(
          new RequestFailed(
              Status.UNAVAILABLE, "device-unreachable", "the endpoint is a multicast group"));
    }
    if (literal || (resolved != null && System.nanoTime() - resolvedAt < KEPT_NANOS)) {
      return Future.succeededFuture(resolved);
    }
    return ((VertxInternal) vertx)
        .nameResolver()
        .resolve(host)
        .timeout(deadline.remainingMillis(), TimeUnit.MILLISECONDS)
        .map(
            address -> {
              resolvedAt = System.nanoTime();
              resolved = new InetSocketAddress(address, port);
              return resolved;
            })
        .recover(DeviceAddress::failed);
  }

  private static Future<InetSocketAddress> failed(Throwable cause) {
    return Future.failedFuture(
        cause instanceof TimeoutException
            ? new RequestFailed(
                Status.TIMEOUT, "deadline", "the name of the device was not resolved in time")
            : new RequestFailed(
                Status.UNAVAILABLE, "device-unreachable", "the name of the device is unknown"));
  }
}
