package org.oicbridge.peers;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.IntegerOptionDefinition;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Endpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.UdpMulticastConnector;
import org.eclipse.californium.elements.config.Configuration;

/**
 * A program that behaves as a current OCF stack does: it answers multicast requests from a port of
 * its own, takes Content-Format 10000 only, puts the version option on every answer, tells its
 * device type in the baseline of {@code /oic/d} only, lists its endpoints, and writes maps and
 * arrays of indefinite length. {@code /light} takes GET with Observe, and POST.
 *
 * <p>Arguments: {@code --host ADDRESS} (several with commas between them), {@code --port N} for
 * unicast, {@code --interface NAME} to join the multicast groups on, {@code --di UUID}, {@code --rt
 * TYPE}, {@code --name NAME}, {@code --more N} links that lead nowhere, for an answer in blocks. It
 * prints {@code ready di=… endpoints=coap://…} when it serves, and serves until it is ended.
 */
public final class OcfLikeDevice {
  private static final IntegerOptionDefinition ACCEPT_VERSION =
      new IntegerOptionDefinition(2049, "OCF-Accept-Content-Format-Version", true, 0, 2);
  private static final IntegerOptionDefinition CONTENT_VERSION =
      new IntegerOptionDefinition(2053, "OCF-Content-Format-Version", true, 0, 2);
  private static final OptionRegistry OPTIONS =
      new MapBasedOptionRegistry(
          StandardOptionRegistry.STANDARD_OPTIONS, ACCEPT_VERSION, CONTENT_VERSION);
  private static final int OCF_CBOR = 10_000;
  private static final int VERSION_1_0_0 = 2048;
  private static final int MULTICAST_PORT = 5683;
  private static final List<String> IPV4 = List.of("224.0.1.187");
  private static final List<String> IPV6 = List.of("ff02::158", "ff03::158", "ff05::158");
  private static final CBORMapper CBOR = new CBORMapper();

  /** Writes a representation. */
  private interface Body {
    void write(JsonGenerator cbor) throws IOException;
  }

  private final Map<String, String> options;
  private final List<Endpoint> endpoints = new ArrayList<>();
  private boolean state;
  private int power = 1;

