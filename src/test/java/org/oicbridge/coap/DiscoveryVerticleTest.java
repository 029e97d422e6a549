package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.FoundDevice;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.DiscoveryConfig;
import org.oicbridge.crudn.Link;

@Timeout(60)
class DiscoveryVerticleTest {
  private static final String DI = "dc70373c-1e8d-4fb3-962e-017eaa863989";
  private static final DiscoveryPace PACE =
      new DiscoveryPace(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(500));

  private final BlockingQueue<FoundDevice> found = new LinkedBlockingQueue<>();
  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    Contracts.register(vertx);
    Contracts.FOUND.listen(vertx.eventBus(), Contracts.HOME, found::add);
  }

  @AfterEach
  void stop() throws Exception {
    CoapGateway.await(vertx.close());
  }

  private void search(String... endpoints) throws Exception {
    deploy(Duration.ofDays(1), endpoints);
  }

  private void deploy(Duration interval, String... endpoints) throws Exception {
    CoapConfig coap =
        new CoapConfig("127.0.0.1", 1, 2, Duration.ofMillis(100), 1, 1024, 300_000, null);
    List<URI> unicast = List.of(endpoints).stream().map(URI::create).toList();
    DiscoveryConfig discovery = new DiscoveryConfig(List.of(), interval, unicast, List.of());
    CoapGateway.await(vertx.deployVerticle(new DiscoveryVerticle(coap, discovery, PACE, 0)));
  }

  private FoundDevice next() throws InterruptedException {
    FoundDevice device = found.poll(20, TimeUnit.SECONDS);
    assertThat(device).as("a device").isNotNull();
    return device;
  }

  private static String endpoint(TestDevice device) {
    return device.config().endpoint().toString();
  }

  private static byte[] cbor(String json) {
    try {
      return JsonBody.toCbor(json.replace('\'', '"'));
    } catch (RequestFailed e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static boolean asks(Request request, String path) {
    return request.getOptions().getUriPathString().equals(path);
  }

  /** An OCF device that, as IoTivity-Lite does, tells its type only in the baseline. */
  private static Function<Request, Response> lamp(String links, String device) {
    return request -> {
      if (!request.getOptions().isAccept(ContentFormat.OCF_CBOR)) {
        return new Response(ResponseCode.NOT_ACCEPTABLE);
      }
      if (asks(request, "oic/res")) {
        return answer(links);
      }
      boolean baseline = request.getOptions().getUriQuery().contains("if=oic.if.baseline");
      return asks(request, "oic/d") && baseline
          ? answer(device)
          : new Response(ResponseCode.NOT_FOUND);
    };
  }

  private static Response answer(String json) {
    Response response = TestDevice.content(ContentFormat.OCF_CBOR, cbor(json));
    response
        .getOptions()
        .addOption(OcfOption.CONTENT_VERSION.create((long) OcfOption.VERSION_1_0_0));
    return response;
  }

  private static final String LINKS =
      "[{'anchor':'ocf://"
          + DI
          + "','href':'/oic/d','rt':['oic.wk.d'],'p':{'bm':1}},"
          + "{'anchor':'ocf://"
          + DI
          + "','href':'/light','rt':['oic.r.switch.binary'],"
          + "'if':['oic.if.a','oic.if.baseline'],'p':{'bm':3}}]";

  private static final String DEVICE =
      "{'n':'Kitchen','rt':['oic.d.light','oic.wk.d'],'di':'" + DI + "'}";

  @Test
  void ocfDevice_isFoundWithTypeNameAndLinks() throws Exception {
    try (TestDevice device = new TestDevice(lamp(LINKS, DEVICE))) {
      search(endpoint(device));

      FoundDevice lamp = next();
      assertThat(lamp.di().text()).isEqualTo(DI);
      assertThat(lamp.rt()).isEqualTo("oic.d.light");
      assertThat(lamp.name()).isEqualTo("Kitchen");
      assertThat(lamp.endpoint()).hasToString(endpoint(device));
      assertThat(lamp.links())
          .contains(
              new Link(
                  "/light",
                  List.of("oic.r.switch.binary"),
                  List.of("oic.if.a", "oic.if.baseline"),
                  3,
                  "",
                  List.of()));
    }
  }

  @Test
  void legacyDevice_isAskedInItsOwnDialect() throws Exception {
    String links = "[{'di':'" + DI + "','links':[{'href':'/light','rt':'core.light'}]}]";
    String self = "{'n':'Old','rt':'oic.wk.d oic.d.lamp','di':'" + DI + "'}";
    Function<Request, Response> old =
        request -> {
          if (!request.getOptions().isAccept(ContentFormat.CBOR)) {
            return new Response(ResponseCode.NOT_ACCEPTABLE);
          }
          if (OcfOption.version(request.getOptions(), OcfOption.ACCEPT_VERSION) >= 0) {
            return new Response(ResponseCode.BAD_OPTION);
          }
          return TestDevice.content(
              ContentFormat.CBOR, cbor(asks(request, "oic/res") ? links : self));
        };
    try (TestDevice device = new TestDevice(old)) {
      search(endpoint(device));

      FoundDevice lamp = next();
      assertThat(lamp.name()).isEqualTo("Old");
      assertThat(lamp.rt()).isEqualTo("oic.d.lamp");
    }
  }

  @Test
  void deviceThatTellsNothingOfItself_isFoundAllTheSame() throws Exception {
    Function<Request, Response> links = lamp(LINKS, DEVICE);
    try (TestDevice device =
        new TestDevice(
            request ->
                asks(request, "oic/d")
                    ? new Response(ResponseCode.UNAUTHORIZED)
                    : links.apply(request))) {
      search(endpoint(device));

      FoundDevice lamp = next();
      assertThat(lamp.rt()).isEqualTo("oic.wk.d");
      assertThat(lamp.name()).isEmpty();
    }
  }

  @Test
  void deviceThatDoesNotSayWhatItIs_inTime_isFoundAllTheSame() throws Exception {
    Function<Request, Response> links = lamp(LINKS, DEVICE);
    try (TestDevice device =
        new TestDevice(request -> asks(request, "oic/d") ? null : links.apply(request))) {
      search(endpoint(device));

      assertThat(next().name()).isEmpty();
      assertThat(device.held).hasSize(1);
    }
  }

  @Test
  void descriptionOfAnotherDevice_isNotTaken() throws Exception {
    String other = DEVICE.replace(DI, "0685b960-736f-46f7-bec0-9e6cbd61adc1");
    try (TestDevice device = new TestDevice(lamp(LINKS, other))) {
      search(endpoint(device));

      FoundDevice lamp = next();
      assertThat(lamp.name()).isEmpty();
      assertThat(lamp.rt()).isEqualTo("oic.wk.d");
    }
  }

  @Test
  void longListOfLinks_comesInBlocks() throws Exception {
    StringBuilder links = new StringBuilder(LINKS.substring(0, LINKS.length() - 1));
    for (int i = 0; i < 300; i++) {
      links.append(",{'anchor':'ocf://").append(DI).append("','href':'/r/").append(i).append("'}");
    }
    try (TestDevice device = new TestDevice(lamp(links + "]", DEVICE))) {
      search(endpoint(device));

      assertThat(next().links()).hasSize(302);
    }
  }

  @Test
  void advertisedEndpointElsewhere_isNotTaken() throws Exception {
    String links = LINKS.replace("'p':{'bm':3}", "'eps':[{'ep':'coap://192.0.2.1:5683'}]");
    try (TestDevice device = new TestDevice(lamp(links, DEVICE))) {
      search(endpoint(device));

      assertThat(next().endpoint()).hasToString(endpoint(device));
    }
  }

  @Test
  void base_standsBeforeWhatIsAsked_andStays() throws Exception {
    Function<Request, Response> lamp = lamp(LINKS, DEVICE);
    Function<Request, Response> below =
        request -> {
          List<String> path = request.getOptions().getUriPath();
          if (!path.get(0).equals("base")) {
            return new Response(ResponseCode.NOT_FOUND);
          }
          request.getOptions().setUriPath("/" + String.join("/", path.subList(1, path.size())));
          return lamp.apply(request);
        };
    try (TestDevice device = new TestDevice(below)) {
      search(endpoint(device) + "/base");

      FoundDevice found = next();
      assertThat(found.endpoint()).hasToString(endpoint(device) + "/base");
      assertThat(found.name()).isEqualTo("Kitchen");
    }
  }

  @Test
  void whoeverIsNoDevice_doesNotKeepOthersFromBeingFound() throws Exception {
    try (TestDevice plain = new TestDevice(TestDevice.plainBehaviour(r -> null));
        TestDevice silent = new TestDevice(request -> null);
        TestDevice nonsense =
            new TestDevice(
                r ->
                    TestDevice.content(
                        ContentFormat.OCF_CBOR, "nonsense".getBytes(StandardCharsets.UTF_8)));
        TestDevice nameless = new TestDevice(lamp(LINKS.replace(DI, "not a device!"), DEVICE));
        TestDevice device = new TestDevice(lamp(LINKS, DEVICE))) {
      search(
          endpoint(plain),
          endpoint(silent),
          endpoint(nonsense),
          endpoint(nameless),
          "coaps://127.0.0.1:5684",
          endpoint(device));

      assertThat(next().di().text()).isEqualTo(DI);
      assertThat(found).isEmpty();
    }
  }

  @Test
  void device_isFoundAgainByEverySearch() throws Exception {
    try (TestDevice device = new TestDevice(lamp(LINKS, DEVICE))) {
      deploy(Duration.ofMillis(50), endpoint(device));

      next();
      device.becomes(lamp(LINKS, DEVICE.replace("Kitchen", "Bath")));
      FoundDevice again = next();
      while (again.name().equals("Kitchen")) {
        again = next();
      }
      assertThat(again.name()).isEqualTo("Bath");
    }
  }

  @Test
  void silentDevice_isLookedForAgain() throws Exception {
    try (TestDevice device = new TestDevice(request -> null)) {
      deploy(Duration.ofMillis(50), endpoint(device));
      assertThat(device.held.poll(20, TimeUnit.SECONDS)).isNotNull();

      device.becomes(lamp(LINKS, DEVICE));

      assertThat(next().di().text()).isEqualTo(DI);
    }
  }
}
