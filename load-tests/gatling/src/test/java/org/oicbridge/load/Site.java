package org.oicbridge.load;

import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.oicbridge.GatewayProcess;
import org.oicbridge.gatling.OicProtocolBuilder;

/**
 * What a simulation loads: a gateway as a process of its own, behind it an XMPP server and CoAP
 * devices, all on loopback at free ports. With {@code load.gateway} it is a gateway that is there
 * already, with the devices that are online at it.
 */
final class Site implements AutoCloseable {
  private static final int DEVICE_THREADS = 2;
  private static final long PATIENCE_SECONDS = 120;
  private static final int POLL_MILLIS = 100;
  private static final int WARM_UP_ROUNDS = Settings.number("warmup", 200, 20);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<AutoCloseable> started = new ArrayList<>();
  private String url;
  private String coap;
  private String authorization;
  private Server server;
  private List<Device> devices = List.of();

  private Site() {}

  /** Starts everything and waits until each device has answered over both ways. */
  static Site start(Plan plan) {
    Site site = new Site();
    // A run that breaks off leaves no process behind.
    Runtime.getRuntime().addShutdownHook(new Thread(site::close));
    try {
      String gateway = Settings.text("gateway");
      if (gateway == null) {
        site.open(plan);
      } else if (!plan.hosted()) {
        throw new IllegalArgumentException(
            "load.gateway is set, but this simulation makes a gateway of its own");
      } else {
        site.find(gateway);
      }
      if (plan.hosted()) {
        site.warmUp();
      }
      return site;
    } catch (IOException e) {
      site.close();
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void open(Plan plan) throws IOException {
    Path folder = Files.createDirectories(LoadTest.folder().resolve("gateway")).toAbsolutePath();
    server =
        keep(
            Server.start(
                IntStream.range(0, plan.accounts()).mapToObj(Site::user).toList(), folder));
    ScheduledExecutorService executor =
        Executors.newScheduledThreadPool(
            DEVICE_THREADS,
            task -> {
              Thread thread = new Thread(task, "lights");
              thread.setDaemon(true);
              return thread;
            });
    started.add(executor::shutdownNow);
    List<Light> lights =
        IntStream.range(0, plan.lights())
            .mapToObj(
                number ->
                    keep(
                        new Light(di(number), number < plan.devices() ? plan.slow() : 0, executor)))
            .toList();
    devices =
        IntStream.range(0, plan.accounts() * plan.devices())
            .mapToObj(
                number ->
                    device(number, number / plan.devices(), lights.get(number % lights.size())))
            .toList();
    String yaml =
        "xmpp: {trust: \"%s\"%s}%ncoap: {host: 127.0.0.1%s}%n%s"
            .formatted(
                server.trust(),
                plan.xmpp(),
                plan.coapServer() ? coapServer() : "",
                plan.hosted() ? accounts(plan) : "");
    GatewayProcess gateway = keep(GatewayProcess.start(folder, yaml));
    url = "http://127.0.0.1:" + gateway.port();
    coap = "coap://127.0.0.1:" + gateway.coapPort();
    authorization = GatewayProcess.authorization().split(": ", 2)[1];
  }

  /** Whoever sends from this machine may use what the first account has. */
  private String coapServer() {
    return (", server: {host: 127.0.0.1, port: 0, identities: [{name: load, account: %s@%s,"
            + " rights: [read, act], source: 127.0.0.1/32}]}")
        .formatted(user(0), server.domain());
  }

  private <T extends AutoCloseable> T keep(T one) {
    started.add(one);
    return one;
  }

  private static String user(int account) {
    return "u" + account;
  }

  private static String di(int number) {
    return "00000000-0000-4000-8000-%012x".formatted(number);
  }

  private Device device(int number, int account, Light light) {
    String jid = user(account) + "@" + server.domain();
    return new Device(
        di(number), jid, "%s/OIC/1.0/%s/%s".formatted(jid, Light.RT, di(number)), light.endpoint());
  }

  private String accounts(Plan plan) {
    StringBuilder yaml = new StringBuilder("accounts:\n");
    for (int account = 0; account < plan.accounts(); account++) {
      String jid = user(account) + "@" + server.domain();
      yaml.append(
          "  - {jid: %s, password: %s, address: 127.0.0.1, port: %d, devices: ["
              .formatted(jid, Server.PASSWORD, server.port()));
      devices.stream()
          .filter(device -> device.account().equals(jid))
          .forEach(
              device ->
                  yaml.append(
                      "{di: %s, rt: %s, endpoint: \"%s\"}, "
                          .formatted(device.di(), Light.RT, device.endpoint())));
      yaml.append("]}\n");
    }
    return yaml.toString();
  }

  private void find(String gateway) throws IOException, InterruptedException {
    url = gateway;
    String token = Settings.text("token");
    authorization = token == null ? null : "Bearer " + token;
    HttpResponse<String> answer =
        get("/api/v1/devices?origin=hosted&state=online&rt=" + Light.RT + "&limit=1000");
    if (answer.statusCode() != 200) {
      throw new IOException(gateway + " answered " + answer.statusCode());
    }
    devices =
        new JsonObject(answer.body())
            .getJsonArray("devices").stream()
                .map(JsonObject.class::cast)
                .map(
                    device ->
                        new Device(
                            device.getString("di"),
                            device.getString("account"),
                            device.getString("jid"),
                            ""))
                .toList();
    if (devices.isEmpty()) {
      throw new IOException(gateway + " has no " + Light.RT + " that is online");
    }
  }

  /** Waits for each device, and has the gateway compile what the simulation is to measure. */
  private void warmUp() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (Device device : devices) {
      String path = "/api/v1/devices/" + device.di() + "/resources/dimming";
      while (get(path).statusCode() != 200 || get(path + "?via=xmpp").statusCode() != 200) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(device.jid() + " does not answer");
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      String path =
          "/api/v1/devices/" + devices.get(i % devices.size()).di() + "/resources/dimming";
      get(path);
      get(path + "?via=xmpp");
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The gateway's address, such as {@code http://127.0.0.1:8080}. */
  String url() {
    return url;
  }

  /** Where the gateway serves CoAP, such as {@code coap://127.0.0.1:5683}. */
  String coap() {
    return coap == null ? Settings.required("coap") : coap;
  }

  /** The value of the Authorization header of a call, empty when there is none. */
  String authorization() {
    return authorization == null ? "" : authorization;
  }

  List<Device> devices() {
    return devices;
  }

  /** What the virtual users know of the devices, one for each. */
  List<Map<String, Object>> feed() {
    return devices.stream().map(Device::feed).toList();
  }

  /** Where virtual users log in: the server that was started, or {@code load.server}. */
  OicProtocolBuilder xmpp(OicProtocolBuilder protocol) {
    if (server != null) {
      return protocol.server("127.0.0.1", server.port()).trust(server.trust());
    }
    HostAndPort given = HostAndPort.parseAuthority(Settings.required("server"), 5222);
    OicProtocolBuilder there = protocol.server(given.host(), given.port());
    String trust = Settings.text("trust");
    return trust == null ? there : there.trust(Path.of(trust));
  }

  /** The XMPP server that was started; null at a gateway that was there already. */
  Server server() {
    return server;
  }

  @Override
  public void close() {
    synchronized (started) {
      for (int i = started.size() - 1; i >= 0; i--) {
        try {
          if (started.get(i) instanceof GatewayProcess gateway) {
            gateway.stop();
          }
          started.get(i).close();
        } catch (Exception e) {
          System.err.println("could not be stopped: " + e);
        }
      }
      started.clear();
    }
  }
}
