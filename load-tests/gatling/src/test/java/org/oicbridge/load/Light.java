package org.oicbridge.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/**
 * A light as of OIC 1.1, behind a CoAP endpoint of its own: {@code /dimming} (oic.r.light.dimming),
 * which is observable, and {@code /oic/res}. It speaks application/cbor.
 */
final class Light implements AutoCloseable {
  static final String RT = "oic.d.light";

  private static final ObjectMapper CBOR = new CBORMapper();
  private static final String SETTING = "dimmingSetting";
  private static final int HIGHEST = 100;

  private final String di;
  private final int delayMillis;
  private final ScheduledExecutorService executor;
  private final CoapServer server;
  private final CoapEndpoint endpoint;
  private volatile int setting;

  /**
   * Starts it on a free port.
   *
   * @param delayMillis how long each of its answers takes, 0 or more
   */
  Light(String di, int delayMillis, ScheduledExecutorService executor) {
    this.di = di;
    this.delayMillis = delayMillis;
    this.executor = executor;
    Configuration configuration =
        new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, SystemConfig.DEFINITIONS)
            .set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1)
            .set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
    endpoint =
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    server = new CoapServer(configuration);
    server.setExecutors(executor, executor, true);
    server.addEndpoint(endpoint);
    server.add(new Dimming(), new CoapResource("oic").add(new Links()));
    server.start();
  }

  String endpoint() {
    return "coap://127.0.0.1:" + endpoint.getAddress().getPort();
  }

  @Override
  public void close() {
    server.destroy();
  }

  private void answer(CoapExchange exchange, ResponseCode code, Object body) {
    byte[] bytes = cbor(body);
    if (delayMillis == 0) {
      exchange.respond(code, bytes, MediaTypeRegistry.APPLICATION_CBOR);
    } else {
      // The exchange is what is answered, so nothing waits for the timer itself.
      ScheduledFuture<?> unused =
          executor.schedule(
              () -> exchange.respond(code, bytes, MediaTypeRegistry.APPLICATION_CBOR),
              delayMillis,
              TimeUnit.MILLISECONDS);
    }
  }

  private static byte[] cbor(Object body) {
    try {
      return CBOR.writeValueAsBytes(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Dimming extends CoapResource {
    Dimming() {
      super("dimming");
      setObservable(true);
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      answer(exchange, ResponseCode.CONTENT, Map.of(SETTING, setting));
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      int wanted = wanted(exchange.getRequestPayload());
      if (wanted < 0 || wanted > HIGHEST) {
        exchange.respond(ResponseCode.BAD_REQUEST);
        return;
      }
      setting = wanted;
      answer(exchange, ResponseCode.CHANGED, Map.of(SETTING, wanted));
      changed();
    }

    private static int wanted(byte[] payload) {
      try {
        JsonNode value = CBOR.readTree(payload).path(SETTING);
        return value.isInt() ? value.intValue() : -1;
      } catch (IOException e) {
        return -1;
      }
    }
  }

  private final class Links extends CoapResource {
    Links() {
      super("res");
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      Map<String, Object> link =
          Map.of(
              "href",
              "/dimming",
              "rt",
              List.of("oic.r.light.dimming"),
              "if",
              List.of("oic.if.a", "oic.if.baseline"));
      Object body = List.of(Map.of("di", di, "links", List.of(link)));
      exchange.respond(ResponseCode.CONTENT, cbor(body), MediaTypeRegistry.APPLICATION_CBOR);
    }
  }
}
