package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.http.ApiServer.ALICE;
import static org.oicbridge.http.ApiServer.LAMP;
import static org.oicbridge.http.ApiServer.TOKEN;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;
import org.oicbridge.http.OpenApiDocument.Operation;

/** Holds the description of the API against what the routes take and answer. */
@Timeout(120)
class OpenApiContractTest {
  private static final String BEARER = "Authorization: Bearer " + TOKEN;
  private static final String JSON = "Content-Type: application/json";
  private static final String LINES = "Content-Type: application/x-ndjson";
  private static final String ACCOUNTS = "/api/v1/accounts";
  private static final String HOME = ACCOUNTS + "/home@example.org";
  private static final String DEVICES = "/api/v1/devices";
  private static final String NEW = DEVICES + "/new";
  private static final String LIGHT = ApiServer.lamp("/a/light");

  private static ApiServer server;
  private static ApiServer open;
  private static OpenApiDocument document;
  private static Map<String, Operation> operations;
  private static Map<String, Set<Integer>> produced;

  @BeforeAll
  static void start() throws Exception {
    server = ApiServer.start(ApiServer.config(TOKEN, List.of(), null, null));
    open = ApiServer.start();
    document = new OpenApiDocument(server.get("/openapi.yaml", BEARER).body());
    operations = document.operations();
  }

  @AfterAll
  static void stop() {
    server.close();
    open.close();
  }

  @BeforeEach
  void reset() {
    produced = new TreeMap<>();
    server.devices.clear();
    server.hosting.accounts.clear();
    server.add(ALICE, LAMP);
  }

  private static String example(String operation) {
    return document.requestMedia(operations.get(operation)).getJsonObject("example").encode();
  }

  /** Sends a request and holds its answer against the description. */
  private static RawHttp.Reply call(
      String id, int expected, String target, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    if (!all.remove("anonymous")) {
      all.add(BEARER);
    }
    Operation operation = operations.get(id);
    RawHttp.Reply reply =
        server.send(
            operation.method().toUpperCase(Locale.ROOT), target, body, all.toArray(String[]::new));
    assertThat(reply.status()).as(id + " " + reply.body()).isEqualTo(expected);
    check(operation, reply);
    return reply;
  }

  private static void check(Operation operation, RawHttp.Reply reply) {
    String what = operation.id() + " " + reply.status() + " " + reply.body();
    produced.computeIfAbsent(operation.id(), id -> new TreeSet<>()).add(reply.status());
    JsonObject response = document.response(operation, reply.status());
    assertThat(response).as(what).isNotNull();
    JsonObject content = response.getJsonObject("content");
    if (content == null) {
      assertThat(reply.body()).as(what).isEmpty();
      return;
    }
    String type = reply.header("Content-Type").split(";", 2)[0];
    JsonObject media = content.getJsonObject(type);
    assertThat(media).as(what + " as " + type).isNotNull();
    if (type.endsWith("json") && !type.endsWith("x-ndjson")) {
      assertThat(document.mistakes(media, Json.decodeValue(reply.body()))).as(what).isEmpty();
    }
    if (response.containsKey("headers") && reply.status() < 300) {
      for (String header : response.getJsonObject("headers").fieldNames()) {
        if (header.equals("Location")) {
          assertThat(reply.header(header)).as(what).isNotNull();
        }
      }
    }
  }

  /** The statuses that every operation of the API itself has for the same reason. */
  private static void common(String id, String target, String body, String... headers) {
    call(id, 401, target, body, with(headers, "anonymous"));
    call(id, 406, target, body, with(headers, "Accept: text/html"));
    call(id, 400, target + "?nothing=1", body, headers);
  }

