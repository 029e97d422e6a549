package org.oicbridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.config.StoreConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Secret;
import org.oicbridge.store.StoredAccount.Login;

/** What every store of the registry keeps to. */
@Timeout(60)
abstract class RegistryContract {
  static final Jid HOME = Jid.parse("home@example.com");
  static final Jid OFFICE = Jid.parse("office@example.com");
  static final DeviceId LAMP = new DeviceId("dc70373C-1e8d-4fb3-962e-017eaa863989");
  static final String PASSWORD = "canary-password \u00e4\ud83d\udd11";

  @TempDir Path dataDir;
  Vertx vertx;
  Registry registry;

  /** Where the store is; the same one for the whole of a test. */
  abstract StoreConfig config();

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    registry = await(Registries.open(vertx, config(), dataDir));
  }

  @AfterEach
  void close() throws Exception {
    await(registry.close());
    await(vertx.close());
  }

  void reopen() throws Exception {
    await(registry.close());
    registry = await(Registries.open(vertx, config(), dataDir));
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(50, TimeUnit.SECONDS);
  }

  static void fails(Future<?> future, String message) {
    assertThatThrownBy(() -> await(future))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining(message);
  }

  static StoredAccount account(Jid jid, long version) {
    return new StoredAccount(
        jid,
        false,
        new DeviceId("aaaaaaaa-0000-4000-8000-00000000000" + version),
        new Login(jid, "xmpp.example.com", 5222, "starttls", PASSWORD),
        new Login(Jid.parse("next@example.com"), null, 5223, "direct", null),
        "not-authorized",
        version);
  }

  static StoredDevice device(Jid account, DeviceId di, long version) {
    return new StoredDevice(
        account,
        di,
        "oic.d.light",
        "K\u00fcchenlampe \ud83d\udca1",
        URI.create("coaps://[2001:db8::7]:5684/base"),
        "psk:kitchen",
        Instant.parse("2030-01-02T03:04:05.678901234Z"),
        "kitchen-lamp",
        new Secret("canary-device-key".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        List.of(
            new Link(
                "/a/light?x=1",
                List.of("oic.r.switch.binary", "with \"quotes\", [brackets] and\u0000"),
                List.of("oic.if.a", "oic.if.baseline"),
                3,
                "7",
                List.of(URI.create("coap://192.0.2.7:5683"), URI.create("coaps://192.0.2.7:5684"))),
            new Link("/b", List.of(), List.of(), 0, "", List.of())),
        version);
  }

  /** One that has as little as it may. */
  static StoredDevice bare(Jid account, DeviceId di) {
    return new StoredDevice(
        account,
        di,
        null,
        "",
        URI.create("coap://192.0.2.8"),
        null,
        null,
        null,
        null,
        List.of(),
        1);
  }

  static DeviceId di(int number) {
    return new DeviceId("bbbbbbbb-0000-4000-8000-%012d".formatted(number));
  }

  @Test
  void gatewayId_isAUuidThatStays() throws Exception {
    DeviceId id = registry.gatewayId();
    assertThat(id.conformant()).isTrue();

    reopen();
    assertThat(registry.gatewayId().text()).isEqualTo(id.text());
  }

  @Test
  void gatewayIds_areDifferentAndStay() throws Exception {
    Map<Jid, DeviceId> first = await(registry.gatewayIds(List.of(HOME, OFFICE)));
    assertThat(first).containsOnlyKeys(HOME, OFFICE);
    assertThat(first.values()).doesNotHaveDuplicates().allMatch(DeviceId::conformant);

    reopen();
    assertThat(await(registry.gatewayIds(List.of(OFFICE))))
        .containsExactly(Map.entry(OFFICE, first.get(OFFICE)));
    assertThat(await(registry.gatewayIds(List.of(HOME))))
        .containsExactly(Map.entry(HOME, first.get(HOME)));
  }

  @Test
  void load_ofANewRegistryIsEmpty() throws Exception {
    assertThat(await(registry.load()))
        .isEqualTo(new Registry.Contents(List.of(), List.of(), Map.of()));
  }

  @Test
  void putAccount_keepsEveryValue() throws Exception {
    StoredAccount full = account(HOME, 1);
    StoredAccount none = new StoredAccount(null, true, di(1), null, null, null, Long.MAX_VALUE);
    await(registry.putAccount(full));
    await(registry.putAccount(none));

    reopen();
    assertThat(await(registry.load()).accounts()).containsExactlyInAnyOrder(full, none);
    assertThat(await(registry.gatewayIds(List.of(HOME))).get(HOME)).isEqualTo(full.gatewayId());
  }

  @Test
  void putAccount_replacesTheOneThatIsThere() throws Exception {
    await(registry.putAccount(account(HOME, 1)));
    StoredAccount next =
        new StoredAccount(
            HOME, true, di(2), null, new Login(null, null, 5222, "starttls", "p"), null, 2);
    await(registry.putAccount(next));

    assertThat(await(registry.load()).accounts()).containsExactly(next);
  }

  @Test
  void putAccount_refusesASecondDefaultAccount() throws Exception {
    StoredAccount first = new StoredAccount(HOME, true, di(1), null, null, null, 1);
    await(registry.putAccount(first));
    StoredAccount second = new StoredAccount(OFFICE, true, di(2), null, null, null, 1);

    assertThatThrownBy(() -> await(registry.putAccount(second)))
        .hasCauseInstanceOf(StoreException.class);
    assertThat(await(registry.load()).accounts()).containsExactly(first);
  }

  @Test
  void moveAccount_takesTheDevicesAlong() throws Exception {
    StoredAccount unnamed = new StoredAccount(null, true, di(9), null, null, null, 1);
    await(registry.putAccount(unnamed));
    await(registry.putDevices(List.of(device(null, LAMP, 1), bare(null, di(1)))));
    await(registry.putDevices(List.of(bare(OFFICE, di(1)))));

    StoredAccount named =
        new StoredAccount(
            HOME, true, di(9), new Login(HOME, null, 5222, "starttls", PASSWORD), null, null, 2);
    await(registry.moveAccount(null, named));

    Registry.Contents contents = await(registry.load());
    assertThat(contents.accounts()).containsExactly(named);
    assertThat(contents.devices())
        .containsExactlyInAnyOrder(device(HOME, LAMP, 1), bare(HOME, di(1)), bare(OFFICE, di(1)));
  }

  @Test
  void moveAccount_ontoAnotherAccountChangesNothing() throws Exception {
    await(registry.putAccount(account(HOME, 1)));
    await(registry.putAccount(account(OFFICE, 2)));
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    Registry.Contents before = await(registry.load());

    fails(registry.moveAccount(HOME, account(OFFICE, 3)), "office@example.com");

    assertThat(await(registry.load())).isEqualTo(before);
  }

  @Test
  void deleteAccount_forgetsItsDevicesAndNoOthers() throws Exception {
    await(registry.putAccount(account(HOME, 1)));
    await(registry.putAccount(account(OFFICE, 2)));
    await(registry.putDevices(List.of(device(HOME, LAMP, 1), device(OFFICE, LAMP, 1))));

    await(registry.deleteAccount(HOME));

    Registry.Contents contents = await(registry.load());
    assertThat(contents.accounts()).containsExactly(account(OFFICE, 2));
    assertThat(contents.devices()).containsExactly(device(OFFICE, LAMP, 1));
  }

  @Test
  void putDevices_keepsEveryValue() throws Exception {
    List<StoredDevice> devices =
        List.of(device(HOME, LAMP, 1), bare(HOME, di(1)), bare(null, LAMP));
    await(registry.putDevices(devices));

    reopen();
    assertThat(await(registry.load()).devices()).containsExactlyInAnyOrderElementsOf(devices);
    assertThat(await(registry.load()).devices())
        .extracting(d -> d.di().text())
        .contains(LAMP.text());
  }

  @Test
  void putDevices_replacesThoseThatAreThere() throws Exception {
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));
    StoredDevice renewed = bare(HOME, new DeviceId(LAMP.canonical()));
    await(registry.putDevices(List.of(renewed)));

    assertThat(await(registry.load()).devices()).containsExactly(renewed);
  }

  @Test
  void putDevices_keepsAllOfAGroupOrNone() throws Exception {
    StoredDevice unstorable =
        new StoredDevice(
            HOME,
            di(2),
            null,
            "a\0b",
            URI.create("coap://x"),
            null,
            null,
            null,
            null,
            List.of(),
            1);

    fails(registry.putDevices(List.of(device(HOME, LAMP, 1), unstorable)), "NUL");

    Registry.Contents contents = await(registry.load());
    assertThat(contents.devices()).isEmpty();
    assertThat(contents.owners()).isEmpty();
  }

  @Test
  void putDevices_takesAThousandAtOnce() throws Exception {
    List<StoredDevice> devices =
        IntStream.range(0, 1000).mapToObj(i -> device(HOME, di(i), 1)).toList();
    await(registry.putDevices(devices));

    assertThat(await(registry.load()).devices()).containsExactlyInAnyOrderElementsOf(devices);
  }

  @Test
  void deleteDevices_keepsTheOwner() throws Exception {
    await(registry.putDevices(List.of(device(HOME, LAMP, 1), bare(HOME, di(1)))));

    await(
        registry.deleteDevices(
            List.of(
                new StoredDevice.Key(HOME, new DeviceId(LAMP.canonical())),
                new StoredDevice.Key(OFFICE, di(1)))));

    reopen();
    Registry.Contents contents = await(registry.load());
    assertThat(contents.devices()).containsExactly(bare(HOME, di(1)));
    assertThat(contents.owners()).containsExactly(Map.entry(LAMP.canonical(), "psk:kitchen"));
  }

  @Test
  void withdraw_changesForgetsAndReleasesAtOnce() throws Exception {
    StoredDevice other = device(HOME, di(1), 1);
    await(registry.putDevices(List.of(device(HOME, LAMP, 1), other, device(HOME, di(2), 1))));

    StoredDevice shorter = other.withLinks(other.links().subList(0, 1), 2);
    DeviceId spelled = new DeviceId(LAMP.canonical());
    await(
        registry.withdraw(
            List.of(shorter), List.of(new StoredDevice.Key(HOME, spelled)), List.of(spelled)));

    reopen();
    Registry.Contents contents = await(registry.load());
    assertThat(contents.devices()).containsExactlyInAnyOrder(shorter, device(HOME, di(2), 1));
    assertThat(contents.owners()).containsOnlyKeys(di(1).canonical(), di(2).canonical());
  }

  @Test
  void withdraw_doesAllOrNothing() throws Exception {
    StoredDevice other = device(HOME, di(1), 1);
    await(registry.putDevices(List.of(device(HOME, LAMP, 1), other)));
    Registry.Contents before = await(registry.load());
    Link wrong = new Link("/a\0", List.of(), List.of(), 0, "1", List.of());

    fails(
        registry.withdraw(
            List.of(other.withLinks(List.of(), 2), other.withLinks(List.of(wrong), 3)),
            List.of(device(HOME, LAMP, 1).key()),
            List.of(LAMP)),
        "NUL");

    assertThat(await(registry.load())).isEqualTo(before);
  }

  @Test
  void withdraw_releasesAnIdentifierAlone() throws Exception {
    await(registry.putDevices(List.of(device(HOME, LAMP, 1))));

    await(registry.withdraw(List.of(), List.of(), List.of(LAMP)));

    assertThat(await(registry.load()).owners()).isEmpty();
    assertThat(await(registry.load()).devices()).hasSize(1);
  }

  @Test
  void open_refusesADataDirThatIsInUse() {
    fails(Registries.open(vertx, config(), dataDir), "in use by another gateway");
  }
}
