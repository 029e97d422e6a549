package org.oicbridge.measure;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/**
 * Devices that are registered over HTTP or publish themselves over CoAP, are renewed, forgotten or
 * left to expire. On one event loop.
 */
final class SoakRegistrations implements AutoCloseable {
  /** Where the publications come from, as the configuration knows it. */
  static final String PUBLISHER = "127.0.0.3";

  private static final int PAUSE_MILLIS = 1500;
  private static final int SHORT_TTL = 20;
  private static final int LONG_TTL = 3600;

  private final Vertx vertx;
  private final Api api;
  private final Fleet fleet;
  private final int first;
  private final int published;
  private final int coapPort;
  private final Random random;
  private final CoapEndpoint publisher;
  private final Map<String, Long> outcomes = new TreeMap<>();
  private long timer;

  /**
   * Prepares them.
   *
   * @param first number of the first device that is registered
   * @param published number of the first that publishes itself
   */
  SoakRegistrations(
      Vertx vertx, Api api, Fleet fleet, int first, int published, int coapPort, Random random)
      throws java.io.IOException {
    this.vertx = vertx;
    this.api = api;
    this.fleet = fleet;
    this.first = first;
    this.published = published;
    this.coapPort = coapPort;
    this.random = random;
    this.publisher =
        CoapEndpoint.builder()
            .setConfiguration(
                new Configuration(
                    CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS, SystemConfig.DEFINITIONS))
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getByName(PUBLISHER), 0))
            .build();
    publisher.start();
  }

  void start() {
    all();
    timer = vertx.setPeriodic(PAUSE_MILLIS, id -> next());
  }

  /** Stops changing them, and has all of them there for long. */
  void settle() {
    vertx.cancelTimer(timer);
    all();
  }

  /** Registers and publishes all. */
  void all() {
    for (int number = first; number < fleet.devices().size(); number++) {
      put(number, LONG_TTL);
    }
  }

  private void next() {
    int number = first + random.nextInt(fleet.devices().size() - first);
    switch (random.nextInt(4)) {
      case 0 -> delete(number);
      case 1 -> put(number, SHORT_TTL);
      default -> put(number, LONG_TTL);
    }
  }

  private void put(int number, int ttl) {
    if (number >= published) {
      publish(number, ttl);
      return;
    }
    JsonObject body =
        new JsonObject()
            .put("account", fleet.jid(number))
            .put("name", "sensor " + random.nextInt(3))
            .put("endpoint", fleet.device(number).endpoint().toString())
            .put("ttl", ttl);
    if (random.nextBoolean()) {
      body.put("rt", FleetDevice.RT);
    }
    ended(HttpMethod.PUT, number, body.encode());
  }

  private void delete(int number) {
    if (number >= published) {
      send(
          Request.newDelete()
              .setURI("coap://127.0.0.1:" + coapPort + "/oic/rd?di=" + Fleet.di(number)));
    } else {
      ended(HttpMethod.DELETE, number, null);
    }
  }

  private void ended(HttpMethod method, int number, String body) {
    api.call(method, "/api/v1/devices/" + Fleet.di(number), body)
        .onComplete(
            answer ->
                count(
                    method
                        + " "
                        + (answer.failed()
                            ? "unanswered"
                            : answer.result().status() + " " + answer.result().type())));
  }

  private void publish(int number, int ttl) {
    JsonObject link =
        new JsonObject()
            .put("href", "/value")
            .put("rt", new JsonArray().add("oic.r.sensor"))
            .put("if", new JsonArray().add("oic.if.s"))
            .put(
                "eps",
                new JsonArray()
                    .add(new JsonObject().put("ep", fleet.device(number).endpoint().toString())));
    Request request = Request.newPost();
    request.setURI("coap://127.0.0.1:" + coapPort + "/oic/rd");
    request.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_JSON);
    request.getOptions().setAccept(MediaTypeRegistry.APPLICATION_JSON);
    request.setPayload(
        new JsonObject()
            .put("di", Fleet.di(number))
            .put("n", "sensor")
            .put("ttl", ttl)
            .put("links", new JsonArray().add(link))
            .encode());
    send(request);
  }

  private void send(Request request) {
    String method = request.getCode() == CoAP.Code.POST ? "publish " : "withdraw ";
    request.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onResponse(Response response) {
            String why = response.isSuccess() ? "" : " " + response.getPayloadString();
            count(method + response.getCode().text + why);
          }

          @Override
          protected void failed() {
            count(method + "unanswered");
          }
        });
    publisher.sendRequest(request);
  }

  private synchronized void count(String outcome) {
    outcomes.merge(outcome.strip(), 1L, Long::sum);
  }

  synchronized Map<String, Long> outcomes() {
    return new TreeMap<>(outcomes);
  }

  @Override
  public void close() {
    publisher.destroy();
  }
}
