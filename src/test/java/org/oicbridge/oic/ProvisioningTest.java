package org.oicbridge.oic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.oic.OwnDevice.GUEST;
import static org.oicbridge.oic.OwnDevice.HOME;
import static org.oicbridge.oic.OwnDevice.OWNER;
import static org.oicbridge.oic.OwnDevice.object;
import static org.oicbridge.oic.OwnDevice.view;
import static org.oicbridge.oic.OwnDevice.with;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Provision;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ProvisioningTest {
  private static final String XMPP = "/XMPPResURI";
  private static final String USER = "/XMPPUserResURI";
  private static final String GUEST_XMPP = "/ra/guest@example.org/xmpp";
  private static final String GUEST_USER = "/ra/guest@example.org/user";
  private static final Caller GUEST_OWNER = new Caller("psk:guest", GUEST, OwnDevice.ALL, true);
  private static final Caller INSECURE = new Caller("source:lan", null, OwnDevice.ALL, false);

  private OwnDevice device;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    device = new OwnDevice(vertx);
    device.accounts.clear();
    device.accounts.addAll(List.of(view(HOME, true), view(GUEST, false)));
    device.provisionOutcome =
        AccountOutcome.done(
            Status.OK,
            new AccountView(
                HOME,
                null,
                "new.example.org",
                5223,
                Tls.DIRECT,
                true,
                AccountView.Status.NOT_INITIALIZED,
                "",
                true,
                false,
                2));
  }

  private Provision set(Jid account, Jid jid, String address, Integer port, String credential) {
    return new Provision(account, jid, address, port, null, credential, false, Precondition.NONE);
  }

  private void refused(CrudnResponse response, Status status, String type) {
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.problem().type()).isEqualTo(type);
    assertThat(device.provisioned).isEmpty();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String credential(String value) {
    return new JsonObject().put("credential", value).encode();
  }

  @Test
  void xmpp_hasWhatAnnexAAsksFor() throws Exception {
    device.accounts.set(
        0,
        new AccountView(
            HOME,
            HOME,
            null,
            5222,
            Tls.STARTTLS,
            true,
            AccountView.Status.ERROR,
            "no",
            true,
            false,
            1));

    assertThat(object(device.as(OWNER).get(XMPP)).encode())
        .isEqualTo("{\"address\":\"\",\"port\":5222,\"status\":\"Error\",\"ErrorReason\":\"no\"}");
    assertThat(object(device.as(OWNER).get(XMPP + "?if=oic.if.rw")))
        .isEqualTo(object(device.as(OWNER).get(XMPP)));
    JsonObject baseline = object(device.as(OWNER).get(XMPP + "?if=oic.if.baseline"));
    assertThat(baseline.getJsonArray("rt")).isEqualTo(new JsonArray().add("oic.ra.xmpp"));
    assertThat(baseline.getJsonArray("if"))
        .isEqualTo(new JsonArray().add("oic.if.s").add("oic.if.rw").add("oic.if.baseline"));
    assertThat(baseline.getString("ErrorReason")).isEqualTo("no");
  }

  @Test
  void user_neverShowsItsCredential() throws Exception {
    assertThat(object(device.as(OWNER).get(USER)).encode())
        .isEqualTo("{\"jid\":\"home@example.org\",\"credential\":\"\"}");
    assertThat(object(device.as(OWNER).get(USER + "?if=oic.if.baseline")).getJsonArray("rt"))
        .containsExactly("oic.ra.user");

    device.accounts.set(0, view(null, true));
    assertThat(object(device.as(OWNER).get(USER)).getString("jid")).isEmpty();
  }

  @Test
  void read_needsItsRight() throws Exception {
    refused(device.as(Caller.STRANGER).get(XMPP), Status.UNAUTHORIZED, "identity-required");
    refused(device.as(Caller.STRANGER).get(USER), Status.UNAUTHORIZED, "identity-required");
    refused(device.as(with(OWNER, Right.ACT)).get(XMPP), Status.FORBIDDEN, "right-missing");
    refused(device.as(with(OWNER, Right.READ)).get(USER), Status.FORBIDDEN, "right-missing");
    assertThat(device.as(with(OWNER, Right.READ)).get(XMPP).status()).isEqualTo(Status.OK);
    assertThat(device.as(with(OWNER, Right.PROVISION)).get(XMPP).status()).isEqualTo(Status.OK);
    assertThat(device.as(INSECURE).get(USER).status()).isEqualTo(Status.OK);
  }

  @Test
  void write_needsItsRightAndASecureChannel() throws Exception {
    for (String path : List.of(XMPP, USER, GUEST_XMPP, GUEST_USER)) {
      refused(
          device.as(Caller.STRANGER).post(path, "{\"port\":1}"),
          Status.UNAUTHORIZED,
          "identity-required");
      refused(
          device.as(INSECURE).post(path, "{\"port\":1}"),
          Status.UNAUTHORIZED,
          "secure-channel-required");
    }
    Caller others = with(OWNER, Right.READ, Right.ACT, Right.PUBLISH);
    refused(device.as(others).post(XMPP, "{\"port\":1}"), Status.FORBIDDEN, "right-missing");
    refused(device.as(others).post(USER, credential("YQ==")), Status.FORBIDDEN, "right-missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?if=oic.if.s", "?if=oic.if.rw", "?if=oic.if.baseline"})
  void xmpp_isSetThroughEveryInterface(String query) throws Exception {
    CrudnResponse response =
        device.as(OWNER).post(XMPP + query, "{\"address\":\"new.example.org\",\"port\":5223.0}");

    assertThat(device.provisioned).containsExactly(set(null, null, "new.example.org", 5223, null));
    assertThat(response.status()).isEqualTo(Status.OK);
    assertThat(object(response).encode())
        .isEqualTo(
            "{\"address\":\"new.example.org\",\"port\":5223,\"status\":\"NotInitialized\","
                + "\"ErrorReason\":\"\"}");
  }

  @Test
  void member_thatIsReadOnlyOrUnknownIsIgnored() throws Exception {
    device
        .as(OWNER)
        .post(
            XMPP,
            "{\"rt \":\"oic.ra.xmpp\",\"if\":5,\"n\":5,\"status\":\"Connected\",\"ErrorReason\":5,"
                + "\"x\":{},\"port \":1}");
    assertThat(device.provisioned).containsExactly(set(null, null, null, 1, null));
    device.provisioned.clear();

    CrudnResponse nothing = device.as(OWNER).post(XMPP, "{\"status\":\"Connected\"}");
    assertThat(nothing.status()).isEqualTo(Status.OK);
    assertThat(object(nothing).getInteger("port")).isEqualTo(5222);
    assertThat(device.provisioned).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"address\":5}|address is 5",
        "{\"address\":null}|address is null",
        "{\"address\":\"\"}|address is",
        "{\"address\":\"xmpp://example.org\"}|address is",
        "{\"address\":\"example.org:5222\"}|address is",
        "{\"address\":\"example..org\"}|address is",
        "{\"address\":\"exa mple.org\"}|address is",
        "{\"address\":\"1.2.3\"}|address is",
        "{\"address\":\"1.2.3.256\"}|address is",
        "{\"address\":\"a.example\",\"port\":0}|port is 0",
        "{\"address\":\"a.example\",\"port\":65536}|port is 65536",
        "{\"address\":\"a.example\",\"port\":80.5}|port is 80.5",
        "{\"address\":\"a.example\",\"port\":\"5222\"}|port is \"5222\"",
        "{\"address\":\"a.example\",\"port\":true}|port is true",
        "{\"port\":1,\"port \":2}|port stands there twice"
      })
  void xmpp_thatIsWrongChangesNothing(String body, String detail) throws Exception {
    CrudnResponse response = device.as(OWNER).post(XMPP, body);

    refused(response, Status.BAD_REQUEST, "invalid-representation");
    assertThat(response.problem().detail()).startsWith(detail);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,192.0.2.1",
    "2001:db8::1,2001:db8::1",
    "[2001:db8::1],2001:db8::1",
    "xmpp,xmpp",
    "xn--bcher-kva.example,xn--bcher-kva.example",
    "a-b.example.org,a-b.example.org"
  })
  void address_isANameOrALiteral(String address, String expected) throws Exception {
    device.as(OWNER).post(XMPP, new JsonObject().put("address", address).encode());

    assertThat(device.provisioned).containsExactly(set(null, null, expected, null, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "5", "\"a\"", "null", "{\"port\":", "{\"a\":1,\"a\":1}"})
  void body_thatIsNoObjectIs400(String body) throws Exception {
    refused(device.as(OWNER).post(XMPP, body), Status.BAD_REQUEST, "invalid-json");
  }

  @Test
  void body_thatIsNoJsonIsNotRepeated() throws Exception {
    CrudnResponse response = device.as(OWNER).post(USER, "{\"credential\":aHVudGVyMg}");

    refused(response, Status.BAD_REQUEST, "invalid-json");
    assertThat(response.problem().detail()).contains("line 1").doesNotContain("aHVudGVyMg");
  }

  @Test
  void user_isSetAndNotShown() throws Exception {
    CrudnResponse response =
        device
            .as(OWNER)
            .post(
                USER,
                new JsonObject()
                    .put("jid", "New.Name@Example.ORG")
                    .put("credential", base64("pässword"))
                    .encode());

    assertThat(device.provisioned)
        .containsExactly(set(null, Jid.parse("new.name@example.org"), null, null, "pässword"));
    assertThat(response.status()).isEqualTo(Status.OK);
    assertThat(object(response).encode())
        .isEqualTo("{\"jid\":\"home@example.org\",\"credential\":\"\"}");
    assertThat(device.provisioned.get(0).toString()).doesNotContain("pässword");
  }

  @ParameterizedTest
  @CsvSource({
    "Pz8/Pj4+,'???>>>'", // standard alphabet
    "Pz8_Pj4-,'???>>>'", // URL-safe alphabet
    "YQ==,a",
    "YQ,a",
    "YWI=,ab",
    "YWI,ab",
    "aHVudGVyMg==,hunter2"
  })
  void credential_isBase64OfEitherAlphabet(String base64, String expected) throws Exception {
    device.as(OWNER).post(USER, credential(base64));

    assertThat(device.provisioned).containsExactly(set(null, null, null, null, expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2!",
        "aHVudGVyMg=",
        "aHVudGVyMg===",
        "aHVu dGVyMg==",
        "A",
        "_w==", // not UTF-8
        "YQBi", // NUL in it
      })
  void credential_thatCannotBeDecodedIs400AndNotRepeated(String base64) throws Exception {
    CrudnResponse response =
        device
            .as(OWNER)
            .post(
                USER,
                new JsonObject().put("jid", "a@example.org").put("credential", base64).encode());

    refused(response, Status.BAD_REQUEST, "invalid-representation");
    assertThat(response.problem().detail()).startsWith("credential is not base64");
    assertThat(base64.isEmpty() || !response.problem().detail().contains("\"" + base64)).isTrue();
    assertThat(response.problem().detail()).doesNotContain("hunter2", "aHVu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "null", "[\"aHVudGVyMg==\"]", "{\"a\":\"aHVudGVyMg==\"}"})
  void credential_ofAnotherTypeIs400AndNotRepeated(String value) throws Exception {
    CrudnResponse response = device.as(OWNER).post(USER, "{\"credential\":" + value + "}");

    refused(response, Status.BAD_REQUEST, "invalid-representation");
    assertThat(response.problem().detail()).doesNotContain("aHVudGVyMg");
  }

  @Test
  void credential_isBounded() throws Exception {
    assertThat(device.as(OWNER).post(USER, credential(base64("a".repeat(1023)))).status())
        .isEqualTo(Status.OK);
    device.provisioned.clear();
    refused(
        device.as(OWNER).post(USER, credential(base64("a".repeat(1024)))),
        Status.BAD_REQUEST,
        "invalid-representation");
  }

  @Test
  void credential_mayBeCalledPortWhenItIsMissing() throws Exception {
    device.as(OWNER).post(USER, "{\"port\":\"aHVudGVyMg==\"}");
    device.as(OWNER).post(USER, "{\"port\":\"aHVudGVyMg==\",\"credential\":\"YQ==\"}");
    device.as(OWNER).post(USER, "{\"port\":5222,\"jid\":\"a@example.org\"}");

    assertThat(device.provisioned)
        .containsExactly(
            set(null, null, null, null, "hunter2"),
            set(null, null, null, null, "a"),
            set(null, Jid.parse("a@example.org"), null, null, null));
    device.provisioned.clear();

    CrudnResponse response = device.as(OWNER).post(USER, "{\"port\":\"hunter2!\"}");
    refused(response, Status.BAD_REQUEST, "invalid-representation");
    assertThat(response.problem().detail()).doesNotContain("hunter2");
    device.as(OWNER).post(XMPP, "{\"port\":5222}");
    assertThat(device.provisioned).containsExactly(set(null, null, null, 5222, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.org", "a@example.org/OIC", "", "@example.org", "a b@example.org", "a@"})
  void jid_thatIsNotBareIs400(String jid) throws Exception {
    CrudnResponse response =
        device
            .as(OWNER)
            .post(USER, new JsonObject().put("jid", jid).put("credential", "YQ==").encode());

    refused(response, Status.BAD_REQUEST, "invalid-representation");
    assertThat(response.problem().detail()).startsWith("jid is \"" + jid + "\"");
  }

  @Test
  void account_ofAnotherIsUnknown() throws Exception {
    for (Caller caller : List.of(OWNER, new Caller("psk:h", HOME, OwnDevice.ALL, true))) {
      for (String path : List.of(GUEST_XMPP, GUEST_USER)) {
        refused(device.as(caller).get(path), Status.NOT_FOUND, "resource-unknown");
        refused(
            device.as(caller).post(path, "{\"port\":1,\"credential\":\"YQ==\"}"),
            Status.NOT_FOUND,
            "resource-unknown");
      }
    }
    for (String path : List.of(GUEST_XMPP, "/ra/nobody@example.org/xmpp", "/ra/nobody/xmpp")) {
      refused(device.as(Caller.STRANGER).get(path), Status.UNAUTHORIZED, "identity-required");
    }
  }

  @Test
  void account_ofTheDefaultPairIsNotAnothers() throws Exception {
    refused(device.as(GUEST_OWNER).get(XMPP), Status.FORBIDDEN, "right-missing");
    refused(device.as(GUEST_OWNER).get(USER), Status.FORBIDDEN, "right-missing");
    refused(device.as(GUEST_OWNER).post(XMPP, "{\"port\":1}"), Status.FORBIDDEN, "right-missing");
    refused(
        device.as(GUEST_OWNER).post(USER, credential("YQ==")), Status.FORBIDDEN, "right-missing");
    Caller nowhere = new Caller("psk:n", Jid.parse("nobody@example.org"), OwnDevice.ALL, true);
    refused(device.as(nowhere).get(XMPP), Status.FORBIDDEN, "right-missing");
  }

  @Test
  void account_ofTheCallerHasItsOwnPair() throws Exception {
    assertThat(object(device.as(GUEST_OWNER).get(GUEST_USER)).getString("jid"))
        .isEqualTo("guest@example.org");
    assertThat(device.as(GUEST_OWNER).get("/ra/Guest%40Example.org/xmpp").status())
        .isEqualTo(Status.OK);

    device.as(GUEST_OWNER).post(GUEST_XMPP, "{\"port\":1}");
    device
        .as(GUEST_OWNER)
        .post(GUEST_USER, "{\"jid\":\"Guest@example.org\",\"credential\":\"YQ\"}");
    assertThat(device.provisioned)
        .containsExactly(set(GUEST, null, null, 1, null), set(GUEST, null, null, null, "a"));
    device.provisioned.clear();

    refused(
        device.as(GUEST_OWNER).post(GUEST_USER, "{\"jid\":\"other@example.org\"}"),
        Status.BAD_REQUEST,
        "invalid-representation");
  }

  @Test
  void account_thatIsNamedAndTheDefaultOneHasTheDefaultPair() throws Exception {
    Caller named = new Caller("psk:h", HOME, OwnDevice.ALL, true);

    assertThat(device.as(named).get(XMPP).status()).isEqualTo(Status.OK);
    refused(
        device.as(named).get("/ra/home@example.org/xmpp"), Status.NOT_FOUND, "resource-unknown");
    device.as(named).post(XMPP, "{\"port\":1}");
    assertThat(device.provisioned).containsExactly(set(null, null, null, 1, null));
  }

  @Test
  void account_isFoundAmongManyAndAfterItWasRenamed() throws Exception {
    device.accounts.clear();
    for (int i = 0; i < 1500; i++) {
      device.accounts.add(view(Jid.parse("a%04d@example.org".formatted(i)), false));
    }
    device.accounts.add(view(HOME, true));
    assertThat(object(device.as(OWNER).get(USER)).getString("jid")).isEqualTo(HOME.toString());

    device.accounts.set(1500, view(Jid.parse("moved@example.org"), true));
    assertThat(object(device.as(OWNER).get(USER)).getString("jid")).isEqualTo("moved@example.org");
  }

  @Test
  void refusal_ofTheAccountIsPassedOn() throws Exception {
    device.provisionOutcome =
        AccountOutcome.refused(Status.CONFLICT, "account-configured", "it stands in the file");

    CrudnResponse response = device.as(OWNER).post(XMPP, "{\"port\":1}");

    assertThat(response.status()).isEqualTo(Status.CONFLICT);
    assertThat(response.problem().type()).isEqualTo("account-configured");
  }
}
