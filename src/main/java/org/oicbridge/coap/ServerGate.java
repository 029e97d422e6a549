package org.oicbridge.coap;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

/**
 * Keeps requests out: what must not be answered at all before it takes any memory, and what is more
 * than one peer or all of them may have under way.
 */
final class ServerGate extends MessageInterceptorAdapter {
  static final int PER_PEER = 64;
  static final int LIMIT = 2048;

  /**
   * Plain requests in a second from beyond the local networks. Californium remembers each for
   * minutes, against duplicates, and their sender addresses may all be made up.
   */
  static final int FOREIGN_RATE = 200;

  private static final Set<List<String>> GROUP_PATHS =
      Set.of(List.of("oic", "res"), List.of("oic", "d"), List.of("oic", "p"), List.of("oic", "rd"));

  private final LocalNetworks networks;
  private final Set<String> interfaces;
  private final LongSupplier nanoTime;
  private final Map<InetAddress, Integer> outstanding = new HashMap<>();
  private int total;
  private boolean overloaded;
  private double tokens = FOREIGN_RATE;
  private long filledAt;

  ServerGate(LocalNetworks networks, Set<String> interfaces, LongSupplier nanoTime) {
    this.networks = networks;
    this.interfaces = interfaces;
    this.nanoTime = nanoTime;
    this.filledAt = nanoTime.getAsLong();
  }

  @Override
  public void receiveRequest(Request request) {
    InetAddress source = request.getSourceContext().getPeerAddress().getAddress();
    if (OscoreRequest.of(request.getSourceContext()) != null) {
      // Who it is has been shown, and its sequence number is used up: dropped, it could never be
      // sent again.
      return;
    }
    if (request.isMulticast() ? !groupRequest(request, source) : !affordable(source)) {
      request.setCanceled(true);
      CoapMetrics.served("dropped");
    }
  }

  /** Silence is all that anything else gets that was sent to a group (RFC 7252 section 8.1). */
  private boolean groupRequest(Request request, InetAddress source) {
    return request.getType() == CoAP.Type.NON
        && request.getCode() == Code.GET
        && !ForwardProxy.asked(request.getOptions())
        && GROUP_PATHS.contains(request.getOptions().getUriPath())
        && networks.on(interfaces, source);
  }

  private boolean affordable(InetAddress source) {
    if (source.isAnyLocalAddress() || source.isMulticastAddress()) {
      return false;
    }
    if (networks.local(source)) {
      return true;
    }
    long now = nanoTime.getAsLong();
    double seconds = (now - filledAt) / (double) Duration.ofSeconds(1).toNanos();
    tokens = Math.min(FOREIGN_RATE, tokens + seconds * FOREIGN_RATE);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /** From now on lets nothing in, or does again. */
  void overloaded(boolean refusing) {
    overloaded = refusing;
  }

  /**
   * Lets a request in, which {@link #leave} must follow.
   *
   * @throws RequestFailed 429 or 503 when it has to wait
   */
  void enter(InetAddress peer) throws RequestFailed {
    if (overloaded) {
      throw new RequestFailed(
          CrudnResponse.failed(Status.UNAVAILABLE, "overloaded", "the gateway is short of memory")
              .with("Retry-After", "5"));
    }
    if (outstanding.getOrDefault(peer, 0) >= PER_PEER) {
      throw busy(Status.TOO_MANY_REQUESTS, PER_PEER + " requests of this address are under way");
    }
    if (total >= LIMIT) {
      throw busy(Status.UNAVAILABLE, LIMIT + " requests are under way");
    }
    outstanding.merge(peer, 1, Integer::sum);
    total++;
  }

  private static RequestFailed busy(Status status, String why) {
    return new RequestFailed(
        CrudnResponse.failed(status, "queue-full", why).with("Retry-After", "1"));
  }

  void leave(InetAddress peer) {
    outstanding.computeIfPresent(peer, (address, count) -> count == 1 ? null : count - 1);
    total--;
  }
}
