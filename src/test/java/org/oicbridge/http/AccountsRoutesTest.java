package org.oicbridge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.TOKEN;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.DeleteAccount;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Provision;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

@Timeout(60)
class AccountsRoutesTest {
  private static final String LIST = "/api/v1/accounts";
  private static final String HOME = LIST + "/home@example.org";
  private static final String BEARER = "Authorization: Bearer " + TOKEN;
  private static final String JSON = "Content-Type: application/json";
  private static final String PASSWORD = "sécret~?>>pass";
  private ApiServer server;

  @BeforeEach
  void start() {
    server = ApiServer.start(ApiServer.config(TOKEN, List.of(), null, null));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawHttp.Reply put(String target, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(BEARER);
    all.add(JSON);
    return server.send("PUT", target, body, all.toArray(String[]::new));
  }

  private RawHttp.Reply get(String target, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(BEARER);
    return server.get(target, all.toArray(String[]::new));
  }

  private RawHttp.Reply delete(String target, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(BEARER);
    return server.send("DELETE", target, "", all.toArray(String[]::new));
  }

  private static String credential() {
    return Base64.getEncoder().encodeToString(PASSWORD.getBytes(UTF_8));
  }

  @Test
  void put_setsWhatIsThere() throws Exception {
    String body =
        new JsonObject()
            .put("address", "xmpp.example.org")
            .put("port", 5223)
            .put("tls", "direct")
            .put("credential", credential())
            .encode();
    RawHttp.Reply reply = put(HOME, body);

    Provision asked = server.hosting.next(Provision.class);
    assertThat(asked)
        .isEqualTo(
            new Provision(
                Jid.parse("home@example.org"),
                null,
                "xmpp.example.org",
                5223,
                Tls.DIRECT,
                PASSWORD,
                true,
                Precondition.NONE));
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.header("Location")).isEqualTo(LIST + "/home%40example.org");
    assertThat(reply.header("ETag")).isEqualTo("\"1\"");
    JsonObject expected =
        new JsonObject()
            .put("jid", "home@example.org")
            .put("address", "xmpp.example.org")
            .put("port", 5223)
            .put("tls", "direct")
            .put("credential", "")
            .put("status", "NotInitialized")
            .put("ErrorReason", "")
            .put("default", false)
            .put("configured", false);
    assertThat(reply.json()).isEqualTo(expected);

    RawHttp.Reply shown = get(reply.header("Location"));
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
    assertThat(shown.json()).isEqualTo(expected);
  }

