package org.oicbridge.oic;

import java.util.LinkedHashSet;
import java.util.Set;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Unpublish;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.ResourcePath;

/**
 * What is to be withdrawn from the directory, read from a query: {@code di}, {@code ins} or both.
 * Numbers stand in parameters of their own or in lists with commas, and the examples of OIC 1.0
 * have semicolons and quotes.
 *
 * @param di null for whichever device has the links
 * @param ins empty for the whole device
 */
record Withdrawal(DeviceId di, Set<String> ins) {

  /** Reads a query. */
  static Withdrawal read(ResourcePath path) {
    Set<DeviceId> devices = new LinkedHashSet<>();
    Set<String> numbers = new LinkedHashSet<>();
    String name = "";
    for (String token : String.join("&", path.query()).replace("\"", "").split("[&;,]", -1)) {
      if (token.isBlank()) {
        continue;
      }
      int equals = token.indexOf('=');
      // Without a name it continues the list of the parameter before it.
      name = equals < 0 ? name : token.substring(0, equals).strip();
      String value = token.substring(equals + 1).strip();
      if (name.equals("di")) {
        devices.add(device(value));
      } else if (name.equals("ins")) {
        numbers.add(number(value));
      }
    }
    if (devices.size() > 1) {
      throw Refusal.parameter("di", "names " + devices.size() + " devices, expected one");
    }
    if (devices.isEmpty() && numbers.isEmpty()) {
      throw Refusal.parameter("di", "is missing, expected di, ins or both");
    }
    return new Withdrawal(devices.stream().findFirst().orElse(null), numbers);
  }

  private static DeviceId device(String text) {
    try {
      return new DeviceId(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter(
          "di", "is \"" + text + "\", expected 1 to 64 letters, digits and hyphens");
    }
  }

  private static String number(String text) {
    if (!text.matches("[A-Za-z0-9-]{1,64}")) {
      throw Refusal.parameter(
          "ins", "has \"" + text + "\", expected 1 to 64 letters, digits and hyphens");
    }
    return text;
  }

  /** The question to the resource directory. */
  Unpublish by(Caller caller) {
    return new Unpublish(caller, di, ins);
  }
}
