package org.oicbridge.coap;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.Arrays;
import org.eclipse.californium.elements.EndpointContext;

/**
 * A request that came under a security context, and what protects its answers. As the identity of
 * its peer it travels through Californium and comes back with each answer.
 */
final class OscoreRequest implements Principal {
  private final OscoreContext context;
  private final byte[] partialIv;
  private final InetSocketAddress peer;
  private final int mid;
  private byte[] saidUnderItsNonce;
  private byte[] firstAnswer;

  OscoreRequest(OscoreContext context, byte[] partialIv, InetSocketAddress peer, int mid) {
    this.context = context;
    this.partialIv = partialIv;
    this.peer = peer;
    this.mid = mid;
  }

  /** The request under whose protection an answer goes; null for none. */
  static OscoreRequest of(EndpointContext endpoint) {
    return endpoint.getPeerIdentity() instanceof OscoreRequest request ? request : null;
  }

  @Override
  public String getName() {
    return context.identity();
  }

  OscoreContext context() {
    return context;
  }

  byte[] partialIv() {
    return partialIv;
  }

  /** True when a message is this one once more, sent again for want of an acknowledgement. */
  boolean sentAgain(InetSocketAddress from, int messageId) {
    return peer.equals(from) && mid == messageId;
  }

  /** True when the nonce of the request may protect this text: no other was protected with it. */
  boolean mayUseNonceFor(byte[] plaintext) {
    if (saidUnderItsNonce == null) {
      saidUnderItsNonce = plaintext.clone();
    }
    return Arrays.equals(saidUnderItsNonce, plaintext);
  }

  /** Remembers the first datagram that answers it. */
  void answered(byte[] datagram) {
    if (firstAnswer == null) {
      firstAnswer = datagram;
    }
  }

  /** What to say when it is sent again, null when nothing was said yet. */
  byte[] firstAnswer() {
    return firstAnswer;
  }
}
