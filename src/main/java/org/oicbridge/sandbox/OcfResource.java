package org.oicbridge.sandbox;

import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;

/** A resource behind an endpoint of Californium. */
final class OcfResource extends CoapResource {
  private final OcfContent content;

  OcfResource(String name, OcfContent content, boolean observable) {
    super(name);
    this.content = content;
    setObservable(observable);
  }

  @Override
  public void handleGET(CoapExchange exchange) {
    answer(exchange);
  }

  @Override
  public void handlePOST(CoapExchange exchange) {
    answer(exchange);
  }

  @Override
  public void handlePUT(CoapExchange exchange) {
    answer(exchange);
  }

  private void answer(CoapExchange exchange) {
    Response response =
        OcfAnswer.to(
            content,
            getURI(),
            exchange.getRequestCode(),
            exchange.getRequestOptions(),
            exchange.getRequestPayload());
    if (response.getCode() == ResponseCode.CHANGED) {
      changed();
    }
    exchange.respond(response);
  }
}
