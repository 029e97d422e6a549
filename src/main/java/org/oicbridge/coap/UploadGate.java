package org.oicbridge.coap;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.oicbridge.bus.Caller;

/**
 * Keeps bodies in blocks (RFC 7959) to those that may do something with one. Californium sets aside
 * memory for a whole body at its first block, before anybody has looked at who sends it, and keeps
 * that for {@link #KEPT} when no further block comes.
 *
 * <p>A block of anybody else goes on without its body, as a request of its own: it is answered what
 * its sender would have been answered after the last block.
 */
final class UploadGate extends MessageInterceptorAdapter {
  /** How long an upload that does not go on is kept. */
  static final Duration KEPT = Duration.ofSeconds(60);

  /** How many one identity may begin in that time. */
  static final int PER_IDENTITY = 32;

  private final Function<Request, Caller> sender;
  private final LongSupplier nanoTime;
  private final Map<String, Integer> begun = new HashMap<>();
  private long since;

  /**
   * Makes the gate of an endpoint.
   *
   * @param sender who has certainly sent a request, a stranger when that is not sure
   */
  UploadGate(Function<Request, Caller> sender, LongSupplier nanoTime) {
    this.sender = sender;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  @Override
  public void receiveRequest(Request request) {
    BlockOption block = request.getOptions().getBlock1();
    if (request.isCanceled() || block == null || (block.getNum() == 0 && !block.isM())) {
      return;
    }
    Caller caller = sender.apply(request);
    if (caller.stranger()) {
      request.getOptions().removeBlock1();
      request.getOptions().removeSize1();
      request.setPayload(new byte[0]);
    } else if (block.getNum() == 0 && !mayBegin(caller.identity())) {
      request.setCanceled(true);
      CoapMetrics.served("dropped");
    }
  }

  private boolean mayBegin(String identity) {
    long now = nanoTime.getAsLong();
    if (now - since > KEPT.toNanos()) {
      begun.clear();
      since = now;
    }
    return begun.merge(identity, 1, Integer::sum) <= PER_IDENTITY;
  }
}
