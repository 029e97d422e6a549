package org.oicbridge.sandbox;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
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
  private static final String OCF_VERSION = "ocf.1.0.0";
  private static final String DATA_MODEL = "ocf.res.1.0.0,ocf.sh.1.0.0";

  private final String di;
  private final String rt;
  private final String name;
  private final Map<String, OcfContent> contents = new LinkedHashMap<>();
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
    add(OcfLinks.HREF, new OcfLinks(di, this::endpoint, contents));
    add(
        "/oic/d",
        OcfProperties.core("oic.wk.d", rt)
            .with("n", name)
            .with("di", di)
            .with("icv", OCF_VERSION)
            .with("dmv", DATA_MODEL)
            .with("piid", pi));
    add("/oic/p", OcfProperties.core("oic.wk.p").with("pi", pi).with("mnmn", "oic-bridge"));
  }

  /** Adds a resource at a path of one segment, or of two below {@code /oic}. */
  OcfResource add(String href, OcfContent content) {
    contents.put(href, content);
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
