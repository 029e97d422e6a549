package org.oicbridge.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The description of the API, as something to hold requests and answers against. */
final class OpenApiDocument {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");
  private final JsonObject root;

  /** One operation. */
  record Operation(String id, String method, String path, JsonObject members) {}

  OpenApiDocument(String yaml) throws JsonProcessingException {
    String json = new ObjectMapper().writeValueAsString(new YAMLMapper().readTree(yaml));
    // A schema stands alone when what it refers to stands in itself.
    root = new JsonObject(json.replace("#/components/schemas/", "#/$defs/"));
  }

  /** All operations by their id. */
  Map<String, Operation> operations() {
    Map<String, Operation> operations = new TreeMap<>();
    JsonObject paths = root.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : item.fieldNames()) {
        if (METHODS.contains(method)) {
          JsonObject members = item.getJsonObject(method);
          String id = members.getString("operationId");
          operations.put(id, new Operation(id, method, path, members));
        }
      }
    }
    return operations;
  }

  /** The statuses that an operation names one by one. */
  static Set<Integer> statuses(Operation operation) {
    Set<Integer> statuses = new TreeSet<>();
    for (String status : operation.members().getJsonObject("responses").fieldNames()) {
      if (!status.endsWith("XX")) {
        statuses.add(Integer.parseInt(status));
      }
    }
    return statuses;
  }

  /** What an operation says of a status; null when nothing. */
  JsonObject response(Operation operation, int status) {
    JsonObject responses = operation.members().getJsonObject("responses");
    JsonObject exact = responses.getJsonObject(String.valueOf(status));
    return resolve(exact != null ? exact : responses.getJsonObject(status / 100 + "XX"));
  }

  /** The media type that a request body of an operation has; null when there is none. */
  JsonObject requestMedia(Operation operation) {
    JsonObject body = resolve(operation.members().getJsonObject("requestBody"));
    return body == null
        ? null
        : (JsonObject) body.getJsonObject("content").iterator().next().getValue();
  }

  /** The object itself, or what it refers to. */
  JsonObject resolve(JsonObject object) {
    String reference = object == null ? null : object.getString("$ref");
    if (reference == null) {
      return object;
    }
    JsonObject target = root;
    String pointer = reference.replace("#/$defs/", "#/components/schemas/");
    for (String step : pointer.substring(2).split("/", -1)) {
      target = target.getJsonObject(step);
    }
    return resolve(target);
  }

  /** What is wrong with a value, empty when nothing is. */
  String mistakes(JsonObject media, Object value) {
    if (!(media.getValue("schema") instanceof JsonObject schema)) {
      return "";
    }
    JsonObject alone =
        schema.copy().put("$defs", root.getJsonObject("components").getJsonObject("schemas"));
    OutputUnit result =
        Validator.create(
                JsonSchema.of(alone),
                new JsonSchemaOptions()
                    .setBaseUri("https://schema.example/")
                    .setDraft(Draft.DRAFT202012)
                    .setOutputFormat(OutputFormat.Basic))
            .validate(value);
    return result.getValid() ? "" : result.getErrors().toString();
  }
}
