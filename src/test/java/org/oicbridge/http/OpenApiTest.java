package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.DeviceView;

@Timeout(60)
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");
  private static ApiServer server;
  private static JsonNode document;

  @BeforeAll
  static void start() throws Exception {
    server = ApiServer.start();
    RawHttp.Reply reply = server.get("/openapi.yaml");
    assertThat(reply.header("Content-Type")).isEqualTo("application/yaml");
    document = new YAMLMapper().readTree(reply.body());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void document_isOpenApi31() {
    assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
  }

  @Test
  void references_allHaveTheirTarget() {
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void paths_areExactlyTheRoutes() {
    Map<String, Set<String>> described = new TreeMap<>();
    document
        .path("paths")
        .fields()
        .forEachRemaining(
            path -> {
              Set<String> methods = described.computeIfAbsent(path.getKey(), k -> new TreeSet<>());
              path.getValue().fieldNames().forEachRemaining(methods::add);
              methods.retainAll(METHODS);
            });

    for (Map.Entry<String, Set<String>> path : described.entrySet()) {
      String target =
          path.getKey()
              .replace("{di}", ApiServer.LAMP)
              .replace("{jid}", ApiServer.ALICE)
              .replace("{href}", "a");
      String allow = server.send("PATCH", target, "").header("Allow");
      Set<String> served =
          Set.of(allow.toLowerCase(Locale.ROOT).replace(", head", "").split(", ", -1));
      assertThat(path.getValue()).as(path.getKey()).isEqualTo(served);
    }
    assertThat(described.keySet().stream().map(OpenApiTest::routerPath))
        .containsExactlyInAnyOrderElementsOf(mounted());
  }

  private static String routerPath(String template) {
    return template.replace("{di}", ":di").replace("{jid}", ":jid").replace("{href}", "");
  }

  private static Set<String> mounted() {
    HttpVerticle verticle =
        new HttpVerticle(
            ApiServer.config(), Duration.ZERO, 1, () -> "", () -> true, Promise.promise());
    return verticle.router(server.vertx).getRoutes().stream()
        .map(route -> route.getName())
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void choices_areThoseOfTheCode() {
    assertThat(document.at("/components/schemas/Origin/enum"))
        .map(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(
            Set.of(DeviceView.Origin.values()).stream().map(DeviceView.Origin::text).toList());
    assertThat(document.at("/components/schemas/State/enum"))
        .map(JsonNode::asText)
        .containsExactlyInAnyOrderElementsOf(
            Set.of(DeviceView.State.values()).stream().map(DeviceView.State::text).toList());
  }
}
