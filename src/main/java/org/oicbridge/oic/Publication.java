package org.oicbridge.oic;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Publish;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

/**
 * What a device publishes, whichever dialect it was read from.
 *
 * @param di the device
 * @param rt its device type, or null when the publication does not tell
 * @param name for people, or null when the publication does not tell
 * @param endpoint where the device is
 * @param ttl how long it stays, null for ever
 * @param links with the endpoints that they name themselves
 * @param body the JSON object that it was read from, which the answer repeats; null for the array
 *     form, which is answered with an empty object
 */
record Publication(
    DeviceId di,
    String rt,
    String name,
    URI endpoint,
    Duration ttl,
    List<Link> links,
    JsonObject body) {

  /** The question to the resource directory. */
  Publish by(Caller caller) {
    return new Publish(caller, di, rt, name, endpoint, ttl, links);
  }

  /** The answer to the publisher: its own body, every link with the number that it got. */
  String answer(List<Link> numbered) {
    if (body == null) {
      return "{}";
    }
    Map<String, String> numbers = new HashMap<>();
    numbered.forEach(link -> numbers.put(link.href(), link.ins()));
    for (int i = 0; i < links.size(); i++) {
      String number = numbers.getOrDefault(links.get(i).href(), "");
      if (!number.isEmpty()) {
        body.getJsonArray("links").getJsonObject(i).put("ins", LinkForms.number(number));
      }
    }
    return body.encode();
  }
}
