package org.oicbridge.oic;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.ResourcePath;

/**
 * Reads what a remote device answers for {@code /oic/res}, in any of the shapes that it has had. It
 * comes from another machine and is shown to others: what is not plainly a link of that very device
 * is left out.
 */
final class RemoteLinkReader {
  static final int MAX_LINKS = 32;

  private static final int MAX_HREF = 128;
  private static final int MAX_WORDS = 8;
  private static final String WORD = "[A-Za-z0-9._+-]{1,64}";

  private final DeviceId device;
  private final List<Link> links = new ArrayList<>();

  private RemoteLinkReader(DeviceId device) {
    this.device = device;
  }

  /** The links with their paths on the device; none when it can't be read. */
  static List<Link> read(String json, DeviceId device) {
    RemoteLinkReader reader = new RemoteLinkReader(device);
    try {
      reader.all(Json.decodeValue(json));
    } catch (DecodeException e) {
      return List.of();
    }
    return List.copyOf(reader.links);
  }

  /** A list of links, or of maps that have one each. */
  private void all(Object list) {
    if (!(list instanceof JsonArray array)) {
      return;
    }
    for (Object each : array) {
      if (each instanceof JsonObject object && own(object)) {
        if (object.getValue("links") instanceof JsonArray inner) {
          inner.forEach(this::one);
        } else {
          one(object);
        }
      }
    }
  }

  private void one(Object each) {
    if (links.size() >= MAX_LINKS || !(each instanceof JsonObject link) || !own(link)) {
      return;
    }
    List<String> types = words(link.getValue("rt"));
    if (link.getValue("href") instanceof String href
        && path(href)
        && !types.isEmpty()
        && discoverable(link.getValue("p"))) {
      List<String> interfaces = words(link.getValue("if"));
      links.add(
          new Link(
              href,
              types,
              interfaces.isEmpty() ? List.of(OwnQuery.BASELINE) : interfaces,
              Link.DISCOVERABLE,
              "",
              List.of()));
    }
  }

  /** A directory lists the links of others as well. */
  private boolean own(JsonObject object) {
    return (!(object.getValue("di") instanceof String di) || di.equalsIgnoreCase(device.text()))
        && (!(object.getValue("anchor") instanceof String anchor)
            || anchor.equalsIgnoreCase("ocf://" + device.text()));
  }

  private static boolean path(String href) {
    // These two are listed for every device, the gateway's and its own.
    if (href.length() > MAX_HREF
        || !href.matches("/[!-~&&[^#]]*")
        || href.startsWith("//")
        || href.equals(OwnLinks.RES)
        || href.equals(OwnLinks.DEVICE)) {
      return false;
    }
    try {
      return !ResourcePath.parse(href).segments().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean discoverable(Object p) {
    return !(p instanceof JsonObject policy)
        || !(policy.getValue("bm") instanceof Number bits)
        || (bits.intValue() & Link.DISCOVERABLE) != 0;
  }

  /** An array of words, or one text with spaces between them as OIC 1.0 has it. */
  private static List<String> words(Object value) {
    List<?> all =
        value instanceof JsonArray array
            ? array.getList()
            : value instanceof String text ? Arrays.asList(text.split(" ")) : List.of();
    return all.stream()
        .filter(word -> word instanceof String text && text.matches(WORD))
        .map(String.class::cast)
        .limit(MAX_WORDS)
        .toList();
  }
}
