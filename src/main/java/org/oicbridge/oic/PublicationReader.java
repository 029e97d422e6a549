package org.oicbridge.oic;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.DeviceType;
import org.oicbridge.crudn.Link;

/**
 * Reads a publication in any of its dialects: the object of OIC 1.1 and OCF, and the array of
 * IoTivity 1.0 and 1.1 in which an object with what concerns the device stands before the array of
 * its links. Nothing in it is believed about where the device is but what {@link EndpointRules}
 * allow.
 */
final class PublicationReader {
  /** How long a device stays that does not say, in seconds: what IoTivity says. */
  static final long DEFAULT_TTL = 86_400;

  /** How long a device stays at the most, in seconds, unless it stays for ever. */
  static final long MAX_TTL = 31_536_000;

  private static final int MAX_LINKS = 1000;
  private static final int MAX_NAME = 256;
  private static final String LINKS = "links";

  /** What concerns the device, and its links with the name of their array. */
  private record Part(Members tags, List<Members> links, String at) {}

  private final EndpointRules rules;
  private final boolean secure;
  private final Set<String> hrefs = new HashSet<>();
  private final List<Link> links = new ArrayList<>();
  private DeviceId di;
  private URI base;
  private URI best;

  /**
   * Makes a reader of one publication.
   *
   * @param secure whether the publisher itself came over DTLS
   */
  PublicationReader(EndpointRules rules, boolean secure) {
    this.rules = rules;
    this.secure = secure;
  }

  /**
   * Reads a body.
   *
   * @throws Refusal when it is no publication, or one of a device that may not be there
   */
  Publication read(Object body) {
    List<Part> parts = parts(body);
    for (Part part : parts) {
      identify(part.tags.text("di", 64), part.tags, "di");
      base(part.tags);
    }
    parts.forEach(this::links);
    if (di == null) {
      throw Refusal.member("di", "is missing, expected the identifier of the device");
    }
    Members first = parts.get(0).tags;
    URI endpoint = base != null ? base : best != null ? best : rules.unnamed(secure);
    if (endpoint == null) {
      throw Refusal.member("eps", "is missing, and the publisher itself has no address here");
    }
    JsonObject object = body instanceof JsonObject map ? map : null;
    Duration ttl = ttl(first, object);
    // Else the links may tell it, which whoever keeps them looks at.
    String type = DeviceType.of(first.words("rt", 64)).orElse(null);
    return new Publication(di, type, first.text("n", MAX_NAME), endpoint, ttl, links, object);
  }

  private static List<Part> parts(Object body) {
    if (body instanceof JsonObject object) {
      return List.of(part(object, ""));
    }
    List<Part> parts = new ArrayList<>();
    JsonArray array = body instanceof JsonArray given ? unwrapped(given) : new JsonArray();
    for (int i = 0; i < array.size(); i++) {
      if (!(array.getValue(i) instanceof JsonObject tags)) {
        throw Refusal.member("[" + i + "]", "is not the object of a device");
      }
      String at = "[" + i + "].";
      if (tags.containsKey(LINKS)) {
        parts.add(part(tags, at));
      } else if (i + 1 < array.size() && array.getValue(i + 1) instanceof JsonArray below) {
        String name = "[" + ++i + "]";
        parts.add(new Part(new Members(tags, at), Members.objects(below, name, MAX_LINKS), name));
      } else {
        throw Refusal.member("[" + (i + 1) + "]", "is not the array of the device's links");
      }
    }
    if (parts.isEmpty()) {
      throw Refusal.member("the body", "is neither an object with links nor an array of such");
    }
    return parts;
  }

  /** What a directory of IoTivity 1.0 lists has one more array around it. */
  private static JsonArray unwrapped(JsonArray array) {
    return array.size() == 1 && array.getValue(0) instanceof JsonArray inner ? inner : array;
  }

  private static Part part(JsonObject object, String at) {
    Members tags = new Members(object, at);
    if (!object.containsKey(LINKS)) {
      throw tags.wrong(LINKS, "is missing, expected an array of links");
    }
    return new Part(tags, tags.objects(LINKS, MAX_LINKS), at + LINKS);
  }

  /** One publication is of one device: its answer has room for no more than one outcome. */
  private void identify(String text, Members members, String name) {
    if (text == null) {
      return;
    }
    DeviceId named;
    try {
      named = new DeviceId(text);
    } catch (IllegalArgumentException e) {
      throw members.unlike(name, "1 to 64 letters, digits and hyphens");
    }
    if (di != null && !di.equals(named)) {
      throw members.unlike(name, "the device " + di + " that the publication is of");
    }
    di = di == null ? named : di;
  }

  /** The address of IoTivity's {@code baseURI}, which may be a URI, or host and port alone. */
  private void base(Members tags) {
    String text = tags.text("baseURI", 256);
    Integer port = tags.port("port");
    if (text == null && port == null) {
      return;
    }
    URI named =
        text == null
            ? rules.own(EndpointRules.COAP, port, tags.name("port"))
            : LinkReader.endpoint(rules, text, port, tags.name("baseURI"));
    if (base != null && !base.equals(named)) {
      throw tags.wrong("baseURI", "is not the one that stands above, expected one for all links");
    }
    base = named;
  }

  private void links(Part part) {
    Long bits = part.tags.integer("bm", "a number");
    int policy = bits == null ? Link.DISCOVERABLE : (int) (bits & 3);
    if (links.size() + part.links.size() > MAX_LINKS) {
      throw Refusal.member(part.at, "has too many elements, expected at most " + MAX_LINKS);
    }
    for (Members members : part.links) {
      LinkReader reader = new LinkReader(rules, secure, base, members, policy);
      identify(members.text("di", 64), members, "di");
      identify(reader.deviceOfAnchor(), members, "anchor");
      Link link = reader.read();
      identify(reader.deviceOfHref(), members, "href");
      if (!hrefs.add(link.href())) {
        throw members.unlike("href", "every path once");
      }
      links.add(link);
      best = best == null ? reader.best() : best;
    }
  }

  private static Duration ttl(Members tags, JsonObject object) {
    String name = tags.has("ttl") ? "ttl" : "lt";
    String expected = "a whole number of seconds, 0 for ever";
    Long seconds = tags.integer(name, expected);
    if (seconds != null && seconds < 0) {
      throw tags.unlike(name, expected);
    }
    long kept = seconds == null ? DEFAULT_TTL : Math.min(seconds, MAX_TTL);
    if (object != null && seconds != null && kept != seconds) {
      // The answer tells what was made of it.
      object.put(name, kept);
    }
    return kept == 0 ? null : Duration.ofSeconds(kept);
  }
}
