package org.oicbridge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.ALICE;
import static org.oicbridge.http.ApiServer.LAMP;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Adopt;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.DeviceView.Origin;
import org.oicbridge.bus.DeviceView.State;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Secret;

@Timeout(60)
class DeviceWritesTest {
  private static final String DEVICES = "/api/v1/devices/";
  private static final String NEW = DEVICES + "new-1";
  private static final String JSON = "Content-Type: application/json";
  private static final String MINIMAL =
      "{\"account\":\"" + ALICE + "\",\"endpoint\":\"coap://192.0.2.7:5683\"}";
  private ApiServer server;

  @BeforeEach
  void start() {
    server = ApiServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawHttp.Reply put(String target, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(JSON);
    return server.send("PUT", target, body, all.toArray(String[]::new));
  }

  private RawHttp.Reply adopt(String di, String body) {
    return server.send("POST", DEVICES + di + "/adopt", body, JSON);
  }

  private PutDevices.Entry asked() throws InterruptedException {
    List<PutDevices.Entry> entries = server.hosting.next(PutDevices.class).entries();
    assertThat(entries).hasSize(1);
    return entries.get(0);
  }

  @Test
  void put_registersWithEverything() throws Exception {
    String body =
        new JsonObject()
            .put("account", "Alice@example.org")
            .put("rt", "oic.d.light")
            .put("name", "Lampe für Küche")
            .put("endpoint", "coaps://[2001:db8::7]:5684/base")
            .put("ttl", 3600)
            .put("psk", new JsonObject().put("identity", "lamp").put("key", "c2VjcmV0IQ"))
            .encode();

    RawHttp.Reply reply = put(NEW, body);

    assertThat(asked())
        .isEqualTo(
            new PutDevices.Entry(
                Jid.parse(ALICE),
                new DeviceId("new-1"),
                "oic.d.light",
                "Lampe für Küche",
                URI.create("coaps://[2001:db8::7]:5684/base"),
                Duration.ofHours(1),
                new PreSharedKey("lamp", new Secret("secret!".getBytes(UTF_8))),
                Precondition.NONE));
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.header("Location")).isEqualTo(NEW + "?account=alice%40example.org");
    assertThat(reply.header("ETag")).isEqualTo("\"1\"");
    assertThat(reply.body()).doesNotContain("c2VjcmV0", "secret", "psk");
    RawHttp.Reply shown = server.get(reply.header("Location"));
    assertThat(shown.json()).isEqualTo(reply.json());
    assertThat(shown.header("ETag")).isEqualTo("\"1\"");
    // The tag is that of the values; jid and state change without them.
    assertThat(server.get(NEW, "If-None-Match: \"1\"").json()).isEqualTo(reply.json());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"ttl\":0"})
  void put_takesTheLeast(String ttl) throws Exception {
    assertThat(put(NEW, MINIMAL.replace("}", ttl + "}")).status()).isEqualTo(201);
    PutDevices.Entry entry = asked();
    assertThat(entry.rt()).isNull();
    assertThat(entry.name()).isEmpty();
    assertThat(entry.ttl()).isNull();
    assertThat(entry.key()).isNull();

    RawHttp.Reply again = put(NEW, MINIMAL);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("ETag")).isEqualTo("\"2\"");
    assertThat(again.header("Location")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|member account is missing, expected a bare JID",
        "{'account':'a@b'}|member endpoint is missing, expected coap://host:port",
        "{'account':'b','endpoint':'coap://h'}|member account is \"b\"",
        "{'account':'a@b/c','endpoint':'coap://h'}|member account is \"a@b/c\"",
        "{'account':1,'endpoint':'coap://h'}|member account is 1",
        "{'account':'a@b','endpoint':'http://h'}|member endpoint is \"http://h\"",
        "{'account':'a@b','endpoint':'coap://u:p@h'}|member endpoint is",
        "{'account':'a@b','endpoint':'coap://h:99999'}|member endpoint is",
        "{'account':'a@b','endpoint':'coap://h?x'}|member endpoint is",
        "{'account':'a@b','endpoint':'coap://h h'}|member endpoint is",
        "{'account':'a@b','endpoint':'coap://h','ttl':-1}|member ttl is -1, expected a whole",
        "{'account':'a@b','endpoint':'coap://h','ttl':1.5}|member ttl is 1.5",
        "{'account':'a@b','endpoint':'coap://h','rt':''}|member rt is \"\"",
        "{'account':'a@b','endpoint':'coap://h','rt':'a b'}|member rt is \"a b\"",
        "{'account':'a@b','endpoint':'coap://h','name':[]}|member name is an array",
        "{'account':'a@b','endpoint':'coap://h','di':'x'}|member di is unknown, known are account",
        "{'account':'a@b','endpoint':'coap://h','psk':'topsecret'}|member psk is no object",
        "{'account':'a@b','endpoint':'coap://h','psk':{}}|member psk.identity is missing",
        "{'account':'a@b','endpoint':'coap://h','rt':'Client'}|member rt is \"Client\", expected a"
            + " device type of 1 to 64 visible characters, not Client",
        "{'account':'a@b','endpoint':'coap://h','ttl':315360001}|member ttl is 315360001",
        "{'account':'a@b','endpoint':'coap://h','ttl':1e999999999}|member ttl is Infinity",
        "{'account':'a@b','endpoint':'coap://h','psk':{'identity':'i'}}|member psk.key is missing",
        "{'account':'a@b','endpoint':'coap://h','psk':{'identity':'','key':'YQ=='}}|member"
            + " psk.identity is \"\"",
        "{'account':'a@b','endpoint':'coap://h','psk':{'identity':'i','key':'topsecret'}}|member"
            + " psk.key is something else than 1 to 64 bytes in base64",
        "{'account':'a@b','endpoint':'coap://h','psk':{'identity':'i','key':''}}|member psk.key is",
        "{'account':'a@b','endpoint':'coap://h','psk':{'identity':'i','key':'YQ==','x':1}}|member"
            + " psk.x is unknown, known are identity, key"
      })
  void put_withAMistakeIs400NamingIt(String body, String detail) {
    RawHttp.Reply reply = put(NEW, body.replace('\'', '"'));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-member");
    assertThat(reply.detail()).startsWith(detail).doesNotContain("topsecret");
    assertThat(reply.json().getString("device")).isEqualTo("new-1");
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void key_thatIsTooLongIs400() {
    String key = "QUFB".repeat(22);
    String body = MINIMAL.replace("}", ",\"psk\":{\"identity\":\"i\",\"key\":\"" + key + "\"}}");
    RawHttp.Reply reply = put(NEW, body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.detail()).startsWith("member psk.key").doesNotContain("QUFB");
    assertThat(put(NEW, body.replace("i\"", "ä".repeat(65) + "\"")).status()).isEqualTo(400);
  }

  @Test
  void put_isRefusedAsHostingSays() {
    RawHttp.Reply reply = put(NEW, MINIMAL.replace("alice", "nobody"));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.problem()).isEqualTo("account-unknown");
    assertThat(reply.json().getString("account")).isEqualTo("nobody@example.org");
    assertThat(put(DEVICES + LAMP, MINIMAL).problem()).isEqualTo("device-configured");
  }

  @Test
  void condition_decides() {
    assertThat(put(NEW, MINIMAL, "If-Match: *").status()).isEqualTo(412);
    assertThat(put(NEW, MINIMAL, "If-None-Match: *").status()).isEqualTo(201);
    assertThat(put(NEW, MINIMAL, "If-None-Match: *").status()).isEqualTo(412);
    assertThat(put(NEW, MINIMAL, "If-Match: \"2\"").problem()).isEqualTo("version-conflict");
    assertThat(put(NEW, MINIMAL, "If-Match: \"1\"").header("ETag")).isEqualTo("\"2\"");
    assertThat(server.send("DELETE", NEW, "", "If-Match: \"1\"").status()).isEqualTo(412);
    assertThat(server.send("DELETE", NEW, "", "If-Match: \"2\"").status()).isEqualTo(204);
    assertThat(server.get(NEW).status()).isEqualTo(404);
    assertThat(put(NEW, MINIMAL, "If-Match: \"dc70\"").problem()).isEqualTo("unknown-etag");
  }

  @Test
  void delete_needsTheAccountWhenSeveralHaveTheDevice() throws Exception {
    put(NEW, MINIMAL);
    put(NEW, MINIMAL.replace("alice", "bob"));
    asked();
    asked();
    RawHttp.Reply reply = server.send("DELETE", NEW, "");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.problem()).isEqualTo("device-ambiguous");
    assertThat(server.hosting.asked).isEmpty();

    RawHttp.Reply bobs = server.send("DELETE", NEW + "?account=bob@example.org", "");
    assertThat(bobs.status()).isEqualTo(204);
    assertThat(server.hosting.next(DeleteDevice.class))
        .isEqualTo(
            new DeleteDevice(
                Jid.parse("bob@example.org"), new DeviceId("new-1"), Precondition.NONE));
    assertThat(server.send("DELETE", NEW, "").status()).isEqualTo(204);
    assertThat(server.hosting.next(DeleteDevice.class).account()).isEqualTo(Jid.parse(ALICE));
  }

  @Test
  void delete_isRefusedAsHostingSays() {
    server.add(ALICE, "far", "oic.d.fan", Origin.REMOTE, State.ONLINE);
    server.discover("fan");
    assertThat(server.send("DELETE", DEVICES + LAMP, "").problem()).isEqualTo("device-configured");
    assertThat(server.send("DELETE", DEVICES + "far", "").problem()).isEqualTo("device-not-hosted");
    assertThat(server.send("DELETE", DEVICES + "fan", "").problem())
        .isEqualTo("device-not-adopted");
    RawHttp.Reply unknown = server.send("DELETE", DEVICES + "x?account=" + ALICE, "");
    assertThat(unknown.problem()).isEqualTo("device-unknown");
    assertThat(unknown.json().getString("account")).isEqualTo(ALICE);
    assertThat(server.send("DELETE", DEVICES + "x", "").status()).isEqualTo(404);
  }

  @Test
  void adopt_hostsWhatWasDiscovered() throws Exception {
    server.discover("fan");
    RawHttp.Reply reply = adopt("fan", "{\"account\":\"" + ALICE + "\"}");
    assertThat(server.hosting.next(Adopt.class))
        .isEqualTo(new Adopt(new DeviceId("fan"), Jid.parse(ALICE)));
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.header("Location")).isEqualTo(DEVICES + "fan?account=alice%40example.org");
    assertThat(reply.header("ETag")).isEqualTo("\"1\"");
    assertThat(reply.json().getString("account")).isEqualTo(ALICE);
    assertThat(server.get(DEVICES + "fan/resources/a").status()).isEqualTo(200);
    assertThat(adopt("fan", "{\"account\":\"" + ALICE + "\"}").status()).isEqualTo(200);
    assertThat(adopt("x", "{\"account\":\"" + ALICE + "\"}").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[]", "{\"account\":\"x\"}", "{\"account\":\"a@b\",\"x\":1}", "{"})
  void adopt_withABadBodyIs400(String body) {
    assertThat(adopt("fan", body).status()).isEqualTo(400);
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void query_takesOnlyItsOwnParameters() {
    assertThat(put(NEW + "?account=" + ALICE, MINIMAL).status()).isEqualTo(400);
    assertThat(server.send("DELETE", NEW + "?x=1", "").status()).isEqualTo(400);
    assertThat(adopt("fan/adopt?x=1#", "{}").status()).isEqualTo(400);
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void write_withoutJsonTypeIs415() {
    String type = "Content-Type: text/plain";
    assertThat(server.send("PUT", NEW, MINIMAL, type).status()).isEqualTo(415);
    assertThat(server.send("POST", NEW + "/adopt", "{}", type).status()).isEqualTo(415);
    assertThat(server.hosting.asked).isEmpty();
  }

  @Test
  void write_needsTheTokenWhenThereIsOne() {
    try (ApiServer guarded =
        ApiServer.start(ApiServer.config(ApiServer.TOKEN, List.of(), null, null))) {
      assertThat(guarded.send("PUT", NEW, MINIMAL, JSON).status()).isEqualTo(401);
      assertThat(guarded.send("DELETE", NEW, "").status()).isEqualTo(401);
      assertThat(guarded.send("POST", NEW + "/adopt", "{}", JSON).status()).isEqualTo(401);
      assertThat(guarded.hosting.asked).isEmpty();
    }
  }

  @Test
  void accept_thatExcludesJsonIs406() {
    assertThat(put(NEW, MINIMAL, "Accept: text/html").status()).isEqualTo(406);
    assertThat(server.send("DELETE", NEW, "", "Accept: text/html").status()).isEqualTo(406);
    assertThat(server.hosting.asked).isEmpty();
  }
}
