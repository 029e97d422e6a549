package org.oicbridge.oic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.oicbridge.crudn.ResourcePath;

/**
 * The query of a request for a resource of the gateway. Stacks put one parameter into each
 * Uri-Query option or join them with {@code &} or {@code ;}, and some put values in quotes.
 */
final class OwnQuery {
  static final String BASELINE = "oic.if.baseline";

  private record Parameter(String name, String value) {}

  private final List<Parameter> parameters = new ArrayList<>();

  private OwnQuery() {}

  /** Reads a query. */
  static OwnQuery of(ResourcePath path) {
    OwnQuery query = new OwnQuery();
    for (String option : path.query()) {
      query.add(option);
    }
    return query;
  }

  private void add(String option) {
    for (String parameter : option.split("[&;]", -1)) {
      String text = parameter.strip();
      if (!text.isEmpty()) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        parameters.add(
            new Parameter(
                name.strip(), equals < 0 ? "" : unquoted(text.substring(equals + 1).strip())));
      }
    }
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }

  /** All values of a parameter, in their order. */
  List<String> values(String name) {
    return parameters.stream().filter(p -> p.name.equals(name)).map(Parameter::value).toList();
  }

  /** The interface that is asked for; one query names at most one (OIC Core, interfaces). */
  Optional<String> interfaceName() {
    List<String> names = values("if");
    if (names.size() > 1) {
      throw Refusal.parameter("if", "stands " + names.size() + " times, expected once");
    }
    return names.stream().findFirst();
  }

  /**
   * The interface that a request means.
   *
   * @param supported the interfaces of the resource, the first is the default
   */
  String choose(List<String> supported) {
    String name = interfaceName().orElse(supported.get(0));
    if (!supported.contains(name)) {
      throw Refusal.parameter(
          "if", "is \"" + name + "\", expected " + String.join(" or ", supported));
    }
    return name;
  }
}