  @Test
  void put_leavesTheRestAlone() throws Exception {
    put(HOME, "{\"address\":\"a.example.org\",\"port\":5223}");
    server.hosting.next(Provision.class);

    RawHttp.Reply reply = put(HOME, "{\"port\":5222}");

    Provision asked = server.hosting.next(Provision.class);
    assertThat(asked.address()).isNull();
    assertThat(asked.tls()).isNull();
    assertThat(asked.credential()).isNull();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Location")).isNull();
    assertThat(reply.header("ETag")).isEqualTo("\"2\"");
    assertThat(reply.json().getString("address")).isEqualTo("a.example.org");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void credential_isTakenInEitherAlphabet(boolean padded) throws Exception {
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      for (String password : List.of("ü?>~ÿ", "a", "ab", "abc")) {
        String text = (padded ? encoder : encoder.withoutPadding()).encodeToString(bytes(password));
        assertThat(put(HOME, new JsonObject().put("credential", text).encode()).status())
            .isLessThan(300);
        assertThat(server.hosting.next(Provision.class).credential()).isEqualTo(password);
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"hunter2-hunter2!\"",
        "\"aHVudGVyMg=\"",
        "\"aHVudGVyM\"",
        "\"aHVu dGVyMg==\"",
        "\"aHVudGVyMg===\"",
        "\"_w\"",
        "\"\"",
        "1234567",
        "null",
        "[\"aHVudGVyMg==\"]"
      })
  void credential_thatCantBeReadIs400AndNotRepeated(String credential) {
    RawHttp.Reply reply = put(HOME, "{\"credential\":" + credential + "}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-member");
    assertThat(reply.detail())
        .startsWith("member credential is something else than")
        .doesNotContain("unter", "aHVu", "1234567");
    assertThat(server.hosting.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"port\":0}|member port is 0, expected a whole number from 1 to 65535",
        "{\"port\":65536}|member port is 65536",
        "{\"port\":1.5}|member port is 1.5",
        "{\"port\":1e400}|member port is",
        "{\"port\":\"5222\"}|member port is a text, expected a whole number from 1 to 65535",
        "{\"port\":null}|member port is null",
        "{\"address\":\"\"}|member address is \"\"",
        "{\"address\":\"a b\"}|member address is \"a b\"",
        "{\"address\":7}|member address is 7",
        "{\"tls\":\"NONE\"}|member tls is \"NONE\", expected starttls, direct or none",
        "{\"tls\":{}}|member tls is an object",
        "{\"status\":\"Connected\"}|member status is unknown, known are address, credential",
        "[]|the body is an array, expected a JSON object",
        "''|the body is empty, expected a JSON object",
        "null|the body is null, expected a JSON object"
      })
  void body_withAMistakeIs400NamingIt(String body, String detail) {
    RawHttp.Reply reply = put(HOME, body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-member");
    assertThat(reply.detail()).startsWith(detail);
    assertThat(reply.json().getString("account")).isEqualTo("home@example.org");
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void mistakes_areToldAtOnce() {
    String body = "{\"port\":0,\"tls\":\"x\",\"credential\":\"*\",\"x\":1,\"y\":2}";
    assertThat(put(HOME, body).detail())
        .contains("member port", "member tls", "member credential", "member x", "member y");
  }

  @Test
  void value_thatIsLongIsNotRepeatedWhole() {
    RawHttp.Reply reply = put(HOME, "{\"tls\":\"" + "x".repeat(500) + "\"}");
    assertThat(reply.detail()).hasSizeLessThan(200).contains("x".repeat(100) + "…");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.org", "home@example.org%2Fphone", "%40example.org", "a%20b@x", "home@"})
  void jid_thatIsNoAccountIs400(String jid) {
    for (RawHttp.Reply reply :
        List.of(get(LIST + "/" + jid), put(LIST + "/" + jid, "{}"), delete(LIST + "/" + jid))) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.problem()).isEqualTo("invalid-parameter");
      assertThat(reply.detail()).startsWith("parameter jid is");
    }
    assertThat(server.hosting.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "HOME@Example.ORG,home@example.org",
    "home%40example.org,home@example.org",
    "a+b@example.org,a+b@example.org",
    "a%2Bb@example.org,a+b@example.org",
    "50%25@example.org,50%@example.org",
    "%25@example.org,%@example.org",
    "%2541@example.org,%41@example.org",
    "j%C3%BCrgen@example.org,jürgen@example.org"
  })
  void jid_isDecodedAndNormalised(String path, String jid) throws Exception {
    RawHttp.Reply reply = put(LIST + "/" + path, "{}");
    assertThat(server.hosting.next(Provision.class).account()).isEqualTo(Jid.parse(jid));
    assertThat(get(reply.header("Location")).json().getString("jid")).isEqualTo(jid);
  }

  @Test
  void condition_goesToWhoDecides() throws Exception {
    put(HOME, "{}", "If-None-Match: *");
    assertThat(server.hosting.next(Provision.class).precondition()).isEqualTo(Precondition.ABSENT);
    put(HOME, "{}", "If-Match: *");
    assertThat(server.hosting.next(Provision.class).precondition()).isEqualTo(Precondition.PRESENT);
    delete(HOME, "If-Match: \"2\"");
    assertThat(server.hosting.next(DeleteAccount.class))
        .isEqualTo(new DeleteAccount(Jid.parse("home@example.org"), Precondition.version(2)));
    assertThat(server.hosting.accounts).isEmpty();
  }

  @Test
  void condition_thatFailsIs412() {
    assertThat(put(HOME, "{}", "If-Match: *").status()).isEqualTo(412);
    assertThat(put(HOME, "{}").status()).isEqualTo(201);
    RawHttp.Reply reply = put(HOME, "{}", "If-Match: \"7\"");
    assertThat(reply.status()).isEqualTo(412);
    assertThat(reply.problem()).isEqualTo("version-conflict");
    assertThat(put(HOME, "{}", "If-None-Match: *").status()).isEqualTo(412);
    assertThat(delete(HOME, "If-Match: \"7\"").status()).isEqualTo(412);
    assertThat(get(HOME).header("ETag")).isEqualTo("\"1\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "If-Match: \"abc\"|412|unknown-etag",
        "If-Match: W/\"1\"|412|unknown-etag",
        "If-Match: \"0\"|412|unknown-etag",
        "If-Match: \"9999999999999999999\"|412|unknown-etag",
        "If-Match: \"1\", \"2\"|400|bad-header",
        "If-Match: 1|400|bad-header",
        "If-Match:|400|bad-header",
        "If-Match: \"1\"\"2\"|400|bad-header",
        "If-None-Match: \"1\"|400|bad-header"
      })
  void condition_thatCantHoldIsNotAsked(String header, int status, String problem) {
    for (RawHttp.Reply reply : List.of(put(HOME, "{}", header), delete(HOME, header))) {
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.problem()).isEqualTo(problem);
    }
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void tag_thatIsKnownHidesNoChangeOfTheStatus() {
    put(HOME, "{}");
    RawHttp.Reply before = get(HOME);
    server.hosting.fail("home@example.org", "not-authorized");
    RawHttp.Reply after = get(HOME, "If-None-Match: " + before.header("ETag"));
    assertThat(after.status()).isEqualTo(200);
    assertThat(after.header("ETag")).as("no value was set").isEqualTo(before.header("ETag"));
    assertThat(after.json().getString("status")).isEqualTo("Error");
    assertThat(after.json().getString("ErrorReason")).isEqualTo("not-authorized");
  }

  @Test
  void account_thatIsUnknownIs404() {
    for (RawHttp.Reply reply : List.of(get(HOME), delete(HOME))) {
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.problem()).isEqualTo("account-unknown");
      assertThat(reply.json().getString("account")).isEqualTo("home@example.org");
    }
  }

  @Test
  void account_ofTheConfigurationIs409() {
    server.hosting.configured("home@example.org");
    for (RawHttp.Reply reply : List.of(put(HOME, "{}"), delete(HOME))) {
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.problem()).isEqualTo("account-configured");
    }
    assertThat(get(HOME).json().getBoolean("configured")).isTrue();
    assertThat(get(HOME).json().getString("status")).isEqualTo("Connected");
  }

