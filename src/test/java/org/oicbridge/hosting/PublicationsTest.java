package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.hosting.HostingFixture.BARN;
import static org.oicbridge.hosting.HostingFixture.ENDPOINT;
import static org.oicbridge.hosting.HostingFixture.FAN;
import static org.oicbridge.hosting.HostingFixture.FARM;
import static org.oicbridge.hosting.HostingFixture.HOME;
import static org.oicbridge.hosting.HostingFixture.LAMP;
import static org.oicbridge.hosting.HostingFixture.next;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oicbridge.bus.Adopt;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.Directory;
import org.oicbridge.bus.DirectoryQuery;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Publish;
import org.oicbridge.bus.PublishOutcome;
import org.oicbridge.bus.Unpublish;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Secret;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PublicationsTest {
  private static final String IDENTITIES =
      HostingFixture.CONFIGURED
          + """
          coap:
            server:
              devicesPerIdentity: 2
              identities:
                - {name: kitchen, rights: [publish], psk: {identity: lamp, key: AQID}}
          """;

  private static final DeviceId PUMP = new DeviceId("33333333-3333-4333-8333-333333333333");
  private static final DeviceId BELL = new DeviceId("44444444-4444-4444-8444-444444444444");
  private static final Caller KITCHEN = caller("psk:kitchen", HOME);
  private static final Caller CELLAR = caller("psk:cellar", HOME);
  private static final Caller ANY_ACCOUNT = caller("psk:kitchen", null);

  private HostingFixture fixture;

  @BeforeEach
  void prepare(Vertx vertx) throws Exception {
    fixture = new HostingFixture(vertx).start(IDENTITIES);
    fixture.hostedAccount();
    fixture.hostedDevices();
  }

  private static Caller caller(String identity, Jid account) {
    return new Caller(identity, account, Set.of(Right.PUBLISH), true);
  }

  private static Link link(String href, String ins) {
    return new Link(href, List.of("oic.r.x"), List.of("oic.if.a"), 3, ins, List.of());
  }

  private static Publish of(Caller caller, DeviceId di, Link... links) {
    return new Publish(caller, di, "oic.d.fan", "Fan", ENDPOINT, null, List.of(links));
  }

  private PublishOutcome publish(Caller caller, DeviceId di, Link... links) throws Exception {
    return fixture.answer(Contracts.PUBLISH, of(caller, di, links));
  }

  private PublishOutcome unpublish(Caller caller, DeviceId di, String... ins) throws Exception {
    return fixture.answer(Contracts.UNPUBLISH, new Unpublish(caller, di, Set.of(ins)));
  }

  private List<Directory.Entry> directory(Jid account) throws Exception {
    return fixture.answer(Contracts.DIRECTORY, new DirectoryQuery(account)).entries();
  }

  private static void refused(PublishOutcome outcome, Status status, String type) {
    assertThat(outcome.status()).isEqualTo(status);
    assertThat(outcome.problem().type()).isEqualTo(type);
  }

  private static List<String> numbers(PublishOutcome outcome) {
    return outcome.links().stream().map(Link::ins).toList();
  }

  @Test
  void device_isKeptHostedAndListed() throws Exception {
    PublishOutcome outcome = publish(KITCHEN, FAN, link("/fan", ""));
    assertThat(outcome.status()).isEqualTo(Status.OK);
    assertThat(fixture.registry.device(HOME, FAN).owner()).isEqualTo("psk:kitchen");
    assertThat(fixture.registry.device(HOME, FAN).expires()).isNull();
    assertThat(fixture.hostedDevices().devices())
        .containsExactly(
            new HostedDevice(FAN, "oic.d.fan", "Fan", ENDPOINT, null, fixture.version(HOME, FAN)));
    assertThat(next(fixture.directoryEvents)).isEqualTo(new DirectoryQuery(HOME));
    assertThat(directory(HOME))
        .containsExactly(new Directory.Entry(FAN, "Fan", ENDPOINT, outcome.links()));
    fixture.restart(IDENTITIES);
    assertThat(directory(HOME)).extracting(Directory.Entry::di).containsExactly(FAN);
  }

  @Test
  void stranger_publishesAndWithdrawsNothing() throws Exception {
    refused(publish(Caller.STRANGER, FAN), Status.UNAUTHORIZED, "identity-required");
    publish(KITCHEN, FAN, link("/fan", ""));
    refused(unpublish(Caller.STRANGER, FAN), Status.UNAUTHORIZED, "identity-required");
    assertThat(directory(HOME)).hasSize(1);
  }

  @Test
  void device_ofAnotherIdentityIsNotTaken() throws Exception {
    publish(KITCHEN, FAN, link("/fan", ""));
    refused(publish(CELLAR, FAN, link("/other", "")), Status.FORBIDDEN, "not-the-owner");
    refused(unpublish(CELLAR, FAN), Status.FORBIDDEN, "not-the-owner");
    refused(unpublish(CELLAR, null, "1"), Status.NOT_FOUND, "link-unknown");
    assertThat(directory(HOME).get(0).links()).extracting(Link::href).containsExactly("/fan");
    fixture.restart(IDENTITIES);
    refused(publish(CELLAR, FAN, link("/other", "")), Status.FORBIDDEN, "not-the-owner");
  }

  @Test
  void identifier_staysWithItsOwnerInOtherAccountsToo() throws Exception {
    fixture.added(FARM);
    publish(KITCHEN, FAN, link("/fan", ""));
    refused(
        publish(caller("psk:cellar", FARM), FAN, link("/x", "")),
        Status.FORBIDDEN,
        "not-the-owner");
  }

  @Test
  void device_thatTheOperatorHasRegisteredIsNotPublished() throws Exception {
    fixture.put(HostingFixture.entry(HOME, FAN, "oic.d.fan"));
    refused(publish(KITCHEN, FAN), Status.CONFLICT, "device-registered");
    refused(publish(KITCHEN, LAMP), Status.CONFLICT, "device-registered");
    assertThat(fixture.registry.device(HOME, FAN).owner()).isNull();
  }

  @Test
  void identifierOfTheGateway_isNotPublished() throws Exception {
    refused(publish(KITCHEN, MemoryRegistry.id(HOME)), Status.CONFLICT, "device-is-gateway");
    refused(publish(KITCHEN, MemoryRegistry.GATEWAY), Status.CONFLICT, "device-is-gateway");
    assertThat(fixture.registry.devices).isEmpty();
    assertThat(fixture.registry.owners).isEmpty();
  }

  @Test
  void identity_publishesNoMoreThanItMay() throws Exception {
    publish(KITCHEN, FAN, link("/fan", ""));
    publish(KITCHEN, PUMP, link("/pump", ""));
    refused(
        publish(KITCHEN, BELL, link("/bell", "")), Status.TOO_MANY_REQUESTS, "too-many-devices");
    assertThat(publish(KITCHEN, FAN, link("/fan", "")).status()).isEqualTo(Status.OK);
    assertThat(publish(CELLAR, BELL, link("/bell", "")).status()).isEqualTo(Status.OK);
  }

  @Test
  void device_hasOnlySoManyLinks() throws Exception {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i <= DeviceRules.MAX_LINKS; i++) {
      links.add(link("/" + i, ""));
    }
    refused(
        publish(KITCHEN, FAN, links.toArray(Link[]::new)),
        Status.CONTENT_TOO_LARGE,
        "too-many-links");
    assertThat(directory(HOME)).isEmpty();
  }

  @Test
  void links_areReplacedByHref() throws Exception {
    publish(KITCHEN, FAN, link("/fan", ""), link("/speed", ""));
    long before = fixture.version(HOME, FAN);
    Link changed = new Link("/fan", List.of("oic.r.fan"), List.of("oic.if.s"), 1, "", List.of());
    publish(KITCHEN, FAN, changed);
    List<Link> links = directory(HOME).get(0).links();
    assertThat(links).extracting(Link::href).containsExactly("/fan", "/speed");
    assertThat(links.get(0).rt()).containsExactly("oic.r.fan");
    assertThat(fixture.version(HOME, FAN)).isGreaterThan(before);
  }

  @Test
  void ins_isThePublishersWhenItIsAFreeIntegerElseTheNext() throws Exception {
    PublishOutcome first =
        publish(
            KITCHEN,
            FAN,
            link("/a", "2713892058"),
            link("/b", "0"),
            link("/c", "0"),
            link("/d", "x"),
            link("/e", "1"),
            link("/f", "007"));
    assertThat(numbers(first)).startsWith("2713892058", "0").doesNotHaveDuplicates();
    assertThat(numbers(first)).allMatch(ins -> ins.matches("0|[1-9]\\d*"));
    PublishOutcome second = publish(KITCHEN, PUMP, link("/a", "0"), link("/b", "2713892058"));
    List<String> all = new ArrayList<>(numbers(first));
    all.addAll(numbers(second));
    assertThat(all).doesNotHaveDuplicates();
  }

  @Test
  void ins_staysTheSameForTheSameLink() throws Exception {
    List<String> before = numbers(publish(KITCHEN, FAN, link("/a", "9"), link("/b", "")));
    assertThat(numbers(publish(KITCHEN, FAN, link("/b", "0"), link("/a", "0"))))
        .containsExactly(before.get(1), before.get(0));
    fixture.restart(IDENTITIES);
    assertThat(numbers(publish(KITCHEN, FAN, link("/a", "")))).containsExactly("9");
    assertThat(numbers(publish(KITCHEN, PUMP, link("/a", "9")))).doesNotContain("9");
  }

  @Test
  void withdrawal_ofADeviceFreesItsIdentifier() throws Exception {
    publish(KITCHEN, FAN, link("/fan", ""));
    fixture.hostedDevices();
    fixture.directoryEvents.clear();
    assertThat(unpublish(KITCHEN, FAN).status()).isEqualTo(Status.OK);
    assertThat(fixture.droppedDevices().devices()).containsExactly(FAN);
    assertThat(next(fixture.directoryEvents)).isEqualTo(new DirectoryQuery(HOME));
    assertThat(fixture.registry.device(HOME, FAN)).isNull();
    assertThat(fixture.registry.owner(FAN)).isNull();
    refused(unpublish(KITCHEN, FAN), Status.NOT_FOUND, "device-unknown");
    assertThat(publish(CELLAR, FAN, link("/fan", "")).status()).isEqualTo(Status.OK);
  }

  @Test
  void withdrawal_ofLinksLeavesTheOthers() throws Exception {
    publish(KITCHEN, FAN, link("/a", "7"), link("/b", "8"), link("/c", "9"));
    assertThat(unpublish(KITCHEN, FAN, "7").status()).isEqualTo(Status.OK);
    assertThat(unpublish(KITCHEN, null, "8").status()).isEqualTo(Status.OK);
    assertThat(directory(HOME).get(0).links()).extracting(Link::href).containsExactly("/c");
    refused(unpublish(KITCHEN, FAN, "7"), Status.NOT_FOUND, "link-unknown");
    assertThat(unpublish(KITCHEN, FAN, "9").status()).isEqualTo(Status.OK);
    assertThat(fixture.registry.device(HOME, FAN)).isNull();
    assertThat(fixture.registry.owner(FAN)).isNull();
  }

  @Test
  void withdrawal_isOneWriteThatHappensOrDoesNot() throws Exception {
    publish(KITCHEN, FAN, link("/a", "7"), link("/b", "8"));
    publish(KITCHEN, PUMP, link("/c", "9"));
    List<Directory.Entry> before = directory(HOME);
    int writes = fixture.registry.written().size();
    fixture.settle();
    fixture.told.clear();
    fixture.registry.fail("withdraw");
    refused(unpublish(KITCHEN, null, "7", "9"), Status.UNAVAILABLE, "registry-failed");
    assertThat(directory(HOME)).isEqualTo(before);
    assertThat(fixture.registry.owner(PUMP)).isEqualTo("psk:kitchen");
    fixture.settle();
    assertThat(fixture.told).isEmpty();
    fixture.registry.fail(null);
    assertThat(unpublish(KITCHEN, null, "7", "9").status()).isEqualTo(Status.OK);
    assertThat(fixture.registry.written()).hasSize(writes + 1);
    assertThat(directory(HOME)).hasSize(1);
    assertThat(directory(HOME).get(0).links()).extracting(Link::href).containsExactly("/b");
    assertThat(fixture.registry.owner(PUMP)).isNull();
    assertThat(fixture.registry.owner(FAN)).isEqualTo("psk:kitchen");
  }

  @Test
  void withdrawal_leavesTheIdentifierWithOneWhoPublishesItElsewhere() throws Exception {
    fixture.added(FARM);
    publish(KITCHEN, FAN, link("/a", ""));
    publish(caller("psk:kitchen", FARM), FAN, link("/a", ""));
    unpublish(KITCHEN, FAN);
    assertThat(fixture.registry.owner(FAN)).isEqualTo("psk:kitchen");
    refused(publish(CELLAR, FAN, link("/a", "")), Status.FORBIDDEN, "not-the-owner");
    unpublish(caller("psk:kitchen", FARM), FAN);
    assertThat(publish(CELLAR, FAN, link("/a", "")).status()).isEqualTo(Status.OK);
  }

  @Test
  void withdrawal_ofNothingIsRefused() throws Exception {
    publish(KITCHEN, FAN, link("/a", "7"));
    refused(unpublish(KITCHEN, null), Status.BAD_REQUEST, "invalid-value");
    refused(unpublish(KITCHEN, null, "7", "8"), Status.NOT_FOUND, "link-unknown");
    assertThat(directory(HOME)).hasSize(1);
  }

  @Test
  void publication_whileTheDefaultAccountHasNoJidIsHostedOnceItHas() throws Exception {
    publish(ANY_ACCOUNT, FAN, link("/fan", ""));
    assertThat(next(fixture.directoryEvents)).isEqualTo(new DirectoryQuery(null));
    assertThat(fixture.registry.device(null, FAN)).isNotNull();
    assertThat(directory(null)).hasSize(1);
    fixture.settle();
    assertThat(fixture.told).isEmpty();
    fixture.provision(HostingFixture.standard(BARN, "127.0.0.1", null, "pw"));
    next(fixture.logins).answer().complete(new LoginOutcome(true, ""));
    assertThat(fixture.hostedAccount().account().jid()).isEqualTo(BARN);
    assertThat(fixture.hostedDevices().devices()).extracting(HostedDevice::di).containsExactly(FAN);
    assertThat(fixture.registry.device(BARN, FAN)).isNotNull();
    assertThat(directory(null)).hasSize(1);
    assertThat(directory(BARN)).hasSize(1);
    long before = fixture.version(BARN, FAN);
    assertThat(publish(ANY_ACCOUNT, FAN, link("/fan", "")).status()).isEqualTo(Status.OK);
    assertThat(fixture.version(BARN, FAN)).isGreaterThan(before);
  }

  @Test
  void publisherOfAnAccountThatIsNotThere_isRefused() throws Exception {
    refused(
        publish(caller("psk:kitchen", BARN), FAN, link("/fan", "")),
        Status.NOT_FOUND,
        "account-unknown");
  }

  @Test
  void keyOfThePublisher_securesItsDevice() throws Exception {
    fixture.answer(
        Contracts.PUBLISH,
        new Publish(
            KITCHEN,
            FAN,
            "oic.d.fan",
            "Fan",
            URI.create("coaps://192.0.2.7"),
            null,
            List.of(link("/fan", ""))));
    HostedDevice hosted = fixture.hostedDevices().devices().get(0);
    assertThat(hosted.key().identity()).isEqualTo("lamp");
    assertThat(hosted.key().secret()).isEqualTo(new Secret(new byte[] {1, 2, 3}));
  }

  @Test
  void type_comesFromTheDescriptionsLinkElseFromTheDevice() throws Exception {
    Link description =
        new Link(
            "/oic/d", List.of("oic.wk.d", "oic.d.pump"), List.of("oic.if.r"), 1, "", List.of());
    fixture.answer(
        Contracts.PUBLISH,
        new Publish(KITCHEN, PUMP, null, null, ENDPOINT, null, List.of(description)));
    assertThat(fixture.hostedDevices().devices().get(0).rt()).isEqualTo("oic.d.pump");
    fixture.answer(
        Contracts.PUBLISH,
        new Publish(KITCHEN, FAN, null, null, ENDPOINT, null, List.of(link("/fan", ""))));
    next(fixture.asked)
        .answer()
        .complete(CrudnResponse.answered(Status.OK, Headers.NONE, "{\"rt\":[\"oic.d.fan\"]}"));
    assertThat(fixture.hostedDevices().devices().get(0).rt()).isEqualTo("oic.d.fan");
  }

  @Test
  void endpoint_isOneDevices() throws Exception {
    refused(
        fixture.answer(
            Contracts.PUBLISH,
            new Publish(
                KITCHEN,
                FAN,
                "oic.d.fan",
                "Fan",
                URI.create("coap://224.0.1.187"),
                Duration.ofSeconds(60),
                List.of(link("/fan", "")))),
        Status.BAD_REQUEST,
        "invalid-value");
  }

  @Test
  void operator_freesAnIdentifierByDeletingTheDevice() throws Exception {
    publish(KITCHEN, FAN, link("/fan", ""));
    fixture.answer(Contracts.DELETE_DEVICE, new DeleteDevice(HOME, FAN, Precondition.NONE));
    assertThat(fixture.registry.owner(FAN)).isNull();
    assertThat(publish(CELLAR, FAN, link("/fan", "")).status()).isEqualTo(Status.OK);
  }

  @Test
  void operator_changesAPublishedDeviceWithoutTakingIt() throws Exception {
    publish(KITCHEN, FAN, link("/fan", ""));
    fixture.put(HostingFixture.entry(HOME, FAN, "oic.d.airflow"));
    assertThat(fixture.registry.device(HOME, FAN).owner()).isEqualTo("psk:kitchen");
    assertThat(directory(HOME).get(0).links()).hasSize(1);
    assertThat(fixture.answer(Contracts.ADOPT, new Adopt(FAN, HOME)).status()).isEqualTo(Status.OK);
  }
}
