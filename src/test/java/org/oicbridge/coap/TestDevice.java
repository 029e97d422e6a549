package org.oicbridge.coap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.config.Configuration;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.crudn.DeviceId;

/** A device as a Californium endpoint on a port of its own. */
final class TestDevice implements AutoCloseable {
  static final byte[] OCF_LINKS = {(byte) 0x80};

  /** Every request that arrived, retransmissions left out. */
  final List<Request> requests = new CopyOnWriteArrayList<>();

  /** Exchanges that the behaviour answered with null: the test answers them. */
  final BlockingQueue<Exchange> held = new LinkedBlockingQueue<>();

  private final CoapEndpoint endpoint;
  private volatile Function<Request, Response> behaviour;

  TestDevice(Function<Request, Response> behaviour) throws java.io.IOException {
    this(behaviour, null);
  }

  /** A device whose datagrams travel in another way. */
  TestDevice(Function<Request, Response> behaviour, Connector connector)
      throws java.io.IOException {
    this.behaviour = behaviour;
    Configuration configuration =
        Configuration.createStandardWithoutFile()
            .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 1 << 20)
            .set(CoapConfig.PREFERRED_BLOCK_SIZE, 1024)
            .set(CoapConfig.MAX_MESSAGE_SIZE, 1024);
    CoapEndpoint.Builder builder =
        new CoapEndpoint.Builder()
            .setConfiguration(configuration)
            .setOptionRegistry(OcfOption.REGISTRY);
    if (connector == null) {
      builder.setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } else {
      builder.setConnector(connector);
    }
    endpoint = builder.build();
    endpoint.setMessageDeliverer(new Deliverer());
    endpoint.start();
  }

  /** An OCF device: Accept 10000 only, and the version option on every answer. */
  static TestDevice ocf(Function<Request, Response> resources) throws java.io.IOException {
    return new TestDevice(ocfBehaviour(resources));
  }

  static Function<Request, Response> ocfBehaviour(Function<Request, Response> resources) {
    return request -> {
      if (!request.getOptions().isAccept(ContentFormat.OCF_CBOR)) {
        return new Response(ResponseCode.NOT_ACCEPTABLE);
      }
      Response answer =
          isDiscovery(request)
              ? content(ContentFormat.OCF_CBOR, OCF_LINKS)
              : resources.apply(request);
      if (answer != null) {
        answer
            .getOptions()
            .addOption(OcfOption.CONTENT_VERSION.create((long) OcfOption.VERSION_1_0_0));
      }
      return answer;
    };
  }

  /** An OIC 1.x device: knows neither version options nor format 10000. */
  static Function<Request, Response> legacyBehaviour(Function<Request, Response> resources) {
    return request -> {
      if (!request.getOptions().isAccept(ContentFormat.CBOR)) {
        return new Response(ResponseCode.NOT_ACCEPTABLE);
      }
      if (OcfOption.version(request.getOptions(), OcfOption.ACCEPT_VERSION) >= 0) {
        return new Response(ResponseCode.BAD_OPTION);
      }
      return isDiscovery(request)
          ? content(ContentFormat.CBOR, OCF_LINKS)
          : resources.apply(request);
    };
  }

  /** A CoAP server that is no OIC device. */
  static Function<Request, Response> plainBehaviour(Function<Request, Response> resources) {
    return request ->
        isDiscovery(request) ? new Response(ResponseCode.NOT_FOUND) : resources.apply(request);
  }

  void becomes(Function<Request, Response> other) {
    behaviour = other;
  }

  static boolean isDiscovery(Request request) {
    return request.getOptions().getUriPathString().endsWith("oic/res");
  }

  static Response content(int format, byte[] payload) {
    Response response = new Response(ResponseCode.CONTENT);
    response.setPayload(payload);
    if (format != ContentFormat.NONE) {
      response.getOptions().setContentFormat(format);
    }
    return response;
  }

  long discoveries() {
    return requests.stream().filter(TestDevice::isDiscovery).count();
  }

  Request lastRequest() {
    return requests.get(requests.size() - 1);
  }

  int port() {
    return endpoint.getAddress().getPort();
  }

  Connector connector() {
    return endpoint.getConnector();
  }

  HostedDevice config() {
    return config("coap://127.0.0.1:" + endpoint.getAddress().getPort());
  }

  static HostedDevice config(String endpoint) {
    return new HostedDevice(
        new DeviceId("dc70373c-1e8d-4fb3-962e-017eaa863989"),
        "oic.d.light",
        "Lamp",
        URI.create(endpoint),
        null,
        0);
  }

  @Override
  public void close() {
    endpoint.destroy();
  }

  private final class Deliverer implements MessageDeliverer {
    @Override
    public void deliverRequest(Exchange exchange) {
      requests.add(exchange.getRequest());
      Response answer = behaviour.apply(exchange.getRequest());
      if (answer == null) {
        held.add(exchange);
      } else {
        exchange.sendResponse(answer);
      }
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
      throw new IllegalStateException("a device asks nothing");
    }
  }
}