  @Test
  void delete_forgets() {
    put(HOME, "{}");
    RawHttp.Reply reply = delete(HOME);
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.body()).isEmpty();
    assertThat(get(HOME).status()).isEqualTo(404);
  }

  @Test
  void write_withoutConfiguredTokenIs403() {
    try (ApiServer open = ApiServer.start()) {
      open.hosting.configured("home@example.org");
      for (RawHttp.Reply reply :
          List.of(
              open.send("PUT", HOME, "{}", JSON, BEARER),
              open.send("PUT", HOME, "{}", JSON),
              open.send("DELETE", HOME, ""))) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.problem()).isEqualTo("token-not-configured");
        assertThat(reply.detail()).contains("http.token");
      }
      assertThat(open.hosting.asked).isEmpty();
      assertThat(open.get(HOME).status()).isEqualTo(200);
      assertThat(open.get(LIST).status()).isEqualTo(200);
    }
  }

  @Test
  void write_withoutTheTokenIs401() {
    assertThat(server.send("PUT", HOME, "{}", JSON).status()).isEqualTo(401);
    assertThat(server.send("DELETE", HOME, "").status()).isEqualTo(401);
    assertThat(server.get(LIST).status()).isEqualTo(401);
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void write_withoutJsonTypeIs415() {
    RawHttp.Reply reply = server.send("PUT", HOME, "{}", BEARER, "Content-Type: text/plain");
    assertThat(reply.status()).isEqualTo(415);
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void body_thatIsTooLongIs413() {
    assertThat(put(HOME, "{\"address\":\"" + "x".repeat(1024) + "\"}").status()).isEqualTo(413);
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void accept_thatExcludesJsonIs406() {
    for (String target : List.of(LIST, HOME)) {
      assertThat(get(target, "Accept: text/html").status()).isEqualTo(406);
    }
    assertThat(put(HOME, "{}", "Accept: text/html").status()).isEqualTo(406);
    assertThat(delete(HOME, "Accept: text/html").status()).isEqualTo(406);
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void method_thatIsNotThereIs405() {
    assertThat(server.send("POST", LIST, "", BEARER).header("Allow")).isEqualTo("GET, HEAD");
    RawHttp.Reply reply = server.send("POST", HOME, "", BEARER);
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, PUT, DELETE");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 7, 1000})
  void list_isPaged(int limit) {
    server.hosting.accounts.put(
        "",
        new AccountView(
            null,
            null,
            null,
            5222,
            Tls.STARTTLS,
            false,
            AccountView.Status.NOT_INITIALIZED,
            "",
            true,
            false,
            1));
    for (int i = 0; i < 6; i++) {
      server.hosting.configured("user" + i + "@example.org");
    }
    List<Object> seen = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      JsonObject page = get(LIST + "?limit=" + limit + cursor).json();
      page.getJsonArray("accounts").forEach(one -> seen.add(((JsonObject) one).getValue("jid")));
      pages++;
      cursor = page.containsKey("next") ? "&cursor=" + page.getString("next") : null;
    } while (cursor != null);

    List<Object> expected = new ArrayList<>(server.hosting.accounts.keySet());
    expected.set(0, null);
    assertThat(seen).isEqualTo(expected);
    assertThat(pages).isEqualTo((7 + limit - 1) / limit);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,limit",
    "limit=1001,limit",
    "cursor=YS9i,cursor",
    "cursor=*,cursor",
    "x=1,x"
  })
  void parameter_withBadValueIsNamed(String query, String name) {
    RawHttp.Reply reply = get(LIST + "?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.detail()).startsWith("parameter " + name + " ");
  }

  @Test
  void credential_neverComesOut() {
    String body = new JsonObject().put("credential", credential()).encode();
    for (RawHttp.Reply reply :
        List.of(
            put(HOME, body),
            put(HOME, body),
            put(HOME, body, "If-Match: \"9\""),
            put(LIST + "/nobody", body),
            put(HOME, body + "x"),
            put(HOME, body.replace("}", ",\"x\":1}")),
            get(HOME),
            get(LIST))) {
      assertThat(reply.body()).doesNotContain(PASSWORD, credential(), "cret");
    }
  }
}
