package org.oicbridge.http;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The members of a JSON object that somebody sent. It collects every mistake instead of stopping at
 * the first, and at its end refuses the members that nobody asked for.
 */
final class Members {
  /** As much of a value as a mistake repeats. */
  private static final int SHOWN = 100;

  private final JsonObject object;
  private final String prefix;
  private final List<String> mistakes;
  private final Set<String> known = new TreeSet<>();

  private Members(JsonObject object, String prefix, List<String> mistakes) {
    this.object = object;
    this.prefix = prefix;
    this.mistakes = mistakes;
  }

  /**
   * Begins to read.
   *
   * @param text JSON that was checked before, or null when there is none
   * @param what what to call the whole in a mistake
   * @throws Refusal when it is no object
   */
  static Members of(String text, String what) {
    Object value = text == null ? null : Json.decodeValue(text);
    if (value instanceof JsonObject object) {
      return new Members(object, "", new ArrayList<>());
    }
    String found = text == null ? "empty" : describe(value);
    throw new Refusal(400, "invalid-member", what + " is " + found + ", expected a JSON object");
  }

  /** A value made from a string that must be there; null after a mistake. */
  <T> T required(String name, Function<String, T> parser, String expected) {
    requirePresence(name, expected);
    return optional(name, parser, expected);
  }

  private void requirePresence(String name, String expected) {
    if (!object.containsKey(name)) {
      mistakes.add("member " + prefix + name + " is missing, expected " + expected);
    }
  }

  /** A value made from a string; null when it is absent and after a mistake. */
  <T> T optional(String name, Function<String, T> parser, String expected) {
    T value = parse(name, parser);
    if (value == null && object.containsKey(name)) {
      mistake(name, expected);
    }
    return value;
  }

  /** Like {@link #optional}, and what stands there is not repeated in a mistake. */
  <T> T secret(String name, Function<String, T> parser, String expected) {
    T value = parse(name, parser);
    if (value == null && object.containsKey(name)) {
      mistakes.add("member " + prefix + name + " is something else than " + expected);
    }
    return value;
  }

  /** Like {@link #required}, and what stands there is not repeated in a mistake. */
  <T> T requiredSecret(String name, Function<String, T> parser, String expected) {
    requirePresence(name, expected);
    return secret(name, parser, expected);
  }

  private <T> T parse(String name, Function<String, T> parser) {
    known.add(name);
    try {
      return object.getValue(name) instanceof String text ? parser.apply(text) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A whole number; null when it is absent and after a mistake. */
  Long integer(String name, long min, long max) {
    known.add(name);
    if (!object.containsKey(name)) {
      return null;
    }
    if (object.getValue(name) instanceof Number number) {
      double value = number.doubleValue();
      if (value >= min && value <= max && Math.rint(value) == value) {
        return (long) value;
      }
    }
    String range = "a whole number from " + min + " to " + max;
    if (object.getValue(name) instanceof String) {
      // A text in the place of a number may have slipped there from a secret's place.
      mistakes.add("member " + prefix + name + " is a text, expected " + range);
    } else {
      mistake(name, range);
    }
    return null;
  }

  /** A nested object, to be finished like the outer one; null when it is absent or a mistake. */
  Members object(String name) {
    known.add(name);
    if (object.getValue(name) instanceof JsonObject inner) {
      return new Members(inner, prefix + name + ".", mistakes);
    }
    if (object.containsKey(name)) {
      mistakes.add("member " + prefix + name + " is no object");
    }
    return null;
  }

  private void mistake(String name, String expected) {
    mistakes.add(
        "member "
            + prefix
            + name
            + " is "
            + describe(object.getValue(name))
            + ", expected "
            + expected);
  }

  /**
   * Ends the reading.
   *
   * @throws Refusal when there were mistakes, telling all of them; only of the outermost object
   */
  void finish() {
    for (String name : object.fieldNames()) {
      if (!known.contains(name)) {
        mistakes.add(
            "member " + prefix + cut(name) + " is unknown, known are " + String.join(", ", known));
      }
    }
    if (prefix.isEmpty() && !mistakes.isEmpty()) {
      throw new Refusal(400, "invalid-member", cut(String.join("; ", mistakes), 20 * SHOWN));
    }
  }

  private static String describe(Object value) {
    return value instanceof JsonObject
        ? "an object"
        : value instanceof JsonArray
            ? "an array"
            : value instanceof String text ? "\"" + cut(text) + "\"" : cut(String.valueOf(value));
  }

  private static String cut(String text) {
    return cut(text, SHOWN);
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "…";
  }
}
