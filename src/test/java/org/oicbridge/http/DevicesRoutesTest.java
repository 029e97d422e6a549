package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.ALICE;
import static org.oicbridge.http.ApiServer.LAMP;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.DeviceView.Origin;
import org.oicbridge.bus.DeviceView.State;

@Timeout(60)
class DevicesRoutesTest {
  private static final String LIST = "/api/v1/devices";
  private ApiServer server;

  @BeforeEach
  void start() {
    server = ApiServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void addFleet(int count) {
    server.devices.clear();
    for (int i = 0; i < count; i++) {
      server.add("user" + i % 7 + "@example.org", "device-" + i);
    }
    assertThat(server.devices.stream().map(v -> Contracts.shardOf(v.account(), 2)).distinct())
        .as("both shards have devices")
        .hasSize(2);
  }

  private static List<String> ids(JsonObject page) {
    return page.getJsonArray("devices").stream()
        .map(device -> ((JsonObject) device).getString("di"))
        .toList();
  }

  @Test
  void device_isShownWithAllItsMembers() {
    JsonObject expected =
        new JsonObject()
            .put("di", LAMP)
            .put("account", ALICE)
            .put("rt", new JsonArray().add("oic.d.light"))
            .put("name", "Lamp")
            .put("origin", "hosted")
            .put("jid", ALICE + "/OIC/1.0/oic.d.light/" + LAMP)
            .put("state", "online");
    RawHttp.Reply one = server.get(LIST + "/" + LAMP.toUpperCase(Locale.ROOT));
    assertThat(one.status()).isEqualTo(200);
    assertThat(one.header("Content-Type")).isEqualTo("application/json");
    assertThat(one.json()).isEqualTo(expected);

    RawHttp.Reply list = server.get(LIST);
    assertThat(list.json())
        .isEqualTo(new JsonObject().put("devices", new JsonArray().add(expected)));
  }

  @Test
  void device_thatIsUnknownIs404() {
    RawHttp.Reply reply = server.get(LIST + "/nobody");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.problem()).isEqualTo("device-unknown");
    assertThat(reply.json().getString("device")).isEqualTo("nobody");
    assertThat(server.get(LIST + "/" + LAMP + "?account=bob@example.org").status()).isEqualTo(404);
  }

  @Test
  void device_ofTwoAccountsNeedsTheAccount() {
    server.add("bob@example.org", LAMP);
    RawHttp.Reply reply = server.get(LIST + "/" + LAMP);
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.problem()).isEqualTo("device-ambiguous");
    assertThat(reply.detail()).contains(ALICE).contains("bob@example.org");

