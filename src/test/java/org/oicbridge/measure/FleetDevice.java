package org.oicbridge.measure;

import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/**
 * A CoAP device on a port of its own that can fail: {@code /value}, which is observable, and {@code
 * /large}. It speaks JSON and has no {@code /oic/res}.
 */
final class FleetDevice implements AutoCloseable {
  static final String RT = "oic.d.sensor";

  private static final int LARGE = 20_000;
  private static final int MAX_AGE = 20;
  private static final String LARGE_BODY = "\"" + "x".repeat(LARGE) + "\"";

  private final String di;
  private final String host;
  private final ScheduledExecutorService executor;
  private final Executions executions;
  private final int port;
  private CoapServer server;
  private CoapEndpoint endpoint;
  private volatile boolean silent;
  private volatile boolean garbled;
  private volatile long delayMillis;
  private volatile long value;
  private volatile InetSocketAddress asker;

  /**
   * Starts it.
   *
   * @param host the loopback address that it listens at
   */
  FleetDevice(String di, String host, ScheduledExecutorService executor, Executions executions) {
    this.di = di;
    this.host = host;
    this.executor = executor;
    this.executions = executions;
    start(0);
    this.port = endpoint.getAddress().getPort();
  }

  private void start(int at) {
    Configuration configuration =
        new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, SystemConfig.DEFINITIONS)
            .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 1 << 20)
            .set(CoapConfig.PREFERRED_BLOCK_SIZE, 1024)
            .set(CoapConfig.MAX_MESSAGE_SIZE, 1024);
    endpoint =
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(new InetSocketAddress(host, at))
            .build();
    endpoint.addInterceptor(new Silence());
    server = new CoapServer(configuration);
    server.setExecutors(executor, executor, true);
    server.addEndpoint(endpoint);
    Value values = new Value();
    server.add(values, new Large(), new CoapResource("oic").add(new Description()));
    server.start();
    if (!endpoint.isStarted()) {
      throw new IllegalStateException("no device can listen at port " + at);
    }
  }

  String di() {
    return di;
  }

  URI endpoint() {
    return URI.create("coap://" + host + ":" + port);
  }

  /** Neither takes nor sends anything from now on, or does so again. */
  void silent(boolean now) {
    silent = now;
  }

  /** Answers what can't be read from now on, or the truth again. */
  void garbled(boolean now) {
    garbled = now;
  }

  /** How long it takes for an answer. */
  void delay(long millis) {
    delayMillis = millis;
  }

  /** Ends and begins anew; what it knew of exchanges and observers is lost. */
  void restart() {
    server.destroy();
    start(port);
  }

  /** Sends bytes to the socket that asked last. */
  void send(byte[] bytes) {
    InetSocketAddress to = asker;
    if (to != null) {
      endpoint
          .getConnector()
          .send(RawData.outbound(bytes, new AddressEndpointContext(to), null, false));
    }
  }

  @Override
  public void close() {
    server.destroy();
  }

  private void answer(CoapExchange exchange, ResponseCode code, String json) {
    if (garbled) {
      exchange.respond(code, "{\"val", MediaTypeRegistry.APPLICATION_JSON);
    } else if (delayMillis > 0) {
      // Nothing waits for it: the exchange is what is answered.
      ScheduledFuture<?> unused =
          executor.schedule(
              () -> exchange.respond(code, json, MediaTypeRegistry.APPLICATION_JSON),
              delayMillis,
              TimeUnit.MILLISECONDS);
    } else {
      exchange.respond(code, json, MediaTypeRegistry.APPLICATION_JSON);
    }
  }

  private void update(CoapExchange exchange) {
    Request request = exchange.advanced().getRequest();
    long update = new JsonObject(exchange.getRequestText()).getLong("update");
    executions.note(update, di + " " + request.getMID() + " " + request.getToken().getAsString());
    value = update;
    answer(exchange, ResponseCode.CHANGED, "{\"value\":" + update + "}");
  }

  private final class Value extends CoapResource {
    Value() {
      super("value");
      setObservable(true);
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      asker = exchange.getSourceSocketAddress();
      exchange.setMaxAge(MAX_AGE);
      answer(exchange, ResponseCode.CONTENT, "{\"value\":" + value + "}");
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      update(exchange);
      changed();
    }
  }

  private final class Large extends CoapResource {
    Large() {
      super("large");
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      answer(exchange, ResponseCode.CONTENT, LARGE_BODY);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      update(exchange);
    }
  }

  /** The {@code /oic/d} of a device of which only the type is not known. */
  private final class Description extends CoapResource {
    Description() {
      super("d");
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      String json =
          "{\"di\":\"%s\",\"n\":\"sensor\",\"rt\":[\"oic.wk.d\",\"%s\"]}".formatted(di, RT);
      exchange.respond(ResponseCode.CONTENT, json, MediaTypeRegistry.APPLICATION_JSON);
    }
  }

  /** Loses every message while the device is silent. */
  private final class Silence extends MessageInterceptorAdapter {
    @Override
    public void sendRequest(Request request) {
      request.setCanceled(silent || request.isCanceled());
    }

    @Override
    public void sendResponse(Response response) {
      response.setCanceled(silent || response.isCanceled());
    }

    @Override
    public void sendEmptyMessage(EmptyMessage message) {
      message.setCanceled(silent || message.isCanceled());
    }

    @Override
    public void receiveRequest(Request request) {
      request.setCanceled(silent || request.isCanceled());
    }

    @Override
    public void receiveResponse(Response response) {
      response.setCanceled(silent || response.isCanceled());
    }

    @Override
    public void receiveEmptyMessage(EmptyMessage message) {
      message.setCanceled(silent || message.isCanceled());
    }
  }
}
