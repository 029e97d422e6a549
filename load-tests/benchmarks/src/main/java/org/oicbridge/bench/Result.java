package org.oicbridge.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** A line of figures that a child prints and its parent reads. */
final class Result {
  private static final String START = "result ";

  private final Map<String, String> fields = new LinkedHashMap<>();

  Result() {}

  Result with(String name, Object value) {
    fields.put(name, String.valueOf(value));
    return this;
  }

  /** What a line says, or null when it is none. */
  static Result parse(String line) {
    if (!line.startsWith(START)) {
      return null;
    }
    Result result = new Result();
    for (String field : line.substring(START.length()).split(" ", -1)) {
      int equals = field.indexOf('=');
      result.fields.put(field.substring(0, equals), field.substring(equals + 1));
    }
    return result;
  }

  String text(String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("no " + name + " in " + this);
    }
    return value;
  }

  double number(String name) {
    return Double.parseDouble(text(name));
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(START);
    fields.forEach((name, value) -> line.append(name).append('=').append(value).append(' '));
    return line.toString().stripTrailing();
  }
}