    RawHttp.Reply bobs = server.get(LIST + "/" + LAMP + "?account=BOB@example.org");
    assertThat(bobs.json().getString("account")).isEqualTo("bob@example.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb", "a_b", "%C3%A4", "a%20b"})
  void device_withImpossibleIdIs400(String di) {
    RawHttp.Reply reply = server.get(LIST + "/" + di);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.detail()).startsWith("parameter di is");
  }

  @Test
  void device_thatNoShardHasYetIsShown() throws Exception {
    server.await(ALICE, "fan-1");
    RawHttp.Reply one = server.get(LIST + "/fan-1");
    assertThat(one.status()).isEqualTo(200);
    assertThat(one.header("ETag")).isEqualTo("\"1\"");
    assertThat(one.json().getString("state")).isEqualTo("offline");
    assertThat(one.json().getJsonArray("rt")).isEmpty();
    assertThat(one.json().getString("jid")).isNull();
    assertThat(ids(server.get(LIST).json())).containsExactly(LAMP, "fan-1");
    assertThat(ids(server.get(LIST + "?origin=remote").json())).isEmpty();
    assertThat(server.get(LIST + "/fan-1?account=" + ALICE).status()).isEqualTo(200);
    assertThat(server.get(LIST + "/fan-1?account=bob@example.org").status()).isEqualTo(404);
    server.send("DELETE", LIST + "/fan-1", "");
    assertThat(server.hosting.next(DeleteDevice.class).account()).hasToString(ALICE);
  }

  @Test
  void device_thatAShardHasTakenUpMeanwhileIsShownOnce() {
    server.await(ALICE, LAMP);
    assertThat(ids(server.get(LIST).json())).containsExactly(LAMP);
    assertThat(server.get(LIST + "/" + LAMP).json().getString("state")).isEqualTo("online");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 30, 49, 50, 51})
  void list_pagesOverBothShards(int limit) {
    addFleet(50);
    List<String> expected =
        server.devices.stream()
            .sorted(Comparator.comparing(DeviceView::key))
            .map(view -> view.di().text())
            .toList();

    List<String> seen = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      JsonObject page = server.get(LIST + "?limit=" + limit + cursor).json();
      seen.addAll(ids(page));
      pages++;
      cursor = page.containsKey("next") ? "&cursor=" + page.getString("next") : null;
    } while (cursor != null);

    assertThat(seen).isEqualTo(expected);
    assertThat(pages).isEqualTo((50 + limit - 1) / limit);
  }

  @Test
  void list_pagesAtTheLargestLimit() {
    addFleet(1100);
    JsonObject first = server.get(LIST + "?limit=1000").json();
    assertThat(ids(first)).hasSize(1000);
    JsonObject second = server.get(LIST + "?limit=1000&cursor=" + first.getString("next")).json();
    assertThat(ids(second)).hasSize(100);
    assertThat(second.containsKey("next")).isFalse();
  }

  @Test
  void list_hasHundredByDefault() {
    addFleet(101);
    JsonObject page = server.get(LIST).json();
    assertThat(ids(page)).hasSize(100);
    assertThat(page.getString("next")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "account=bob@example.org,2",
    "account=bob%40Example.org,2",
    "rt=oic.d.fan,2",
    "origin=remote,2",
    "origin=hosted,1",
    "state=offline,1",
    "state=unknown,1",
    "state=online,1",
    "origin=remote&state=offline,1",
    "account=nobody@example.org,0"
  })
  void list_isFiltered(String query, int count) {
    server.add("bob@example.org", "fan1", "oic.d.fan", Origin.REMOTE, State.OFFLINE);
    server.add("bob@example.org", "fan2", "oic.d.fan", Origin.REMOTE, State.UNKNOWN);
    assertThat(ids(server.get(LIST + "?" + query).json())).hasSize(count);
  }

  @Test
  void discovered_hasNoAccountAndNoJid() {
    server.discover("fan");
    JsonObject expected =
        new JsonObject()
            .put("di", "fan")
            .put("account", null)
            .put("rt", new JsonArray().add("oic.d.fan"))
            .put("name", "Fan")
            .put("origin", "discovered")
            .put("jid", null)
            .put("state", "online");
    RawHttp.Reply one = server.get(LIST + "/fan");
    assertThat(one.json()).isEqualTo(expected);
    assertThat(one.header("ETag")).isNull();
    assertThat(ids(server.get(LIST).json())).containsExactly("fan", LAMP);
    assertThat(ids(server.get(LIST + "?account=" + ALICE).json())).containsExactly(LAMP);
    assertThat(server.get(LIST + "/fan?account=" + ALICE).status()).isEqualTo(404);
  }

  @Test
  void discovered_isFilteredAndOnlyWhoKnowsIsAsked() {
    server.discover("fan");
    assertThat(ids(server.get(LIST + "?origin=discovered").json())).containsExactly("fan");
    assertThat(ids(server.get(LIST + "?origin=discovered&rt=oic.d.light").json())).isEmpty();
    assertThat(ids(server.get(LIST + "?origin=discovered&account=" + ALICE).json())).isEmpty();
    assertThat(server.queries).as("the shards").isEmpty();
    assertThat(ids(server.get(LIST + "?origin=hosted").json())).containsExactly(LAMP);
  }

  @Test
  void discovered_standsBehindTheSameDeviceOfAnAccount() {
    server.discover(LAMP);
    assertThat(server.get(LIST + "/" + LAMP).json().getString("account")).isEqualTo(ALICE);
    assertThat(ids(server.get(LIST).json())).containsExactly(LAMP, LAMP);
    assertThat(server.get(ApiServer.lamp("/a")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void discovered_takesNoRequestsBeforeItIsAdopted(String method) {
    server.discover("fan");
    RawHttp.Reply reply = server.send(method, LIST + "/fan/resources/a", "");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.problem()).isEqualTo("device-not-adopted");
    assertThat(reply.detail()).contains("POST /api/v1/devices/fan/adopt");
    assertThat(server.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 30, 64, 65, 66})
  void list_pagesOverShardsAndDiscovered(int limit) {
    addFleet(50);
    for (int i = 0; i < 15; i++) {
      server.discover("device-" + i);
    }
    List<String> expected = server.devices.stream().map(DeviceView::key).sorted().toList();
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = server.get(LIST + "?limit=" + limit + cursor).json();
      for (Object device : page.getJsonArray("devices")) {
        JsonObject shown = (JsonObject) device;
        seen.add(
            (shown.getString("account") == null ? "" : shown.getString("account"))
                + "/"
                + shown.getString("di"));
      }
      cursor = page.containsKey("next") ? "&cursor=" + page.getString("next") : null;
    } while (cursor != null);
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void longestPage_knowsWhetherAnotherFollows() {
    server.devices.clear();
    for (int i = 0; i < 1000; i++) {
      server.add(ALICE, "device-" + i);
    }
    JsonObject page = server.get(LIST + "?limit=1000").json();
    assertThat(page.getJsonArray("devices")).hasSize(1000);
    assertThat(page.containsKey("next")).as("nothing behind it").isFalse();

    server.add("zoe@example.org", "last");
    String next = server.get(LIST + "?limit=1000").json().getString("next");
    assertThat(ids(server.get(LIST + "?limit=1000&cursor=" + next).json())).containsExactly("last");
  }

  @Test
  void account_isAskedOfItsOwnShardOnly() {
    server.get(LIST + "?account=" + ALICE);
    assertThat(server.queries).hasSize(1);
    server.get(LIST);
    assertThat(server.queries).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0,limit",
    "limit=1001,limit",
    "limit=-1,limit",
    "limit=ten,limit",
    "limit=99999999999,limit",
    "limit=,limit",
    "limit=1&limit=2,limit",
    "origin=found,origin",
    "origin=HOSTED,origin",
    "state=up,state",
    "account=alice@example.org/phone,account",
    "account=,account",
    "account=@x,account",
    "cursor=%2A,cursor",
    "cursor=_w,cursor",
    "cursor=YQ,cursor",
    "acount=a@b,acount",
    "x,x"
  })
  void parameter_withBadValueIsNamed(String query, String name) {
    RawHttp.Reply reply = server.get(LIST + "?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.problem()).isEqualTo("invalid-parameter");
    assertThat(reply.detail()).startsWith("parameter " + name + " ");
    assertThat(server.queries).isEmpty();
  }

  @Test
  void plusSign_isItself() {
    server.add("a+b@example.org", "plus");
    assertThat(ids(server.get(LIST + "?account=a+b@example.org").json())).containsExactly("plus");
    assertThat(ids(server.get(LIST + "?account=a%2Bb@example.org").json())).containsExactly("plus");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT|" + LIST + "|GET, HEAD, POST",
        "DELETE|" + LIST + "|GET, HEAD, POST",
        "OPTIONS|" + LIST + "|GET, HEAD, POST",
        "POST|" + LIST + "/" + LAMP + "|GET, HEAD, PUT, DELETE",
        "PATCH|" + LIST + "/" + LAMP + "|GET, HEAD, PUT, DELETE",
        "GET|" + LIST + "/" + LAMP + "/adopt|POST"
      })
  void method_thatIsNotThereIs405(String method, String path, String allow) {
    RawHttp.Reply reply = server.send(method, path, "");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.problem()).isEqualTo("method-not-supported");
    assertThat(reply.header("Allow")).isEqualTo(allow);
  }

  @Test
  void accept_thatExcludesJsonIs406() {
    assertThat(server.get(LIST, "Accept: text/html").status()).isEqualTo(406);
    assertThat(server.get(LIST + "/" + LAMP, "Accept: text/html").status()).isEqualTo(406);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api",
        "/api/v1",
        "/api/v2/devices",
        "/api/v1/devices/x/y",
        "/api/v1/devices/x/resources",
        "/api/v1/account",
        "/favicon.ico",
        "//evil.example/x"
      })
  void path_thatIsUnknownIs404(String path) {
    RawHttp.Reply reply = server.get(path);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.problem()).isEqualTo("route-unknown");
  }
}