  private OcfLikeDevice(Map<String, String> options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "--host", "127.0.0.1",
                "--port", "0",
                "--di", "dc70373c-1e8d-4fb3-962e-017eaa863989",
                "--rt", "oic.d.light",
                "--name", "Lamp",
                "--more", "0"));
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i], arguments[i + 1]);
    }
    new OcfLikeDevice(options).start();
    new CountDownLatch(1).await();
  }

  private void start() throws IOException {
    Configuration configuration =
        Configuration.createStandardWithoutFile()
            // RFC 7252 section 8.2 has devices wait up to 5 s; tests need not.
            .set(CoapConfig.LEISURE, 500, TimeUnit.MILLISECONDS)
            .set(CoapConfig.PREFERRED_BLOCK_SIZE, 1024)
            .set(CoapConfig.MAX_MESSAGE_SIZE, 1024);
    CoapServer server = new CoapServer(configuration);
    for (String host : options.get("--host").split(",", -1)) {
      Endpoint endpoint = endpoint(InetAddress.getByName(host), configuration);
      endpoints.add(endpoint);
      server.addEndpoint(endpoint);
    }
    server.add(
        new CoapResource("oic")
            .add(new Served("res", this::links))
            .add(new Served("d", this::device)),
        new Light());
    server.start();
    if (!endpoints.stream().allMatch(Endpoint::isStarted)) {
      throw new IOException("not every address can be served");
    }
    System.out.printf("ready di=%s endpoints=%s%n", di(), String.join(",", uris()));
  }

  private Endpoint endpoint(InetAddress host, Configuration configuration) throws IOException {
    UDPConnector connector =
        new UDPConnector(
            new InetSocketAddress(host, Integer.parseInt(options.get("--port"))), configuration);
    if (options.containsKey("--interface")) {
      NetworkInterface at = NetworkInterface.getByName(options.get("--interface"));
      for (String group : host instanceof Inet4Address ? IPV4 : IPV6) {
        InetAddress address = zoned(InetAddress.getByName(group), at);
        connector.addMulticastReceiver(
            new UdpMulticastConnector.Builder()
                .setConfiguration(configuration)
                .setLocalAddress(address, MULTICAST_PORT)
                .addMulticastGroup(address, at)
                .setMulticastReceiver(true)
                .build());
      }
    }
    return new CoapEndpoint.Builder()
        .setConfiguration(configuration)
        .setConnector(connector)
        .setOptionRegistry(OPTIONS)
        .build();
  }

  /** A group of the link can't be bound without saying which link. */
  private static InetAddress zoned(InetAddress group, NetworkInterface at) throws IOException {
    return group instanceof Inet4Address
        ? group
        : Inet6Address.getByAddress(null, group.getAddress(), at);
  }

  private String di() {
    return options.get("--di");
  }

  private List<String> uris() {
    return endpoints.stream().map(endpoint -> uri(endpoint.getAddress())).toList();
  }

  private static String uri(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress().replaceAll("%.*", "");
    return "coap://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  private void links(CoapExchange exchange, JsonGenerator cbor) throws IOException {
    cbor.writeStartArray();
    link(cbor, "/oic/res", "oic.wk.res", "oic.if.ll", 1);
    link(cbor, "/oic/d", "oic.wk.d", "oic.if.r", 1);
    link(cbor, "/light", "oic.r.switch.binary", "oic.if.a", 3);
    for (int i = 0; i < Integer.parseInt(options.get("--more")); i++) {
      link(cbor, "/more/" + i, "x.more", "oic.if.r", 1);
    }
    cbor.writeEndArray();
  }

  private void link(JsonGenerator cbor, String href, String rt, String itf, int policy)
      throws IOException {
    cbor.writeStartObject();
    cbor.writeStringField("anchor", "ocf://" + di());
    cbor.writeStringField("href", href);
    texts(cbor, "rt", List.of(rt));
    texts(cbor, "if", List.of(itf, "oic.if.baseline"));
    cbor.writeObjectFieldStart("p");
    cbor.writeNumberField("bm", policy);
    cbor.writeEndObject();
    cbor.writeArrayFieldStart("eps");
    for (String uri : uris()) {
      cbor.writeStartObject();
      cbor.writeStringField("ep", uri);
      cbor.writeEndObject();
    }
    cbor.writeEndArray();
    cbor.writeEndObject();
  }

  private static void texts(JsonGenerator cbor, String name, List<String> texts)
      throws IOException {
    cbor.writeArrayFieldStart(name);
    for (String text : texts) {
      cbor.writeString(text);
    }
    cbor.writeEndArray();
  }

  private void device(CoapExchange exchange, JsonGenerator cbor) throws IOException {
    cbor.writeStartObject();
    if (exchange.getRequestOptions().getUriQuery().contains("if=oic.if.baseline")) {
      texts(cbor, "rt", List.of(options.get("--rt"), "oic.wk.d"));
      texts(cbor, "if", List.of("oic.if.r", "oic.if.baseline"));
    }
    cbor.writeStringField("di", di());
    cbor.writeStringField("n", options.get("--name"));
    cbor.writeStringField("icv", "ocf.1.0.0");
    cbor.writeStringField("dmv", "ocf.res.1.0.0");
    cbor.writeEndObject();
  }

  private synchronized void light(JsonGenerator cbor) throws IOException {
    cbor.writeStartObject();
    cbor.writeBooleanField("state", state);
    cbor.writeNumberField("power", power);
    cbor.writeEndObject();
  }

  private synchronized boolean update(byte[] payload) {
    try {
      JsonNode body = CBOR.readTree(payload);
      if (!body.isObject()) {
        return false;
      }
      state = body.path("state").asBoolean(state);
      power = body.path("power").asInt(power);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void answer(CoapExchange exchange, ResponseCode code, Body body) {
    Response response = new Response(code);
    if (body != null) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (JsonGenerator cbor = new CBORFactory().createGenerator(bytes)) {
        body.write(cbor);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      response.setPayload(bytes.toByteArray());
      response.getOptions().setContentFormat(OCF_CBOR);
    }
    response.getOptions().addOption(CONTENT_VERSION.create((long) VERSION_1_0_0));
    exchange.respond(response);
  }

  /** False when the request was refused; one that came by multicast is refused in silence. */
  private static boolean speaksOcf(CoapExchange exchange) {
    int accept = exchange.getRequestOptions().getAccept();
    if (exchange.getRequestOptions().hasAccept() && accept != OCF_CBOR) {
      refuse(exchange, ResponseCode.NOT_ACCEPTABLE);
      return false;
    }
    List<Option> version = exchange.getRequestOptions().getOthers(ACCEPT_VERSION);
    if (!version.isEmpty() && version.get(0).getIntegerValue() < VERSION_1_0_0) {
      refuse(exchange, ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
      return false;
    }
    return true;
  }

  private static void refuse(CoapExchange exchange, ResponseCode code) {
    if (!exchange.isMulticastRequest()) {
      answer(exchange, code, null);
    }
  }

  /** Writes what a GET is answered with. */
  private interface Representation {
    void write(CoapExchange exchange, JsonGenerator cbor) throws IOException;
  }

  private static final class Served extends CoapResource {
    private final Representation representation;

    Served(String name, Representation representation) {
      super(name);
      this.representation = representation;
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      if (speaksOcf(exchange)) {
        answer(exchange, ResponseCode.CONTENT, cbor -> representation.write(exchange, cbor));
      }
    }
  }

  private final class Light extends CoapResource {
    Light() {
      super("light");
      setObservable(true);
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      if (speaksOcf(exchange)) {
        answer(exchange, ResponseCode.CONTENT, OcfLikeDevice.this::light);
      }
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      if (!speaksOcf(exchange)) {
        return;
      }
      if (exchange.getRequestOptions().getContentFormat() != OCF_CBOR) {
        refuse(exchange, ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
      } else if (update(exchange.getRequestPayload())) {
        answer(exchange, ResponseCode.CHANGED, OcfLikeDevice.this::light);
        changed();
      } else {
        refuse(exchange, ResponseCode.BAD_REQUEST);
      }
    }
  }
}
