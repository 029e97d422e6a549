package org.oicbridge.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One mapping of the configuration file while it is read. It knows its path, collects every mistake
 * instead of stopping at the first, and at its end refuses the keys that nobody asked for.
 */
final class Section {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?}");

  private final JsonNode node;
  private final String path;
  private final Context context;
  private final Set<String> known = new LinkedHashSet<>();

  /** What all sections of one reading share. */
  static final class Context {
    final List<String> mistakes = new ArrayList<>();
    final Set<String> keys = new LinkedHashSet<>();
    final Function<String, String> environment;

    Context(Function<String, String> environment) {
      this.environment = environment;
    }
  }

  Section(JsonNode node, String path, Context context) {
    this.node = node.isNull() ? MissingNode.getInstance() : node;
    this.path = path;
    this.context = context;
    if (!this.node.isMissingNode() && !this.node.isObject()) {
      mistake("", "is " + describe(node) + ", expected a mapping of keys");
    }
  }

  /** Reads a nested mapping; when it is absent, the reader sees an empty one and takes defaults. */
  <T> T section(String key, Function<Section, T> reader) {
    Section child = new Section(get(key), at(key), context);
    T value = reader.apply(child);
    child.refuseUnknown();
    return value;
  }

  /** Reads a nested mapping that need not be there; null when it is absent. */
  <T> T optional(String key, Function<Section, T> reader) {
    return get(key).isMissingNode() ? null : section(key, reader);
  }

  /** Reads a list of strings as values; what the parser throws becomes the mistake. */
  <T> List<T> parsedTexts(String key, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    for (String text : texts(key)) {
      T value = parse(key, text, parser);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** Reads a list of mappings; absent means empty. */
  <T> List<T> list(String key, Function<Section, T> reader) {
    JsonNode list = get(key);
    List<T> values = new ArrayList<>();
    if (!list.isMissingNode() && !list.isArray()) {
      mistake(key, "is " + describe(list) + ", expected a list");
      return values;
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).isValueNode() || list.get(i).isArray()) {
        mistake(
            key + "[" + i + "]", "is " + describe(list.get(i)) + ", expected a mapping of keys");
        continue;
      }
      Section child = new Section(list.get(i), at(key) + "[" + i + "]", context);
      T value = reader.apply(child);
      child.refuseUnknown();
      values.add(value);
    }
    return values;
  }

  /** Reads a list of strings; absent means empty. */
  List<String> texts(String key) {
    JsonNode list = get(key);
    List<String> values = new ArrayList<>();
    if (!list.isMissingNode() && !list.isArray()) {
      mistake(key, "is " + describe(list) + ", expected a list of strings");
      return values;
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).isValueNode()) {
        values.add(expand(key, list.get(i).asText()));
      } else {
        mistake(key + "[" + i + "]", "is " + describe(list.get(i)) + ", expected a string");
      }
    }
    return values;
  }

  /** A string, or the default (which may be null) when it is absent. */
  String text(String key, String otherwise) {
    JsonNode value = get(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isValueNode()) {
      mistake(key, "is " + describe(value) + ", expected a string");
      return otherwise;
    }
    return expand(key, value.asText());
  }

  /** A value made from a string that must be there; null after a mistake. */
  <T> T required(String key, Function<String, T> parser) {
    String value = text(key, null);
    if (value == null || value.isBlank()) {
      mistake(key, "is missing");
      return null;
    }
    return parse(key, value, parser);
  }

  /** A value made from a string; what the parser throws becomes the mistake. Null when absent. */
  <T> T parsed(String key, String otherwise, Function<String, T> parser) {
    String value = text(key, otherwise);
    return value == null ? null : parse(key, value, parser);
  }

  private <T> T parse(String key, String value, Function<String, T> parser) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      mistake(key, "is wrong: " + e.getMessage());
      return null;
    }
  }

  int integer(String key, int otherwise, int min, int max) {
    String value = text(key, null);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below with the range, which says more than the parser does
    }
    mistake(key, "is \"" + value + "\", expected a whole number from " + min + " to " + max);
    return otherwise;
  }

  /** A duration given in seconds, with or without a fraction. */
  Duration seconds(String key, double otherwise, double min, double max) {
    String value = text(key, null);
    double number = otherwise;
    if (value != null) {
      try {
        number = Double.parseDouble(value);
      } catch (NumberFormatException e) {
        number = Double.NaN;
      }
      if (!(number >= min && number <= max)) {
        mistake(key, "is \"" + value + "\", expected seconds from " + min + " to " + max);
        number = otherwise;
      }
    }
    return Duration.ofMillis(Math.round(number * 1000));
  }

  boolean flag(String key, boolean otherwise) {
    String value = text(key, null);
    if (value == null || value.equals("true") || value.equals("false")) {
      return value == null ? otherwise : value.equals("true");
    }
    mistake(key, "is \"" + value + "\", expected true or false");
    return otherwise;
  }

  /** Records a mistake at a key of this section; an empty key means the section itself. */
  void mistake(String key, String what) {
    String here = path.isEmpty() ? "the file" : path;
    context.mistakes.add((key.isEmpty() ? here : at(key)) + " " + what);
  }

  void refuseUnknown() {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                mistake(key, "is not a key here; known are " + String.join(", ", known));
              }
            });
  }

  private JsonNode get(String key) {
    known.add(key);
    context.keys.add(at(key).replaceAll("\\[\\d+]", "[]"));
    JsonNode value = node.path(key);
    return value.isNull() ? MissingNode.getInstance() : value;
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String expand(String key, String text) {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String value = context.environment.apply(matcher.group(1));
      if (value == null) {
        value = matcher.group(2);
      }
      if (value == null) {
        mistake(key, "names the variable " + matcher.group(1) + ", which is not set");
        value = "";
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(out).toString();
  }

  private static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "a mapping";
      case MISSING, NULL -> "missing";
      default -> "\"" + node.asText() + "\"";
    };
  }
}
