package org.oicbridge.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * CoAP devices on one Californium server, a port each, whose {@code /counter} is another number at
 * each request. It says {@code ready} and its ports, and lasts until its input ends.
 */
@Command(name = "device-child", hidden = true)
final class DeviceChild implements Callable<Integer> {
  static final String BEFORE = "{\"n\":";
  static final String AFTER = "}";

  @Option(names = "--devices", defaultValue = "1")
  private int devices;

  @Override
  public Integer call() throws Exception {
    CoapConfig.register();
    UdpConfig.register();
    Configuration config = Configuration.createStandardWithoutFile();
    // A peer that asks thousands of times in a second is no attack here.
    config.set(CoapConfig.DEDUPLICATOR, CoapConfig.NO_DEDUPLICATOR);
    CoapServer server = new CoapServer(config);
    for (int i = 0; i < devices; i++) {
      server.addEndpoint(
          CoapEndpoint.builder()
              .setConfiguration(config)
              .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .build());
    }
    server.add(new Counter());
    server.start();
    System.out.println(
        "ready "
            + String.join(
                ",",
                server.getEndpoints().stream()
                    .map(endpoint -> String.valueOf(endpoint.getAddress().getPort()))
                    .toList()));
    while (System.in.read() >= 0) {
      // Nobody says anything.
    }
    server.destroy();
    return 0;
  }

  private static final class Counter extends CoapResource {
    private final AtomicLong last = new AtomicLong();

    Counter() {
      super("counter");
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      exchange.respond(
          ResponseCode.CONTENT,
          BEFORE + last.incrementAndGet() + AFTER,
          MediaTypeRegistry.APPLICATION_JSON);
    }
  }
}
