package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.oicbridge.config.CoapConfig;

/** Where requests to devices leave the gateway: an endpoint on a socket of its own. */
final class ClientEndpoint {
  private final Vertx vertx;
  private final UdpChannel socket;
  private final CoapEndpoint coap;

  private ClientEndpoint(Vertx vertx, UdpChannel socket, CoapEndpoint coap) {
    this.vertx = vertx;
    this.socket = socket;
    this.coap = coap;
  }

  /** Binds a free port and starts, on the event loop of the context. */
  static Future<ClientEndpoint> open(Vertx vertx, ContextInternal context, CoapConfig config) {
    return UdpChannel.bind(vertx, config.host(), 0)
        .compose(
            socket ->
                vertx
                    .executeBlocking(() -> start(context, config, socket))
                    .map(coap -> new ClientEndpoint(vertx, socket, coap)));
  }

  private static CoapEndpoint start(ContextInternal context, CoapConfig config, UdpChannel socket)
      throws IOException {
    CoapEndpoint coap = EndpointFactory.endpoint(config, socket, context.nettyEventLoop());
    coap.start();
    return coap;
  }

  CoapEndpoint coap() {
    return coap;
  }

  /** Ends whatever is under way; completes when the socket is closed. */
  Future<Void> close() {
    return vertx
        .executeBlocking(
            () -> {
              coap.destroy();
              return null;
            })
        .eventually(socket::close)
        .mapEmpty();
  }
}
