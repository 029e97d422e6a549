package org.oicbridge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;

/** A CoAP device without {@code /oic/res}, with the resources that a test gives it. */
final class PlainDevice implements AutoCloseable {
  private final CoapServer server;

  private PlainDevice(CoapServer server) {
    this.server = server;
  }

  static PlainDevice start(CoapResource... resources) {
    return startAt(0, resources);
  }

  /** Starts it where another one was before. */
  static PlainDevice startAt(int port, CoapResource... resources) {
    Configuration configuration = Configuration.createStandardWithoutFile();
    configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 1 << 20);
    CoapServer server = new CoapServer(configuration);
    server.addEndpoint(
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .build());
    server.add(resources);
    server.start();
    return new PlainDevice(server);
  }

  URI endpoint() {
    return URI.create("coap://127.0.0.1:" + server.getEndpoints().get(0).getAddress().getPort());
  }

  @Override
  public void close() {
    server.destroy();
  }
}
