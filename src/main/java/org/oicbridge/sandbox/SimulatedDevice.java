package org.oicbridge.sandbox;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/** One OCF device with a CoAP endpoint of its own. */
final class SimulatedDevice {
  private final String di;
  private final String rt;
  private final String name;
  private final Map<String, OcfContent> contents;
  private final CoapServer server;
  private final CoapEndpoint endpoint;

  /** What is at a path between resources, and at the root: nothing. */
  private static final class Nothing extends CoapResource {
    Nothing(String name) {
      super(name);
    }

    @Override
    public void handleRequest(Exchange exchange) {
      exchange.sendResponse(new Response(ResponseCode.NOT_FOUND));
    }
  }

  SimulatedDevice(String di, String rt, String name, String pi, InetSocketAddress address) {
    this.di = di;
    this.rt = rt;
    this.name = name;
    Configuration configuration =
        new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, SystemConfig.DEFINITIONS);
    this.endpoint =
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(address)
            .build();
    this.server =
        new CoapServer(configuration) {
          @Override
          protected Resource createRoot() {
            return new Nothing("");
          }
        };
    server.addEndpoint(endpoint);
    // An OCF device is found by /oic/res; Californium's own directory would name things that
    // the device does not.
    server.remove(server.getRoot().getChild(".well-known"));
    server.add(new Nothing("oic"));
    contents = OcfResources.core(di, rt, name, pi, this::endpoint);
    contents.forEach(this::serve);
  }

  /** Adds a resource at a path of one segment, or of two below {@code /oic}. */
  OcfResource add(String href, OcfContent content) {
    contents.put(href, content);
    return serve(href, content);
  }

  private OcfResource serve(String href, OcfContent content) {
    OcfResource resource =
        new OcfResource(
            href.substring(href.lastIndexOf('/') + 1), content, OcfLinks.observable(href));
    Resource parent =
        OcfLinks.observable(href) ? server.getRoot() : server.getRoot().getChild("oic");
    parent.add(resource);
    return resource;
  }

  void start(ScheduledExecutorService executor) {
    server.setExecutors(executor, executor, true);
    server.start();
  }

  void stop() {
    server.destroy();
  }

  SimulatedDevices.Device describe() {
    return new SimulatedDevices.Device(di, rt, name, endpoint());
  }

  private URI endpoint() {
    return endpoint.getUri();
  }
}
