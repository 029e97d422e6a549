package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.core.observe.ObserveManager;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.core.server.resources.ObservableResource;
import org.eclipse.californium.elements.config.Configuration;
import org.oicbridge.bus.HostedDevice;

/**
 * A plain CoAP device whose one resource anybody may observe; the test says when it tells and what.
 */
final class ObservableDevice implements AutoCloseable, ObservableResource {
  volatile byte[] value = "1".getBytes(StandardCharsets.UTF_8);
  volatile boolean observable = true;
  volatile long maxAge = 3600;

  /** Answers the first registration like one that may observe, and no further one. */
  volatile boolean observableOnce;

  /** Resets every registration but the first. */
  volatile boolean resets;

  /** Takes no cancellation, so that it goes on to tell. */
  volatile boolean deaf;

  private final BlockingQueue<Request> registrations = new LinkedBlockingQueue<>();
  private final BlockingQueue<Request> cancellations = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> reset = new CompletableFuture<>();
  private final CoapEndpoint endpoint;
  private final ObserveManager manager;
  private int sequence;

  /** What the message that is being sent is numbered with; belongs to the endpoint's thread. */
  private int number;

  private int count;
  private volatile Exchange observer;

  ObservableDevice() throws java.io.IOException {
    Configuration configuration =
        Configuration.createStandardWithoutFile()
            .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 1 << 20)
            .set(CoapConfig.PREFERRED_BLOCK_SIZE, 1024)
            .set(CoapConfig.MAX_MESSAGE_SIZE, 1024);
    manager = new ObserveManager(configuration);
    endpoint =
        new CoapEndpoint.Builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build();
    endpoint.setMessageDeliverer(new Deliverer());
    endpoint.addInterceptor(
        new MessageInterceptorAdapter() {
          @Override
          public void receiveEmptyMessage(EmptyMessage message) {
            if (message.getType() == CoAP.Type.RST) {
              reset.complete(true);
            }
          }
        });
    endpoint.start();
  }

  HostedDevice config() {
    return TestDevice.config("coap://127.0.0.1:" + endpoint.getAddress().getPort());
  }

  Request nextRegistration() throws InterruptedException {
    Request request = registrations.poll(20, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  Request nextCancellation() throws InterruptedException {
    Request request = cancellations.poll(20, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  boolean reset() throws Exception {
    return reset.get(20, TimeUnit.SECONDS);
  }

  /** The number of what is sent next. */
  void sequence(int next) {
    sequence = next;
  }

  void notifyValue(String json, boolean confirmable, long age) {
    Response response = RelationTest.plain(json);
    response.getOptions().setMaxAge(age);
    tell(response, confirmable);
  }

  void notifyBytes(byte[] payload, boolean confirmable) {
    tell(TestDevice.content(ContentFormat.CBOR, payload), confirmable);
  }

  void notifyError(ResponseCode code) {
    tell(new Response(code), true);
  }

  private void tell(Response response, boolean confirmable) {
    Exchange exchange = observer;
    response.setType(confirmable ? CoAP.Type.CON : CoAP.Type.NON);
    if (response.isSuccess()) {
      value = response.getPayload();
    }
    int mine = sequence++;
    exchange.execute(
        () -> {
          number = mine;
          exchange.sendResponse(response);
        });
  }

  @Override
  public void close() {
    endpoint.destroy();
  }

  private Response current() {
    Response response = TestDevice.content(ContentFormat.JSON, value);
    response.getOptions().setMaxAge(maxAge);
    return response;
  }

  private void register(Exchange exchange) {
    registrations.add(exchange.getRequest());
    count++;
    if (count > 1 && resets) {
      exchange.sendReject();
      return;
    }
    if (observable && !(observableOnce && count > 1)) {
      manager.addObserveRelation(exchange, this);
      observer = exchange;
      number = sequence++;
    }
    exchange.sendResponse(current());
  }

  private final class Deliverer implements MessageDeliverer {
    @Override
    public void deliverRequest(Exchange exchange) {
      Request request = exchange.getRequest();
      if (TestDevice.isDiscovery(request)) {
        exchange.sendResponse(new Response(ResponseCode.NOT_FOUND));
      } else if (request.isObserve()) {
        register(exchange);
      } else {
        if (request.isObserveCancel()) {
          cancellations.add(request);
          if (!deaf) {
            manager.cancelObserveRelation(exchange);
          }
        }
        exchange.sendResponse(current());
      }
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
      throw new IllegalStateException("a device asks nothing");
    }
  }

  @Override
  public String getURI() {
    return "/temperature";
  }

  @Override
  public CoAP.Type getObserveType() {
    return null;
  }

  @Override
  public int getNotificationSequenceNumber() {
    return number;
  }

  @Override
  public boolean isObservable() {
    return true;
  }

  @Override
  public void addObserveRelation(ObserveRelation relation) {}

  @Override
  public void removeObserveRelation(ObserveRelation relation) {}

  @Override
  public int getObserverCount() {
    return observer == null ? 0 : 1;
  }
}
