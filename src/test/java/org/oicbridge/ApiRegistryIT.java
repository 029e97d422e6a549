package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.GatewayFixture.Answer;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.TlsMode;
import org.oicbridge.sandbox.SimulatedDevices;

/**
 * Accounts and devices that are set and forgotten over HTTP, on a gateway without any in its
 * configuration, with Prosody behind it and Smack to see what becomes of them.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ApiRegistryIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PASSWORD = "correct horse";
  private static final String TOKEN = "a-token-for-the-registry";
  private static final String LIGHT = "aaaaaaaa-0000-4000-8000-000000000061";
  private static final String OTHER = "aaaaaaaa-0000-4000-8000-000000000062";

  @TempDir Path data;

  private ProsodyPeer server;
  private SimulatedDevices simulated;
  private GatewayFixture gateway;
  private String home;

  @BeforeEach
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
    server.addUser("home", PASSWORD);
    home = "home@" + server.domain();
    simulated = SimulatedDevices.start("127.0.0.1", 0);
    startGateway();
  }

  private void startGateway() {
    gateway =
        GatewayFixture.start(
                data,
                """
                http: {port: 0, token: %s}
                xmpp: {trust: "%s"}
                """
                    .formatted(TOKEN, server.caFile()))
            .withToken(TOKEN);
  }

  @AfterEach
  void stop() {
    gateway.close();
    simulated.stop();
    server.close();
  }

  private String account() {
    return "/api/v1/accounts/" + home;
  }

  private static String device(String di) {
    return "/api/v1/devices/" + di;
  }

  private static String light(String di) {
    return device(di) + "/resources/light?via=xmpp";
  }

  private String jid(String di) {
    return home + "/OIC/1.0/oic.d.light/" + di;
  }

  private String login(String password) {
    return new JsonObject()
        .put("address", "127.0.0.1")
        .put("port", server.port())
        .put(
            "credential",
            Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)))
        .encode();
  }

  private JsonObject lamp(String name) {
    URI endpoint = simulated.devices().get(0).endpoint();
    return new JsonObject()
        .put("account", home)
        .put("name", name)
        .put("endpoint", endpoint.toString());
  }

  private Answer put(String path, String body, String... headers) {
    return gateway.call(HttpMethod.PUT, path, body, headers);
  }

  private static void assertProblem(Answer answer, int status, String type) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.type()).startsWith("application/problem+json");
    assertThat(answer.json().getString("type")).endsWith(":" + type);
  }

  /** The next view of the account that is as expected; ask before causing it. */
  private Promise<AccountView> next(Predicate<AccountView> expected) {
    Promise<AccountView> seen = Promise.promise();
    Contracts.ACCOUNT_CHANGED.listen(
        gateway.vertx().eventBus(),
        Contracts.HOME,
        view -> {
          if (view.jid() != null && view.jid().toString().equals(home) && expected.test(view)) {
            seen.tryComplete(view);
          }
        });
    return seen;
  }

  private void connect() {
    Promise<AccountView> connected = next(view -> view.status() == AccountView.Status.CONNECTED);
    Answer made = put(account(), login(PASSWORD));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.headers().get("Location")).contains("/api/v1/accounts/");
    GatewayFixture.await(connected.future());
    gateway.awaitAccounts(home);
  }

  private void register(String di, String name) {
    Answer made = put(device(di), lamp(name).encode());
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    Answer there = gateway.get(device(di));
    assertThat(there.status()).as("at once: %s", there.text()).isEqualTo(200);
    assertThat(there.json().getString("name")).isEqualTo(name);
  }

  private SmackPeer rae() {
    return SmackPeer.login(
        SmackLogin.at(
            server,
            TlsMode.STARTTLS,
            "home",
            PASSWORD,
            "OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000061"));
  }

  private String gatewayJid() {
    return gateway.gatewaySession(home).toString();
  }

  private void assertLightAnswers(String di) {
    gateway.awaitAnswer(light(di));
    boolean before = gateway.get(light(di)).json().getBoolean("value");
    Answer changed = gateway.post(light(di), "{\"value\":" + !before + "}");
    assertThat(changed.status()).as(changed.text()).isBetween(200, 204);
    assertThat(gateway.get(light(di)).json().getBoolean("value")).isEqualTo(!before);
  }

  @Test
  void accountAndDevice_areServedAndOutliveARestartAndEnd() {
    assertThat(gateway.get("/api/v1/accounts").text()).doesNotContain(home);
    connect();
    assertThat(gateway.get(account()).json().getMap())
        .containsEntry("status", "Connected")
        .containsEntry("ErrorReason", "")
        .containsEntry("credential", "")
        .containsEntry("configured", false);
    try (SmackPeer rae = rae()) {
      rae.awaitAvailable(gatewayJid(), SOON);
      register(LIGHT, "Kitchen");
      // Nobody told the type: the device was asked.
      rae.awaitAvailable(jid(LIGHT), SOON);
      assertLightAnswers(LIGHT);
      Answer shown = gateway.get(device(LIGHT));
      assertThat(shown.json().getMap())
          .containsEntry("account", home)
          .containsEntry("name", "Kitchen")
          .containsEntry("origin", "hosted")
          .containsEntry("jid", jid(LIGHT));
      String session = gatewayJid();

      gateway.close();
      rae.awaitUnavailable(jid(LIGHT), SOON);
      rae.awaitUnavailable(session, SOON);
      startGateway();

      rae.awaitAvailable(session, SOON);
      rae.awaitAvailable(jid(LIGHT), SOON);
      assertLightAnswers(LIGHT);
      assertThat(gateway.get(device(LIGHT)).json().getString("name")).isEqualTo("Kitchen");
      assertThat(gateway.get(device(LIGHT)).headers().get("ETag"))
          .isEqualTo(shown.headers().get("ETag"));

      register(OTHER, "Hall");
      rae.awaitAvailable(jid(OTHER), SOON);
      assertThat(gateway.delete(device(OTHER)).status()).isEqualTo(204);
      rae.awaitUnavailable(jid(OTHER), SOON);
      assertProblem(gateway.get(light(OTHER)), 404, "device-unknown");
      assertLightAnswers(LIGHT);

      assertThat(gateway.delete(account()).status()).isEqualTo(204);
      rae.awaitUnavailable(jid(LIGHT), SOON);
      rae.awaitUnavailable(session, SOON);
    }
    assertForgotten();
    gateway.close();
    startGateway();
    assertForgotten();
  }

  private void assertForgotten() {
    assertProblem(gateway.get(account()), 404, "account-unknown");
    assertProblem(gateway.get(device(LIGHT)), 404, "device-unknown");
    assertThat(gateway.get("/api/v1/devices").json().getJsonArray("devices")).isEmpty();
  }

  @Test
  void wrongPassword_isAnErrorAndEverySessionServesOn() {
    connect();
    register(LIGHT, "Kitchen");
    assertLightAnswers(LIGHT);

    Promise<AccountView> failed = next(view -> view.status() == AccountView.Status.ERROR);
    assertThat(put(account(), login("wrong horse")).status()).isEqualTo(200);
    assertThat(GatewayFixture.await(failed.future()).errorReason()).contains("not-authorized");

    assertThat(gateway.get(account()).json().getMap()).containsEntry("status", "Error");
    assertLightAnswers(LIGHT);
    assertThat(gateway.ended()).isEmpty();
  }

  @Test
  void deviceOfAnAccountThatNeverLoggedIn_isThereAndComesOnlineWithIt() {
    Promise<AccountView> failed = next(view -> view.status() == AccountView.Status.ERROR);
    assertThat(put(account(), login("wrong horse")).status()).isEqualTo(201);
    GatewayFixture.await(failed.future());
    register(LIGHT, "Kitchen");
    assertThat(gateway.get("/api/v1/devices?origin=hosted").json().getJsonArray("devices"))
        .hasSize(1);
    Answer refused = gateway.get(light(LIGHT));
    assertProblem(refused, 503, "device-offline");
    assertThat(refused.json().getString("detail")).contains("its account never logged in");

    assertThat(put(account(), login(PASSWORD)).status()).isEqualTo(200);
    gateway.awaitAccounts(home);
    assertLightAnswers(LIGHT);
    assertThat(gateway.get("/api/v1/devices").json().getJsonArray("devices")).hasSize(1);
  }

  @Test
  void tags_keepAccountsFromBeingOverwrittenUnseen() {
    connect();
    assertProblem(
        put(account(), login("wrong horse"), "If-None-Match", "*"), 412, "version-conflict");
    String tag = gateway.get(account()).headers().get("ETag");

    Promise<AccountView> again =
        next(
            view ->
                view.status() == AccountView.Status.CONNECTED
                    && "localhost".equals(view.address()));
    Answer changed =
        put(account(), login(PASSWORD).replace("127.0.0.1", "localhost"), "If-Match", tag);
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    String newer = changed.headers().get("ETag");
    assertThat(newer).isNotEqualTo(tag);
    GatewayFixture.await(again.future());

    assertProblem(put(account(), login("wrong horse"), "If-Match", tag), 412, "version-conflict");
    assertProblem(
        gateway.call(HttpMethod.DELETE, account(), null, "If-Match", tag), 412, "version-conflict");
    Answer last = gateway.get(account());
    assertThat(last.headers().get("ETag")).isEqualTo(newer);
    assertThat(last.json().getMap())
        .containsEntry("address", "localhost")
        .containsEntry("status", "Connected");

    assertThat(gateway.call(HttpMethod.DELETE, account(), null, "If-Match", newer).status())
        .isEqualTo(204);
    assertProblem(put(account(), login(PASSWORD), "If-Match", newer), 412, "version-conflict");
    assertProblem(gateway.get(account()), 404, "account-unknown");
    assertThat(put(account(), login(PASSWORD)).status()).isEqualTo(201);
    assertProblem(put(account(), login(PASSWORD), "If-Match", tag), 412, "version-conflict");
  }

  @Test
  void tags_keepDevicesFromBeingOverwrittenUnseen() {
    connect();
    register(LIGHT, "Kitchen");
    assertProblem(
        put(device(LIGHT), lamp("Hall").encode(), "If-None-Match", "*"), 412, "version-conflict");
    String tag = gateway.get(device(LIGHT)).headers().get("ETag");
    gateway.awaitAnswer(light(LIGHT));

    Answer changed = put(device(LIGHT), lamp("Hall").encode(), "If-Match", tag);
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    String newer = changed.headers().get("ETag");
    assertThat(newer).isNotEqualTo(tag);

    assertProblem(
        put(device(LIGHT), lamp("Cellar").encode(), "If-Match", tag), 412, "version-conflict");
    assertProblem(
        gateway.call(HttpMethod.DELETE, device(LIGHT), null, "If-Match", tag),
        412,
        "version-conflict");
    Answer last = gateway.get(device(LIGHT));
    assertThat(last.headers().get("ETag")).isEqualTo(newer);
    assertThat(last.json().getString("name")).isEqualTo("Hall");
    assertThat(last.json().getString("jid")).as("the same session").isEqualTo(jid(LIGHT));
    assertLightAnswers(LIGHT);

    assertThat(gateway.call(HttpMethod.DELETE, device(LIGHT), null, "If-Match", newer).status())
        .isEqualTo(204);
    assertProblem(gateway.get(device(LIGHT)), 404, "device-unknown");
    assertProblem(
        put(device(LIGHT), lamp("Hall").encode(), "If-Match", newer), 412, "version-conflict");
    register(LIGHT, "Kitchen");
    assertProblem(
        put(device(LIGHT), lamp("Hall").encode(), "If-Match", tag), 412, "version-conflict");
  }

  @Test
  void callerWithoutTheToken_changesNothing() {
    connect();
    register(LIGHT, "Kitchen");
    gateway.withToken("some-other-token-here");

    assertThat(put(account(), login("wrong horse")).status()).isEqualTo(401);
    assertThat(put(device(OTHER), lamp("Hall").encode()).status()).isEqualTo(401);
    assertThat(gateway.delete(device(LIGHT)).status()).isEqualTo(401);
    assertThat(gateway.delete(account()).status()).isEqualTo(401);

    gateway.withToken(TOKEN);
    assertThat(gateway.get(account()).json().getString("status")).isEqualTo("Connected");
    assertThat(gateway.get(device(OTHER)).status()).isEqualTo(404);
    assertLightAnswers(LIGHT);
  }
}