  private static String[] with(String[] headers, String more) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(more);
    return all.toArray(String[]::new);
  }

  private void produced(String... ids) {
    for (String id : ids) {
      assertThat(produced.get(id))
          .as("statuses of " + id)
          .isEqualTo(OpenApiDocument.statuses(operations.get(id)));
    }
  }

  @Test
  void accounts_answerAsDescribed() {
    String body = example("putAccount");
    String big = "{\"address\":\"" + "x".repeat(2000) + "\"}";
    common("putAccount", HOME, body, JSON);
    call("getAccount", 404, HOME, "");
    call("deleteAccount", 404, HOME, "");
    call("putAccount", 201, HOME, body, JSON);
    call("putAccount", 200, HOME, body, JSON);
    call("putAccount", 412, HOME, body, JSON, "If-None-Match: *");
    call("putAccount", 415, HOME, body);
    call("putAccount", 413, HOME, big, JSON);
    common("listAccounts", ACCOUNTS, "");
    common("getAccount", HOME, "");
    common("deleteAccount", HOME, "");
    call("listAccounts", 200, ACCOUNTS, "");
    call("getAccount", 200, HOME, "");
    call("deleteAccount", 412, HOME, "", "If-Match: \"9\"");
    call("deleteAccount", 204, HOME, "");
    server.hosting.configured("home@example.org");
    call("putAccount", 409, HOME, body, JSON);
    call("deleteAccount", 409, HOME, "");
    check(operations.get("putAccount"), open.send("PUT", HOME, body, JSON));
    check(operations.get("deleteAccount"), open.send("DELETE", HOME, ""));
    server.hosting.configured("other@example.org");
    call("listAccounts", 200, ACCOUNTS + "?limit=1", "");
    produced("listAccounts", "getAccount", "putAccount", "deleteAccount");
  }

  @Test
  void devices_answerAsDescribed() {
    String body = example("putDevice");
    String big = "{\"name\":\"" + "x".repeat(2000) + "\"}";
    server.discover("fan");
    server.discover("fan2");
    common("putDevice", NEW, body, JSON);
    call("getDevice", 404, NEW, "");
    call("deleteDevice", 404, NEW, "");
    call("putDevice", 201, NEW, body, JSON);
    call("putDevice", 200, NEW, body, JSON);
    call("putDevice", 412, NEW, body, JSON, "If-None-Match: *");
    call("putDevice", 415, NEW, body);
    call("putDevice", 413, NEW, big, JSON);
    call("putDevice", 404, NEW, body.replace("home@", "nobody@"), JSON);
    call("putDevice", 409, DEVICES + "/" + LAMP, body.replace("home@", "alice@"), JSON);
    common("listDevices", DEVICES, "");
    common("getDevice", NEW, "");
    common("deleteDevice", NEW, "");
    call("listDevices", 200, DEVICES, "");
    call("listDevices", 200, DEVICES + "?limit=1", "");
    call("getDevice", 200, NEW, "");
    call("getDevice", 200, DEVICES + "/fan", "");
    call("deleteDevice", 412, NEW, "", "If-Match: \"9\"");
    call("deleteDevice", 204, NEW, "");
    call("deleteDevice", 409, DEVICES + "/" + LAMP, "");
    server.add("bob@example.org", LAMP);
    call("getDevice", 409, DEVICES + "/" + LAMP, "");
    produced("listDevices", "getDevice", "putDevice", "deleteDevice");

    String adopt = DEVICES + "/fan/adopt";
    String adoption = example("adoptDevice");
    common("adoptDevice", adopt, adoption, JSON);
    call("adoptDevice", 413, adopt, big, JSON);
    call("adoptDevice", 415, adopt, adoption);
    call("adoptDevice", 404, DEVICES + "/nothing/adopt", adoption, JSON);
    call("adoptDevice", 201, adopt, adoption, JSON);
    call("adoptDevice", 200, adopt, adoption, JSON);
    produced("adoptDevice");
  }

  @Test
  void import_answersAsDescribed() throws Exception {
    String body = example("importDevices") + "\n";
    common("importDevices", DEVICES, body, LINES);
    call("importDevices", 415, DEVICES, body, JSON);
    call("importDevices", 200, DEVICES, body, LINES);
    // A real one takes 30 s; DeviceImportTest#silence_endsTheImport waits for a shorter one.
    produced.get("importDevices").add(408);
    produced("importDevices");

    JsonObject media =
        document
            .response(operations.get("importDevices"), 200)
            .getJsonObject("content")
            .getJsonObject("application/x-ndjson");
    try (ImportClient client = new ImportClient(server.port(), BEARER)) {
      client.send(body + body.replace("home@", "nobody@") + "{\n" + "x".repeat(70_000) + "\n");
      client.end();
      client.head();
      List<Integer> statuses = new ArrayList<>();
      for (JsonObject result = client.result(); result != null; result = client.result()) {
        assertThat(document.mistakes(media, result)).as(result.encode()).isEmpty();
        statuses.add(result.getInteger("status"));
      }
      assertThat(statuses).containsExactly(200, 404, 400, 413);
    }
  }

  @Test
  void resources_answerAsDescribed() throws Exception {
    for (String id : List.of("retrieve", "update", "create", "delete")) {
      for (int status : OpenApiDocument.statuses(operations.get(id))) {
        Headers headers = status == 201 ? Headers.NONE.with("Location", "/a/new") : Headers.NONE;
        String body = status == 204 || status == 304 ? null : "{\"value\":true}";
        server.answer(CrudnResponse.answered(Status.of(status), headers, body));
        call(id, status, LIGHT, id.equals("delete") ? "" : "{}", JSON);
      }
      produced(id);
      server.answer(CrudnResponse.failed(Status.TIMEOUT, "device-silent", "no answer"));
      call(id, 504, LIGHT, id.equals("delete") ? "" : "{}", JSON);
    }
  }

  @Test
  void operationsOfOperators_answerAsDescribed() {
    for (String path : List.of("livez", "readyz", "metrics")) {
      call(path, 200, "/" + path, "");
    }
    call("openapi", 200, "/openapi.yaml", "");
    call("metrics", 401, "/metrics", "", "anonymous");
    server.ready = false;
    call("readyz", 503, "/readyz", "");
    server.ready = true;
    produced.get("metrics").remove(401);
    produced("livez", "readyz", "metrics", "openapi");
  }

  @Test
  void events_areRefusedAsDescribed() {
    call("events", 400, "/api/v1/events?kind=lamp", "");
    call("events", 406, "/api/v1/events", "", "Accept: application/json");
  }

  @Test
  void operations_areAllHeldAgainstTheRoutes() {
    assertThat(operations.keySet())
        .containsExactlyInAnyOrder(
            "listAccounts",
            "getAccount",
            "putAccount",
            "deleteAccount",
            "listDevices",
            "importDevices",
            "getDevice",
            "putDevice",
            "deleteDevice",
            "adoptDevice",
            "retrieve",
            "update",
            "create",
            "delete",
            "events",
            "livez",
            "readyz",
            "metrics",
            "openapi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"putAccount", "putDevice", "adoptDevice", "importDevices"})
  void body_thatTheSchemaRefusesIsRefused(String id) {
    Operation operation = operations.get(id);
    JsonObject media = document.requestMedia(operation);
    JsonObject example = media.getJsonObject("example");
    JsonObject schema = document.resolve(media.getJsonObject("schema"));
    server.discover("fan");
    assertThat(document.mistakes(media, example)).isEmpty();
    assertThat(status(operation, example.encode())).isLessThan(300);

    List<JsonObject> wrong = new ArrayList<>();
    wrong.add(example.copy().put("unknown", 1));
    for (Object required : schema.getJsonArray("required", new JsonArray())) {
      JsonObject without = example.copy();
      without.remove((String) required);
      wrong.add(without);
    }
    for (String name : schema.getJsonObject("properties").fieldNames()) {
      JsonObject property =
          document.resolve(schema.getJsonObject("properties").getJsonObject(name));
      for (Object value : wrong(property)) {
        wrong.add(example.copy().put(name, value));
      }
      if (property.getString("type").equals("object")) {
        JsonObject inner = example.getJsonObject(name, new JsonObject());
        property
            .getJsonObject("properties")
            .forEach(
                member ->
                    wrong((JsonObject) member.getValue())
                        .forEach(
                            value ->
                                wrong.add(
                                    example
                                        .copy()
                                        .put(name, inner.copy().put(member.getKey(), value)))));
      }
    }
    assertThat(wrong).hasSizeGreaterThan(5);
    for (JsonObject body : wrong) {
      assertThat(document.mistakes(media, body)).as(body.encode()).isNotEmpty();
      assertThat(status(operation, body.encode())).as(body.encode()).isEqualTo(400);
    }
  }

  /** Values that a property can't have. */
  private static List<Object> wrong(JsonObject property) {
    List<Object> values = new ArrayList<>();
    values.add(true);
    values.add(new JsonArray());
    if (!property.getString("type").equals("object")) {
      values.add(new JsonObject());
    }
    if (property.getString("type").equals("string")) {
      values.add(7);
      if (property.containsKey("pattern") || property.containsKey("enum")) {
        values.add("");
        values.add("é ");
      }
      if (property.containsKey("maxLength")) {
        values.add("x".repeat(property.getInteger("maxLength") + 1));
      }
    } else {
      values.add("7");
    }
    if (property.containsKey("maximum")) {
      values.add(property.getLong("maximum") + 1);
      values.add(property.getLong("minimum") - 1);
      values.add(1.5);
    }
    return values;
  }

  private static int status(Operation operation, String body) {
    boolean lines = operation.id().equals("importDevices");
    String target = operation.path().replace("{jid}", "home@example.org").replace("{di}", "fan");
    RawHttp.Reply reply =
        server.send(
            operation.method().toUpperCase(Locale.ROOT),
            target,
            body,
            lines ? LINES : JSON,
            BEARER);
    return lines
        ? new JsonObject(reply.body().lines().skip(1).findFirst().orElseThrow())
            .getInteger("status")
        : reply.status();
  }
}
