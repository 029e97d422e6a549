package org.oicbridge.coap;

import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.UdpEndpointContextMatcher;

/**
 * Keeps apart what came under different security contexts, or under none: nobody gets a block of a
 * representation, or adds one, that another asked for from the same address.
 */
final class OscoreMatcher extends UdpEndpointContextMatcher {
  @Override
  public boolean isResponseRelatedToRequest(EndpointContext one, EndpointContext other) {
    return super.isResponseRelatedToRequest(one, other) && context(one) == context(other);
  }

  @Override
  public boolean isToBeSent(EndpointContext one, EndpointContext other) {
    return super.isToBeSent(one, other) && context(one) == context(other);
  }

  private static OscoreContext context(EndpointContext endpoint) {
    OscoreRequest request = endpoint == null ? null : OscoreRequest.of(endpoint);
    return request == null ? null : request.context();
  }
}
