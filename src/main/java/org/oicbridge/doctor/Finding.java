package org.oicbridge.doctor;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One thing that is known of a server.
 *
 * @param name what it is about, the same in every report
 * @param value text, a {@link Long}, or a list of texts
 * @param unit of a number; empty for others
 * @param level what is to be done about it
 * @param meaning what it means, or what to set; may be empty
 */
public record Finding(String name, Object value, String unit, Level level, String meaning) {
  /** What is to be done. */
  public enum Level {
    /** Nothing. */
    OK,
    /** Worth a look; a fleet can run. */
    NOTE,
    /** A fleet can't run before it is changed. */
    CHANGE
  }

  /** One line for a person. */
  public String line() {
    String text =
        value instanceof List<?> list
            ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
            : String.valueOf(value);
    String mark = level == Level.OK ? "" : level.name() + ": ";
    return printable(
        name
            + ": "
            + (text.isEmpty() ? "none" : text)
            + (unit.isEmpty() ? "" : " " + unit)
            + (meaning.isEmpty() ? "" : " — " + mark + meaning));
  }

  /** The same for a program. */
  public JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("name", name)
            .put("value", value instanceof List<?> list ? new JsonArray(List.copyOf(list)) : value);
    if (!unit.isEmpty()) {
      json.put("unit", unit);
    }
    return json.put("level", level.name().toLowerCase(Locale.ROOT)).put("meaning", meaning);
  }

  /** A terminal obeys control characters, and much of this text is the server's to choose. */
  private static String printable(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
  }
}
