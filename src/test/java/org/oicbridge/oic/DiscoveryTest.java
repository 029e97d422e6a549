package org.oicbridge.oic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.oic.OwnDevice.GUEST;
import static org.oicbridge.oic.OwnDevice.HOME;
import static org.oicbridge.oic.OwnDevice.OWNER;
import static org.oicbridge.oic.OwnDevice.TARGET;
import static org.oicbridge.oic.OwnDevice.array;
import static org.oicbridge.oic.OwnDevice.at;
import static org.oicbridge.oic.OwnDevice.object;
import static org.oicbridge.oic.OwnDevice.view;
import static org.oicbridge.oic.OwnDevice.with;

import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.Directory;
import org.oicbridge.bus.DirectoryQuery;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class DiscoveryTest {
  private static final String LAMP = "11111111-1111-4111-8111-111111111111";
  private static final String FAR = "22222222-2222-4222-8222-222222222222";

  private OwnDevice device;
  private Vertx vertx;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    this.vertx = vertx;
    device = new OwnDevice(vertx);
    Link light =
        new Link(
            "/light",
            List.of("oic.r.switch.binary"),
            List.of("oic.if.a", "oic.if.baseline"),
            3,
            "7",
            List.of());
    Link fan =
        new Link(
            "/fan",
            List.of("oic.r.fan"),
            List.of("oic.if.a"),
            1,
            "8",
            List.of(URI.create("coaps://192.0.2.9:1111"), URI.create("coap://192.0.2.9:1110")));
    Link hidden = new Link("/secret", List.of("x.secret"), List.of("oic.if.r"), 0, "9", List.of());
    device.directory =
        new Directory(
            List.of(
                new Directory.Entry(
                    new DeviceId(LAMP),
                    "Lamp",
                    URI.create("coap://192.0.2.9:5683"),
                    List.of(light, fan, hidden))));
  }

  private static JsonObject link(JsonArray links, String href) {
    return links.stream()
        .map(JsonObject.class::cast)
        .filter(link -> link.getString("href").equals(href))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + href + " in " + links.encode()));
  }

  private static List<String> hrefs(JsonArray links) {
    return links.stream().map(link -> ((JsonObject) link).getString("href")).toList();
  }

  @Test
  void ocf_isABareArrayOfTheOwnLinksForAStranger() throws Exception {
    CrudnResponse response = device.as(Caller.STRANGER).get("/oic/res");

    assertThat(response.status()).isEqualTo(Status.OK);
    JsonArray links = array(response);
    assertThat(hrefs(links))
        .containsExactly(
            "/oic/res", "/oic/d", "/oic/p", "/oic/rd", "/XMPPResURI", "/XMPPUserResURI");
    assertThat(link(links, "/oic/res"))
        .isEqualTo(
            new JsonObject()
                .put("anchor", "ocf://" + TARGET)
                .put("href", "/oic/res")
                .put("rel", new JsonArray().add("self"))
                .put("rt", new JsonArray().add("oic.wk.res"))
                .put("if", new JsonArray().add("oic.if.ll").add("oic.if.baseline"))
                .put("p", new JsonObject().put("bm", 3)));
    assertThat(link(links, "/oic/d").getJsonArray("rt"))
        .containsExactly("oic.wk.d", "oic.d.cloudproxy");
    assertThat(link(links, "/oic/d").containsKey("rel")).isFalse();
    assertThat(link(links, "/XMPPResURI").getJsonArray("rt")).containsExactly("oic.ra.xmpp");
    assertThat(link(links, "/XMPPResURI").getJsonArray("if"))
        .containsExactly("oic.if.s", "oic.if.rw", "oic.if.baseline");
    assertThat(link(links, "/XMPPResURI").getJsonObject("p").getInteger("bm")).isEqualTo(3);
    assertThat(link(links, "/XMPPUserResURI").getJsonObject("p").getInteger("bm")).isEqualTo(1);
    assertThat(device.directoryQueries).isEmpty();
  }

  @Test
  void ocf_listsThePublishedDevicesOfTheAccountForAReader() throws Exception {
    JsonArray links = array(device.as(OWNER).get("/oic/res"));

    JsonObject light = link(links, "/light");
    assertThat(light.getString("anchor")).isEqualTo("ocf://" + LAMP);
    assertThat(light.getJsonArray("eps").encode())
        .isEqualTo("[{\"ep\":\"coap://192.0.2.9:5683\",\"pri\":1}]");
    assertThat(link(links, "/fan").getJsonArray("eps").encode())
        .isEqualTo(
            "[{\"ep\":\"coaps://192.0.2.9:1111\",\"pri\":1},"
                + "{\"ep\":\"coap://192.0.2.9:1110\",\"pri\":2}]");
    assertThat(hrefs(links)).doesNotContain("/secret");
    assertThat(device.directoryQueries).containsExactly(new DirectoryQuery(null));
  }

  @Test
  void published_areThoseOfTheCallersAccountOnly() throws Exception {
    device.accounts.add(view(GUEST, false));

    device.as(new Caller("psk:g", GUEST, OwnDevice.ALL, true)).get("/oic/res");

    assertThat(device.directoryQueries).containsExactly(new DirectoryQuery(GUEST));
  }

  @Test
  void published_showToNobodyWithoutTheRightToRead() throws Exception {
    JsonArray links = array(device.as(with(OWNER, Right.PUBLISH)).get("/oic/res"));

    assertThat(hrefs(links)).doesNotContain("/light").contains("/oic/rd");
    assertThat(device.directoryQueries).isEmpty();
  }

  @Test
  void oic_isAnArrayWithOneMapForEachDevice() throws Exception {
    JsonArray roots = array(device.as(OWNER).oic().get("/oic/res"));

    assertThat(roots.size()).isEqualTo(2);
    JsonObject own = roots.getJsonObject(0);
    assertThat(own.fieldNames()).containsExactlyInAnyOrder("di", "links");
    assertThat(own.getString("di")).isEqualTo(TARGET.text());
    assertThat(link(own.getJsonArray("links"), "/oic/res"))
        .isEqualTo(
            new JsonObject()
                .put("href", "/oic/res")
                .put("rel", "self")
                .put("rt", new JsonArray().add("oic.wk.res"))
                .put("if", new JsonArray().add("oic.if.ll").add("oic.if.baseline"))
                .put("p", new JsonObject().put("bm", 3).put("sec", false)));
    JsonObject lamp = roots.getJsonObject(1);
    assertThat(lamp.getString("di")).isEqualTo(LAMP);
    assertThat(lamp.getString("baseURI")).isEqualTo("192.0.2.9:5683");
    assertThat(link(lamp.getJsonArray("links"), "/light").getJsonObject("p"))
        .isEqualTo(new JsonObject().put("bm", 3).put("sec", false).put("port", 5683));
    assertThat(link(lamp.getJsonArray("links"), "/fan").getJsonObject("p"))
        .isEqualTo(new JsonObject().put("bm", 1).put("sec", true).put("port", 1111));
  }

  @Test
  void endpoints_areTheServersOwn() throws Exception {
    device.endpoints =
        new OwnEndpoints(
            List.of(
                at("127.0.0.1", 0).getAddress(),
                at("192.0.2.1", 0).getAddress(),
                at("2001:db8::1", 0).getAddress()),
            5683,
            5684);

    JsonArray ocf = array(device.as(Caller.STRANGER).get("/oic/res"));
    assertThat(link(ocf, "/oic/d").getJsonArray("eps").encode())
        .isEqualTo(
            "[{\"ep\":\"coap://192.0.2.1:5683\",\"pri\":1},"
                + "{\"ep\":\"coaps://192.0.2.1:5684\",\"pri\":2}]");
    assertThat(link(ocf, "/XMPPUserResURI").getJsonArray("eps").getJsonObject(0).getString("ep"))
        .isEqualTo("coaps://192.0.2.1:5684");

    JsonArray six = array(device.as(Caller.STRANGER).from(at("2001:db8::7", 4)).get("/oic/res"));
    assertThat(link(six, "/oic/d").getJsonArray("eps").getJsonObject(0).getString("ep"))
        .isEqualTo("coap://[2001:db8::1]:5683");

    JsonArray oic =
        array(device.as(Caller.STRANGER).oic().get("/oic/res"))
            .getJsonObject(0)
            .getJsonArray("links");
    assertThat(link(oic, "/XMPPResURI").getJsonObject("p"))
        .isEqualTo(new JsonObject().put("bm", 3).put("sec", true).put("port", 5684));
    assertThat(link(oic, "/oic/d").getJsonObject("p").getBoolean("sec")).isFalse();
  }

  @Test
  void baseline_addsTheCommonProperties() throws Exception {
    JsonArray ocf = array(device.as(OWNER).get("/oic/res?if=oic.if.baseline"));
    assertThat(ocf.size()).isEqualTo(1);
    assertThat(ocf.getJsonObject(0).fieldNames())
        .containsExactlyInAnyOrder("n", "rt", "if", "links");
    assertThat(hrefs(ocf.getJsonObject(0).getJsonArray("links"))).contains("/oic/d", "/light");

    JsonArray oic = array(device.as(OWNER).oic().get("/oic/res?if=oic.if.baseline"));
    assertThat(oic.getJsonObject(0).getJsonArray("rt")).containsExactly("oic.wk.res");
    assertThat(oic.getJsonObject(0).getString("n")).isEqualTo("bridge");
    assertThat(oic.getJsonObject(1).getString("n")).isEqualTo("Lamp");
  }

  private static DeviceView remote(Jid account, String di, DeviceView.State state) {
    return new DeviceView(
        new DeviceId(di),
        account,
        List.of("oic.d.fan"),
        "",
        DeviceView.Origin.REMOTE,
        Jid.parse(account + "/OIC/1.0/oic.d.fan/" + di),
        state,
        0);
  }

  private void remoteDevices() {
    device.endpoints = new OwnEndpoints(List.of(at("192.0.2.1", 0).getAddress()), 5683, -1);
    device.accounts.clear();
    device.accounts.addAll(List.of(view(HOME, true), view(GUEST, false)));
    DeviceView hosted =
        new DeviceView(
            new DeviceId(LAMP),
            HOME,
            List.of("oic.d.light"),
            "",
            DeviceView.Origin.HOSTED,
            HOME,
            DeviceView.State.ONLINE,
            0);
    device.devices.addAll(
        List.of(
            hosted,
            remote(HOME, FAR, DeviceView.State.ONLINE),
            remote(HOME, "22222222-0000-4222-8222-222222222222", DeviceView.State.OFFLINE),
            remote(GUEST, "33333333-3333-4333-8333-333333333333", DeviceView.State.ONLINE)));
  }

  @Test
  void remoteDevices_areListedWithTheGatewayAsTheirPlace() throws Exception {
    remoteDevices();

    JsonArray links = array(device.as(OWNER).get("/oic/res"));

    assertThat(link(links, "/devices/" + FAR + "/oic/d"))
        .isEqualTo(
            new JsonObject()
                .put("anchor", "ocf://" + FAR)
                .put("href", "/devices/" + FAR + "/oic/d")
                .put("rt", new JsonArray().add("oic.wk.d").add("oic.d.fan"))
                .put("if", new JsonArray().add("oic.if.r").add("oic.if.baseline"))
                .put("p", new JsonObject().put("bm", 1))
                .put(
                    "eps",
                    new JsonArray()
                        .add(new JsonObject().put("ep", "coap://192.0.2.1:5683").put("pri", 1))));
    assertThat(hrefs(links)).filteredOn(href -> href.startsWith("/devices/")).hasSize(1);
    assertThat(hrefs(array(device.as(OWNER).get("/oic/res?rt=oic.d.fan"))))
        .containsExactly("/devices/" + FAR + "/oic/d");
    assertThat(hrefs(array(device.as(OWNER).get("/oic/res?di=" + FAR))))
        .containsExactly("/devices/" + FAR + "/oic/d");
  }

  @Test
  void remoteDevices_areThoseOfTheJidThatWorks() throws Exception {
    remoteDevices();
    device.accounts.set(0, view(Jid.parse("barn@example.org"), HOME, true));

    assertThat(hrefs(array(device.as(OWNER).get("/oic/res"))))
        .contains("/devices/" + FAR + "/oic/d");
  }

  @Test
  void otherGateways_showOnlyToThoseWhoMaySetUpThisOne() throws Exception {
    remoteDevices();
    DeviceView far = device.devices.get(1);
    device.devices.set(
        1,
        new DeviceView(
            far.di(),
            far.account(),
            List.of("oic.d.cloudproxy"),
            far.name(),
            far.origin(),
            far.jid(),
            far.state(),
            0));
    String href = "/devices/" + FAR + "/oic/d";

    assertThat(hrefs(array(device.as(OWNER).get("/oic/res")))).contains(href);
    assertThat(hrefs(array(device.as(with(OWNER, Right.READ)).get("/oic/res"))))
        .doesNotContain(href);
  }

  @Test
  void remoteDevices_areDevicesOfTheirOwnInTheFormOfOic() throws Exception {
    remoteDevices();

    JsonArray roots = array(device.as(OWNER).oic().get("/oic/res?if=oic.if.baseline"));

    JsonObject far = roots.getJsonObject(2);
    assertThat(far.fieldNames()).containsExactlyInAnyOrder("di", "links");
    assertThat(far.getString("di")).isEqualTo(FAR);
    assertThat(hrefs(far.getJsonArray("links"))).containsExactly("/devices/" + FAR + "/oic/d");
  }

  @Test
  void remoteDevices_showToNobodyElse() throws Exception {
    remoteDevices();

    for (OwnDevice.Asking who :
        List.of(
            device.as(Caller.STRANGER),
            device.as(with(OWNER, Right.ACT)),
            device.as(OWNER).from(null),
            device.as(OWNER).multicast())) {
      assertThat(hrefs(array(who.get("/oic/res")))).noneMatch(href -> href.startsWith("/devices"));
    }
    assertThat(device.deviceQueries).isEmpty();
  }

  @Test
  void remoteDevices_areAskedOnceForTheirLinks() throws Exception {
    remoteDevices();
    device.deviceAnswer =
        CrudnResponse.answered(
            Status.OK,
            Headers.NONE,
            """
            [{"anchor":"ocf://%s","href":"/oic/d","rt":["oic.wk.d"],"if":["oic.if.r"]},
             {"anchor":"ocf://%s","href":"/fan?a=b","rt":["oic.r.fan"],"if":["oic.if.a"],
              "p":{"bm":3},"eps":[{"ep":"coap://10.0.0.1:5683"}]},
             {"anchor":"ocf://%s","href":"/of/another","rt":["x.y"],"if":["oic.if.a"]},
             {"href":"/hidden","rt":["x.y"],"p":{"bm":2}},
             {"href":"coap://10.0.0.1/elsewhere","rt":["x.y"]}]
            """
                .formatted(FAR, FAR, LAMP));
    device.as(OWNER).get("/oic/res");
    device.awaitChange("/oic/res");

    JsonArray links = array(device.as(OWNER).get("/oic/res?di=" + FAR));

    assertThat(hrefs(links))
        .containsExactly("/devices/" + FAR + "/oic/d", "/devices/" + FAR + "/fan?a=b");
    JsonObject fan = link(links, "/devices/" + FAR + "/fan?a=b");
    assertThat(fan.getString("anchor")).isEqualTo("ocf://" + FAR);
    assertThat(fan.getJsonArray("if")).containsExactly("oic.if.a");
    assertThat(fan.getJsonArray("eps").encode())
        .isEqualTo("[{\"ep\":\"coap://192.0.2.1:5683\",\"pri\":1}]");
    assertThat(device.forwarded).hasSize(1);
    assertThat(device.forwarded.get(0).path()).isEqualTo(ResourcePath.parse("/oic/res"));
    assertThat(device.forwarded.get(0).account()).isEqualTo(HOME);

    Contracts.PRESENCE.publish(
        vertx.eventBus(),
        Contracts.shardOf(HOME, OwnDevice.SHARDS),
        new PeerPresence(HOME, Jid.parse(HOME + "/OIC/1.0/oic.d.fan/" + FAR), true, false));
    device.settle();
    device.as(OWNER).get("/oic/res");
    assertThat(device.forwarded).as("it came anew").hasSize(2);
  }

  @Test
  void remoteDevices_thatDoNotAnswerAreAskedOnceAsWell() throws Exception {
    remoteDevices();
    device.deviceAnswer = CrudnResponse.failed(Status.TIMEOUT, "deadline", "none");
    device.as(OWNER).get("/oic/res");
    device.awaitChange("/oic/res");

    device.as(OWNER).get("/oic/res");

    assertThat(device.forwarded).hasSize(1);
  }

  @Test
  void remoteDevices_thatComeAndGoChangeTheList() throws Exception {
    Jid session = Jid.parse(HOME + "/OIC/1.0/oic.d.cloudproxy/" + TARGET);
    int shard = Contracts.shardOf(HOME, OwnDevice.SHARDS);
    for (int i = 0; i < 5; i++) {
      Contracts.PRESENCE.publish(
          vertx.eventBus(), shard, new PeerPresence(session, session, true, false));
    }
    device.awaitChange("/oic/res");
    device.settle();
    assertThat(device.changed).containsExactly("/oic/res");

    device.changed.clear();
    Contracts.SESSION.publish(
        vertx.eventBus(),
        shard,
        new SessionEvent(session, SessionRole.GATEWAY, SessionEvent.State.OFFLINE, ""));
    device.awaitChange("/oic/res");
  }

  @Test
  void filter_takesOneParameterEachOrJoinedOnes() throws Exception {
    for (List<String> query :
        List.of(
            List.of("if=oic.if.ll", "rt=oic.ra.xmpp"),
            List.of("if=oic.if.ll&rt=oic.ra.xmpp"),
            List.of("rt=oic.ra.xmpp;if=oic.if.ll"))) {
      CrudnResponse response =
          device
              .as(OWNER)
              .send(Operation.RETRIEVE, new ResourcePath(List.of("oic", "res"), query), null);
      assertThat(hrefs(array(response))).as("%s", query).containsExactly("/XMPPResURI");
    }
  }

  @Test
  void filter_byAnotherInterfaceChoosesLinks() throws Exception {
    assertThat(hrefs(array(device.as(OWNER).get("/oic/res?if=oic.if.a"))))
        .containsExactly("/light", "/fan");
  }

  @Test
  void filter_leavesOutDevicesWithoutAMatch() throws Exception {
    JsonArray roots = array(device.as(OWNER).oic().get("/oic/res?rt=oic.r.fan"));

    assertThat(roots.size()).isEqualTo(1);
    assertThat(roots.getJsonObject(0).getString("di")).isEqualTo(LAMP);
    assertThat(hrefs(array(device.as(OWNER).get("/oic/res?di=" + LAMP))))
        .containsExactly("/light", "/fan");
  }

  @Test
  void filter_thatMatchesNothingIs404() throws Exception {
    CrudnResponse response = device.as(OWNER).get("/oic/res?rt=x.none");
    assertThat(response.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(response.problem().type()).isEqualTo("no-match");
    assertThat(device.as(OWNER).multicast().get("/oic/res?rt=x.none").status())
        .isEqualTo(Status.NOT_FOUND);
    assertThat(device.as(Caller.STRANGER).get("/oic/res?rt=oic.r.fan").status())
        .isEqualTo(Status.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"if=oic.if.ll&if=oic.if.baseline", "if=oic.if.ll&if=oic.if.ll"})
  void filter_withTwoInterfacesIs400(String query) throws Exception {
    CrudnResponse response = device.as(OWNER).get("/oic/res?" + query);

    assertThat(response.status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(response.problem().type()).isEqualTo("invalid-parameter");
  }

  @Test
  void provisioning_ofAnAccountShowsToItsOwnCallersOnly() throws Exception {
    device.accounts.clear();
    device.accounts.addAll(List.of(view(HOME, true), view(GUEST, false)));

    assertThat(
            hrefs(
                array(device.as(new Caller("psk:g", GUEST, OwnDevice.ALL, true)).get("/oic/res"))))
        .contains("/ra/guest@example.org/xmpp", "/ra/guest@example.org/user")
        .doesNotContain("/XMPPResURI");
    assertThat(
            hrefs(array(device.as(new Caller("psk:h", HOME, OwnDevice.ALL, true)).get("/oic/res"))))
        .contains("/XMPPResURI")
        .noneMatch(href -> href.startsWith("/ra/"));
    assertThat(hrefs(array(device.as(Caller.STRANGER).get("/oic/res"))))
        .noneMatch(href -> href.startsWith("/ra/"));
  }

  @Test
  void observe_isAcceptedWhereThereIsSomethingToTell() throws Exception {
    assertThat(device.as(OWNER).header("Observe", "0").get("/oic/res").headers().get("Observe"))
        .contains("0");
    assertThat(device.as(OWNER).header("Observe", "0").get("/XMPPResURI").headers().get("Observe"))
        .contains("0");
    assertThat(
            device.as(OWNER).header("Observe", "0").get("/XMPPUserResURI").headers().get("Observe"))
        .isEmpty();
    assertThat(device.as(OWNER).get("/oic/res").headers().get("Observe")).isEmpty();
    assertThat(device.as(OWNER).header("Observe", "1").get("/oic/res").headers().get("Observe"))
        .isEmpty();
    assertThat(
            device
                .as(OWNER)
                .header("Observe", "0")
                .get("/oic/res?rt=x.none")
                .headers()
                .get("Observe"))
        .isEmpty();
  }

  @Test
  void changes_areToldByPath() throws Exception {
    Contracts.DIRECTORY_CHANGED.publish(vertx.eventBus(), Contracts.HOME, new DirectoryQuery(null));
    device.settle();
    assertThat(device.changed).containsExactly("/oic/res");
    device.changed.clear();

    Contracts.ACCOUNT_CHANGED.publish(vertx.eventBus(), Contracts.HOME, view(HOME, true));
    device.settle();
    assertThat(device.changed).containsExactly("/XMPPResURI");
    device.changed.clear();

    Contracts.ACCOUNT_CHANGED.publish(vertx.eventBus(), Contracts.HOME, view(GUEST, false));
    Contracts.ACCOUNT_CHANGED.publish(vertx.eventBus(), Contracts.HOME, view(GUEST, false));
    device.settle();
    assertThat(device.changed)
        .containsExactly("/ra/guest@example.org/xmpp", "/ra/guest@example.org/xmpp");
    // Each time: it may have gone, and come back.
    device.awaitChange("/oic/res");
    device.changed.clear();
    Contracts.ACCOUNT_CHANGED.publish(vertx.eventBus(), Contracts.HOME, view(GUEST, false));
    device.awaitChange("/oic/res");
  }

  @Test
  void device_hasTheIdentifierThatTheCallerKnows() throws Exception {
    JsonObject ocf = object(device.as(Caller.STRANGER).get("/oic/d"));
    assertThat(ocf.fieldNames()).containsExactlyInAnyOrder("n", "di", "icv", "dmv", "piid");
    assertThat(ocf.getString("n")).isEqualTo("bridge");
    assertThat(ocf.getString("di")).isEqualTo(TARGET.text());
    assertThat(ocf.getString("icv")).isEqualTo("ocf.1.0.0");
    assertThat(new DeviceId(ocf.getString("piid")).conformant()).isTrue();

    JsonObject oic = object(device.as(Caller.STRANGER).oic().get("/oic/d"));
    assertThat(oic.getString("icv")).isEqualTo("core.1.1.0");
    assertThat(oic.containsKey("piid")).isFalse();

    JsonObject baseline = object(device.as(Caller.STRANGER).get("/oic/d?if=oic.if.baseline"));
    assertThat(baseline.getJsonArray("rt")).containsExactly("oic.wk.d", "oic.d.cloudproxy");
    assertThat(baseline.getJsonArray("if")).containsExactly("oic.if.r", "oic.if.baseline");
  }

  @Test
  void platform_keepsItsIdentifier() throws Exception {
    JsonObject first = object(device.as(Caller.STRANGER).get("/oic/p"));
    JsonObject second = object(device.as(OWNER).get("/oic/p?if=oic.if.r"));

    assertThat(first.getString("pi"))
        .isEqualTo(second.getString("pi"))
        .isNotEqualTo(OwnDevice.GATEWAY.text());
    assertThat(new DeviceId(first.getString("pi")).conformant()).isTrue();
    assertThat(first.getString("mnmn")).isEqualTo("oic-bridge");
    assertThat(object(device.as(OWNER).get("/oic/p?if=oic.if.baseline")).getJsonArray("rt"))
        .containsExactly("oic.wk.p");
  }

  @Test
  void interface_thatAResourceLacksIs400() throws Exception {
    for (String path : List.of("/oic/d", "/oic/p", "/XMPPResURI", "/XMPPUserResURI", "/oic/rd")) {
      CrudnResponse response = device.as(OWNER).get(path + "?if=oic.if.b");
      assertThat(response.status()).as(path).isEqualTo(Status.BAD_REQUEST);
      assertThat(response.problem().detail()).as(path).contains("oic.if.b", "oic.if.baseline");
    }
  }

  @Test
  void write_toWhatIsReadOnlyIs405() throws Exception {
    for (String path : List.of("/oic/res", "/oic/d?if=oic.if.r", "/oic/d?if=oic.if.s", "/oic/p")) {
      assertThat(device.as(OWNER).post(path, "{}").status())
          .as(path)
          .isEqualTo(Status.METHOD_NOT_ALLOWED);
    }
    for (String path : List.of("/XMPPResURI", "/XMPPUserResURI", "/ra/guest@example.org/user")) {
      for (Operation operation : List.of(Operation.CREATE, Operation.DELETE)) {
        assertThat(device.as(OWNER).send(operation, ResourcePath.parse(path), "{}").status())
            .as(path)
            .isEqualTo(Status.METHOD_NOT_ALLOWED);
      }
    }
    assertThat(
            device.as(OWNER).send(Operation.CREATE, ResourcePath.parse("/oic/rd"), "{}").status())
        .isEqualTo(Status.METHOD_NOT_ALLOWED);
    assertThat(device.provisioned).isEmpty();
  }

  @Test
  void path_thatIsUnknownIs404() throws Exception {
    for (String path : List.of("/", "/oic", "/oic/sec/doxm", "/ra/a@b/other", "/ra//xmpp", "/ra")) {
      CrudnResponse response = device.as(OWNER).get(path);
      assertThat(response.status()).as(path).isEqualTo(Status.NOT_FOUND);
      assertThat(response.problem().type()).isEqualTo("resource-unknown");
    }
  }

  @Test
  void group_canOnlyBeAsked() throws Exception {
    assertThat(device.as(OWNER).multicast().get("/oic/res").status()).isEqualTo(Status.OK);
    assertThat(device.as(OWNER).multicast().post("/oic/rd", "{}").status())
        .isEqualTo(Status.METHOD_NOT_ALLOWED);
    assertThat(device.as(OWNER).multicast().delete("di=" + LAMP).status())
        .isEqualTo(Status.METHOD_NOT_ALLOWED);
    assertThat(device.unpublished).isEmpty();
  }

  @Test
  void body_isJson() throws Exception {
    assertThat(Json.decodeValue(device.as(OWNER).get("/oic/res").body()))
        .isInstanceOf(JsonArray.class);
  }
}
