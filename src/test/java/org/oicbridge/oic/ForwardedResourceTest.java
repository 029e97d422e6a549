package org.oicbridge.oic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.oic.OwnDevice.GUEST;
import static org.oicbridge.oic.OwnDevice.HOME;
import static org.oicbridge.oic.OwnDevice.OWNER;
import static org.oicbridge.oic.OwnDevice.at;
import static org.oicbridge.oic.OwnDevice.view;
import static org.oicbridge.oic.OwnDevice.with;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ForwardedResourceTest {
  private static final String LAMP = "11111111-1111-4111-8111-111111111111";
  private static final String OTHER = "22222222-2222-4222-8222-222222222222";
  private static final String LIGHT = "/devices/" + LAMP + "/light";
  private static final Caller VISITOR = new Caller("psk:v", GUEST, OwnDevice.ALL, true);

  private OwnDevice device;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    device = new OwnDevice(vertx);
    device.accounts.clear();
    device.accounts.addAll(List.of(view(HOME, true), view(GUEST, false)));
    device.devices.addAll(
        List.of(lives(HOME, LAMP, "oic.d.light"), lives(GUEST, LAMP, "oic.d.light")));
  }

  private static DeviceView lives(Jid account, String di, String type) {
    return new DeviceView(
        new DeviceId(di),
        account,
        List.of(type),
        "",
        DeviceView.Origin.REMOTE,
        account,
        DeviceView.State.ONLINE,
        0);
  }

  private CrudnRequest asked() {
    assertThat(device.forwarded).hasSize(1);
    return device.forwarded.get(0);
  }

  @Test
  void request_goesToTheDefaultAccountOfACallerWithoutOne() throws Exception {
    CrudnResponse answer = device.as(OWNER).header("Observe", "0").get(LIGHT + "?if=oic.if.a");

    assertThat(answer.status()).isEqualTo(Status.OK);
    assertThat(answer.body()).isEqualTo("{\"value\":true}");
    assertThat(answer.headers()).isEqualTo(Headers.NONE);
    CrudnRequest asked = asked();
    assertThat(asked.account()).isEqualTo(HOME);
    assertThat(asked.requester()).isEqualTo(HOME);
    assertThat(asked.target()).isEqualTo(new DeviceId(LAMP));
    assertThat(asked.path()).isEqualTo(ResourcePath.parse("/light?if=oic.if.a"));
    assertThat(asked.via()).isEqualTo(CrudnRequest.Via.SHORTEST);
    assertThat(asked.headers().size()).isZero();
  }

  @Test
  void request_goesToTheAccountOfTheCaller() throws Exception {
    CrudnResponse answer =
        device.as(VISITOR).header("If-Match", "\"01\"").post(LIGHT, "{\"value\":false}");

    assertThat(answer.status()).isEqualTo(Status.OK);
    assertThat(asked().account()).isEqualTo(GUEST);
    assertThat(asked().requester()).isEqualTo(GUEST);
    assertThat(asked().operation()).isEqualTo(Operation.UPDATE);
    assertThat(asked().body()).isEqualTo("{\"value\":false}");
    assertThat(asked().headers()).isEqualTo(Headers.of("If-Match", "\"01\""));
  }

  @Test
  void request_withoutAPathGoesToTheRoot() throws Exception {
    device.as(OWNER).get("/devices/" + LAMP);

    assertThat(asked().path()).isEqualTo(ResourcePath.parse("/"));
  }

  @Test
  void stranger_is401() throws Exception {
    CrudnResponse answer = device.as(Caller.STRANGER).get(LIGHT);

    assertThat(answer.status()).isEqualTo(Status.UNAUTHORIZED);
    assertThat(answer.problem().type()).isEqualTo("identity-required");
    assertThat(device.forwarded).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void operation_needsItsRight(Operation operation) throws Exception {
    boolean reads = operation == Operation.RETRIEVE;
    Caller without = with(OWNER, reads ? Right.ACT : Right.READ, Right.PUBLISH, Right.PROVISION);
    Caller able = with(OWNER, reads ? Right.READ : Right.ACT);

    CrudnResponse refused = device.as(without).send(operation, ResourcePath.parse(LIGHT), null);

    assertThat(refused.status()).isEqualTo(Status.FORBIDDEN);
    assertThat(refused.problem().type()).isEqualTo("right-missing");
    assertThat(device.forwarded).isEmpty();
    assertThat(device.as(able).send(operation, ResourcePath.parse(LIGHT), null).status())
        .isEqualTo(Status.OK);
    assertThat(asked().operation()).isEqualTo(operation);
  }

  @Test
  void observation_isASubscriptionOfTheCallersAccount() throws Exception {
    device.deviceAnswer = device.deviceAnswer.with("Observe", "5");

    CrudnResponse answer = device.as(VISITOR).observe(LIGHT + "?if=oic.if.a", "one");

    assertThat(answer.body()).isEqualTo("{\"value\":true}");
    assertThat(answer.headers().get("Observe")).isPresent();
    assertThat(device.subscribed).hasSize(1);
    assertThat(device.subscribed.get(0).subscription()).isEqualTo("one");
    CrudnRequest asked = device.subscribed.get(0).retrieve();
    assertThat(asked.account()).isEqualTo(GUEST);
    assertThat(asked.requester()).isEqualTo(GUEST);
    assertThat(asked.path()).isEqualTo(ResourcePath.parse("/light?if=oic.if.a"));
    assertThat(asked.headers()).isEqualTo(Headers.NONE);
    assertThat(device.forwarded).isEmpty();

    device.forget("one");
    assertThat(device.unsubscribed.poll(10, TimeUnit.SECONDS))
        .isEqualTo(new Unsubscribe(GUEST, "one"));
    device.forget("one");
    device.forget("two");
    assertThat(device.unsubscribed).isEmpty();
  }

  @Test
  void deviceThatDoesNotObserve_isNotSubscribedTo() throws Exception {
    CrudnResponse answer = device.as(OWNER).observe(LIGHT, "one");

    assertThat(answer.status()).isEqualTo(Status.OK);
    assertThat(answer.headers().get("Observe")).isEmpty();
    device.forget("one");
    assertThat(device.unsubscribed).isEmpty();
  }

  @Test
  void whoMayNotRetrieve_mayNotObserve() throws Exception {
    assertThat(device.as(Caller.STRANGER).observe(LIGHT, "one").status())
        .isEqualTo(Status.UNAUTHORIZED);
    assertThat(device.as(with(OWNER, Right.ACT)).observe(LIGHT, "two").status())
        .isEqualTo(Status.FORBIDDEN);
    assertThat(device.as(OWNER).from(null).observe(LIGHT, "three").status())
        .isEqualTo(Status.NOT_FOUND);
    assertThat(device.subscribed).isEmpty();
  }

  @Test
  void overXmpp_thereIsNothing() throws Exception {
    CrudnResponse answer = device.as(OWNER).from(null).get(LIGHT);

    assertThat(answer.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(answer.problem().type()).isEqualTo("resource-unknown");
    assertThat(device.forwarded).isEmpty();
  }

  @Test
  void forAGroup_thereIsNothing() throws Exception {
    assertThat(device.as(OWNER).multicast().get(LIGHT).status()).isEqualTo(Status.NOT_FOUND);
    assertThat(device.forwarded).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"/devices/lamp.example.org/light", "/devices/192.0.2.1/light", "/devices//light"})
  void whatIsNoIdentifier_isUnknown(String path) throws Exception {
    CrudnResponse answer = device.as(OWNER).get(path);

    assertThat(answer.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(answer.problem().type()).isEqualTo("device-unknown");
    assertThat(device.forwarded).isEmpty();
  }

  @Test
  void deviceOfAnotherAccount_isUnknown() throws Exception {
    device.devices.removeIf(view -> view.account().equals(HOME));

    assertThat(device.as(OWNER).get(LIGHT).problem().type()).isEqualTo("device-unknown");
    assertThat(device.forwarded).isEmpty();
  }

  @Test
  void anotherGateway_isForThoseWhoMaySetUpThisOne() throws Exception {
    device.devices.add(lives(HOME, OTHER, "oic.d.cloudproxy"));
    String path = "/devices/" + OTHER + "/XMPPResURI";

    CrudnResponse refused = device.as(with(OWNER, Right.READ, Right.ACT)).post(path, "{}");

    assertThat(refused.status()).isEqualTo(Status.FORBIDDEN);
    assertThat(refused.problem().type()).isEqualTo("right-missing");
    Caller open = new Caller("source:hall", null, OwnDevice.ALL, false);
    assertThat(device.as(open).post(path, "{}").status()).isEqualTo(Status.UNAUTHORIZED);
    assertThat(device.forwarded).isEmpty();
    assertThat(device.as(OWNER).post(path, "{}").status()).isEqualTo(Status.OK);
  }

  @Test
  void accountThatIsNotSetUp_hasNoDevices() throws Exception {
    device.accounts.clear();
    device.accounts.add(view(null, true));

    assertThat(device.as(OWNER).get(LIGHT).problem().type()).isEqualTo("device-unknown");
    assertThat(device.forwarded).isEmpty();
  }

  @Test
  void accountThatGotAWrongJid_keepsTheDevicesThatItHas() throws Exception {
    device.accounts.set(0, view(Jid.parse("barn@example.org"), HOME, true));

    assertThat(device.as(OWNER).get(LIGHT).status()).isEqualTo(Status.OK);
    assertThat(asked().account()).isEqualTo(HOME);
    assertThat(asked().requester()).isEqualTo(HOME);
  }

  @Test
  void failure_isPassedOn() throws Exception {
    device.deviceAnswer =
        CrudnResponse.failed(Status.UNAVAILABLE, "device-offline", "away").with("Retry-After", "5");

    assertThat(device.as(OWNER).get(LIGHT)).isEqualTo(device.deviceAnswer);
  }

  @ParameterizedTest
  @CsvSource({
    "/scenes/3?if=a, /scenes/3?if=a",
    "coap://192.0.2.9:5683/scenes/3, /scenes/3",
    "ocf://99999999-1111-4111-8111-111111111111/scenes/3, /scenes/3"
  })
  void location_isWhereTheGatewayHasIt(String said, String path) throws Exception {
    device.deviceAnswer =
        CrudnResponse.answered(
            Status.CREATED, Headers.of("ETag", "\"0a\"").with("Location", said), null);

    CrudnResponse answer = device.as(OWNER).from(at("192.0.2.7", 4)).post(LIGHT, "{}");

    assertThat(answer.headers())
        .isEqualTo(Headers.of("ETag", "\"0a\"").with("Location", "/devices/" + LAMP + path));
  }

  @ParameterizedTest
  @CsvSource({"/a/../b", "/%zz"})
  void location_thatCantBeNamedIsLeftOut(String said) throws Exception {
    device.deviceAnswer =
        CrudnResponse.answered(Status.CREATED, Headers.of("Location", said), null);

    assertThat(device.as(OWNER).post(LIGHT, "{}").headers()).isEqualTo(Headers.NONE);
  }
}
