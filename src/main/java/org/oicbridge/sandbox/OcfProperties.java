package org.oicbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;

/**
 * The properties of one resource. Not thread-safe: all devices of one simulation share a thread.
 */
final class OcfProperties implements OcfContent {
  /**
   * What a property may be set to.
   *
   * @param expected the words for it in an error
   */
  record Rule(String expected, Predicate<JsonNode> allows) {}

  static final Rule BOOLEAN = new Rule("true or false", JsonNode::isBoolean);
  static final Rule PERCENT =
      new Rule(
          "a whole number from 0 to 100",
          value -> value.isInt() && value.intValue() >= 0 && value.intValue() <= 100);

  private final List<String> types;
  private final List<OcfInterface> interfaces;
  private final boolean alwaysBaseline;
  private final ObjectNode values = JsonNodeFactory.instance.objectNode();
  private final Map<String, Rule> rules;

  private OcfProperties(
      List<String> types,
      List<OcfInterface> interfaces,
      boolean alwaysBaseline,
      Map<String, Rule> rules) {
    this.types = types;
    this.interfaces = interfaces;
    this.alwaysBaseline = alwaysBaseline;
    this.rules = rules;
  }

  /** A resource whose named properties a client may change. */
  static OcfProperties actuator(String type, Map<String, Rule> rules) {
    return new OcfProperties(
        List.of(type), List.of(OcfInterface.ACTUATOR, OcfInterface.BASELINE), false, rules);
  }

  /** A resource that only the device itself changes. */
  static OcfProperties sensor(String type) {
    return new OcfProperties(
        List.of(type), List.of(OcfInterface.SENSOR, OcfInterface.BASELINE), false, Map.of());
  }

  /** {@code /oic/d} or {@code /oic/p}, which tell their {@code rt} and {@code if} always. */
  static OcfProperties core(String... types) {
    return new OcfProperties(
        List.of(types), List.of(OcfInterface.READ, OcfInterface.BASELINE), true, Map.of());
  }

  OcfProperties with(String name, Object value) {
    values.set(name, OcfAnswer.CBOR.valueToTree(value));
    return this;
  }

  JsonNode value(String name) {
    return values.path(name);
  }

  @Override
  public List<String> types() {
    return types;
  }

  @Override
  public List<OcfInterface> interfaces() {
    return interfaces;
  }

  @Override
  public boolean writable() {
    return !rules.isEmpty();
  }

  @Override
  public JsonNode read(OcfQuery query) {
    ObjectNode representation = JsonNodeFactory.instance.objectNode();
    if (alwaysBaseline || query.via() == OcfInterface.BASELINE) {
      types.forEach(representation.putArray("rt")::add);
      interfaces.forEach(one -> representation.withArray("/if").add(one.text()));
    }
    return representation.setAll(values);
  }

  /**
   * Sets what the body names. Members that can't be set are passed over, as OCF asks, but a body
   * that sets nothing at all is a mistake that the client should hear of.
   */
  @Override
  public void update(JsonNode body) throws Refusal {
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : body.properties()) {
      Rule rule = rules.get(member.getKey());
      if (rule != null && !rule.allows().test(member.getValue())) {
        throw new Refusal(
            ResponseCode.BAD_REQUEST,
            "\"" + member.getKey() + "\" is " + member.getValue() + ", not " + rule.expected());
      }
      if (rule != null) {
        changes.set(member.getKey(), member.getValue());
      }
    }
    if (changes.isEmpty()) {
      throw new Refusal(
          ResponseCode.BAD_REQUEST, "the body sets none of " + String.join(", ", rules.keySet()));
    }
    values.setAll(changes);
  }
}
