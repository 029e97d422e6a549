package org.oicbridge.oic;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.JsonSyntax;
import org.oicbridge.crudn.MalformedJsonException;
import org.oicbridge.crudn.Status;

/**
 * The members of a JSON object, by their trimmed names: the example of {@code oic.ra.user} has
 * {@code "rt "} (OIC Remote Access A.2). A member of the wrong type is refused with its name; one
 * that is unknown is never looked at.
 */
final class Members {
  private static final int MAX_TEXTS = 64;
  private static final int MAX_ECHO = 80;

  private final String prefix;
  private final Map<String, Object> members = new HashMap<>();

  /**
   * Takes an object apart.
   *
   * @param prefix what stands before the names in refusals, such as {@code links[2].}
   */
  Members(JsonObject object, String prefix) {
    this.prefix = prefix;
    for (String name : object.fieldNames()) {
      String trimmed = name.strip();
      boolean there = members.containsKey(trimmed);
      members.put(trimmed, object.getValue(name));
      if (there) {
        throw wrong(trimmed, "stands there twice");
      }
    }
  }

  /** The members of the object that a request has as its body. */
  static Members of(CrudnRequest request) {
    if (body(request) instanceof JsonObject object) {
      return new Members(object, "");
    }
    throw new Refusal(Status.BAD_REQUEST, "invalid-json", "the body is not a JSON object");
  }

  /** What a request has as its body: a JSON object, an array, or a scalar. */
  static Object body(CrudnRequest request) {
    String text = request.body();
    if (text == null || text.isBlank()) {
      throw new Refusal(Status.BAD_REQUEST, "invalid-json", "the request has no body");
    }
    try {
      JsonSyntax.check(text);
    } catch (MalformedJsonException e) {
      // Only the place: the rest of the message may quote the text, and that may hold a credential.
      String place = e.getMessage().split(": ", 2)[0];
      throw new Refusal(Status.BAD_REQUEST, "invalid-json", "the body is " + place);
    }
    return Json.decodeValue(text);
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  boolean isText(String name) {
    return members.get(name) instanceof String;
  }

  /** A text of a limited length, or null when the member is not there. */
  String text(String name, int most) {
    if (!has(name)) {
      return null;
    }
    if (members.get(name) instanceof String text && text.length() <= most) {
      return text;
    }
    throw unlike(name, "a text of at most " + most + " characters");
  }

  /** A whole number, however it is written, or null when the member is not there. */
  Long integer(String name, String expected) {
    if (!has(name)) {
      return null;
    }
    if (members.get(name) instanceof Number number && number.doubleValue() % 1 == 0) {
      // A double beyond the range of a long becomes the end of that range, so does what follows.
      return number instanceof BigInteger big
          ? Long.valueOf(big.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE)
          : Long.valueOf(
              number instanceof Double real ? (long) real.doubleValue() : number.longValue());
    }
    throw unlike(name, expected);
  }

  /** A port number, 1 to 65535, or null when the member is not there. */
  Integer port(String name) {
    String expected = "a port number from 1 to 65535";
    Long port = integer(name, expected);
    if (port != null && (port < 1 || port > 65_535)) {
      throw unlike(name, expected);
    }
    return port == null ? null : Integer.valueOf(port.intValue());
  }

  /** True or false; false when the member is not there. */
  boolean flag(String name) {
    if (!has(name)) {
      return false;
    }
    if (members.get(name) instanceof Boolean flag) {
      return flag;
    }
    throw unlike(name, "true or false");
  }

  /**
   * Texts without white space: an array of them or, as in OIC 1.0, one text with blanks between
   * them. Empty when the member is not there.
   */
  List<String> words(String name, int most) {
    if (!has(name)) {
      return List.of();
    }
    List<?> values =
        members.get(name) instanceof String text
            ? List.of(text.strip().split("\\s+"))
            : members.get(name) instanceof JsonArray array ? array.getList() : List.of(0);
    List<String> words = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof String word)
          || word.length() > most
          || !word.matches("[!-~]+")
          || words.size() == MAX_TEXTS) {
        throw unlike(
            name, "at most " + MAX_TEXTS + " words of 1 to " + most + " ASCII characters each");
      }
      words.add(word);
    }
    return words;
  }

  /** The members of an object, or null when the member is not there. */
  Members object(String name) {
    if (!has(name)) {
      return null;
    }
    if (members.get(name) instanceof JsonObject object) {
      return new Members(object, prefix + name + ".");
    }
    throw unlike(name, "an object");
  }

  /** The objects of an array; empty when the member is not there. */
  List<Members> objects(String name, int most) {
    if (!has(name)) {
      return List.of();
    }
    if (members.get(name) instanceof JsonArray array) {
      return objects(array, prefix + name, most);
    }
    throw unlike(name, "an array of objects");
  }

  /** The objects of an array that is called by a name. */
  static List<Members> objects(JsonArray array, String name, int most) {
    if (array.size() > most) {
      throw Refusal.member(name, "has " + array.size() + " elements, expected at most " + most);
    }
    List<Members> objects = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String at = name + "[" + i + "]";
      if (!(array.getValue(i) instanceof JsonObject object)) {
        throw Refusal.member(at, "is not an object");
      }
      objects.add(new Members(object, at + "."));
    }
    return objects;
  }

  /** What a member is called in refusals. */
  String name(String member) {
    return prefix + member;
  }

  /** Any scalar as text, or null when the member is not there. */
  String scalar(String name) {
    Object value = members.get(name);
    return value == null ? null : value.toString();
  }

  /** Refuses a member whose value is not what it has to be, and repeats the value. */
  Refusal unlike(String name, String expected) {
    String value = Json.encode(members.get(name));
    String shown = value.length() <= MAX_ECHO ? value : value.substring(0, MAX_ECHO) + "…";
    return wrong(name, "is " + shown + ", expected " + expected);
  }

  /** Refuses a member in words that don't hold its value. */
  Refusal wrong(String name, String why) {
    return Refusal.member(prefix + name, why);
  }
}
