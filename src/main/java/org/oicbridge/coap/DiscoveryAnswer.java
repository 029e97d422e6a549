package org.oicbridge.coap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

/**
 * What a representation of {@code /oic/res} tells, whichever form it has: the maps of OIC 1.0 and
 * 1.1, the array of tags and links of IoTivity's resource directory, OCF's list of links, its
 * baseline and its batch.
 *
 * @param skipped devices and links that are left out because they don't say which device it is, or
 *     that it is elsewhere
 */
record DiscoveryAnswer(List<DeviceLinks> devices, int skipped) {
  /** No device known has as many; what is over it is left out. */
  static final int MAX_LINKS = 2000;

  static final int MAX_DEVICES = 256;
  private static final int MAX_NAME = 128;

  DiscoveryAnswer {
    devices = List.copyOf(devices);
  }

  /** Reads a representation; empty when it is none of {@code /oic/res}. */
  static Optional<DiscoveryAnswer> read(JsonNode body, AnswerSource source) {
    boolean single = body.isObject() && body.has("links");
    if (!single && !body.isArray()) {
      return Optional.empty();
    }
    Reading reading = new Reading(source);
    for (JsonNode each : single ? List.of(body) : body) {
      reading.element(each);
    }
    return Optional.of(reading.result());
  }

  private static final class Reading {
    private record Device(String name, List<Link> links) {}

    private final AnswerSource source;
    private final LinkReader reader;
    private final Map<DeviceId, Device> devices = new LinkedHashMap<>();
    private int links;
    private int skipped;

    Reading(AnswerSource source) {
      this.source = source;
      this.reader = new LinkReader(source);
    }

    DiscoveryAnswer result() {
      List<DeviceLinks> found = new ArrayList<>();
      devices.forEach(
          (di, device) ->
              found.add(DeviceLinks.of(di, device.name, source.endpoint(), device.links)));
      return new DiscoveryAnswer(found, skipped);
    }

    void element(JsonNode element) {
      if (element.isArray()) {
        directory(element);
      } else if (element.has("links")) {
        root(element, element.path("links"));
      } else if (element.has("href")) {
        link(element, null);
      } else {
        skipped++;
      }
    }

    /** Maps of tags, each with the array of links behind it. */
    private void directory(JsonNode array) {
      for (int i = 0; i + 1 < array.size(); i += 2) {
        root(array.get(i), array.get(i + 1));
      }
    }

    private void root(JsonNode root, JsonNode list) {
      String base = LinkReader.text(root.path("baseURI"));
      Optional<DeviceId> di = LinkReader.deviceId(LinkReader.text(root.path("di")));
      // OCF's baseline has no di, its links have anchors.
      if ((root.has("di") && di.isEmpty()) || (!base.isEmpty() && !reader.isHere(base))) {
        skipped++;
        return;
      }
      di.ifPresent(known -> device(known, LinkReader.text(root.path("n"))));
      for (JsonNode each : list) {
        link(each, di.orElse(null));
      }
    }

    private void link(JsonNode element, DeviceId root) {
      if (links >= MAX_LINKS) {
        return;
      }
      links++;
      Optional<LinkReader.OfDevice> read = reader.read(element);
      DeviceId di = read.map(LinkReader.OfDevice::di).orElse(root);
      if (read.isEmpty() || di == null) {
        skipped++;
        return;
      }
      Device device = device(di, "");
      if (device != null) {
        device.links.add(read.get().link());
      }
    }

    private Device device(DeviceId di, String name) {
      if (devices.size() >= MAX_DEVICES && !devices.containsKey(di)) {
        return null;
      }
      return devices.computeIfAbsent(di, id -> new Device(shorten(name), new ArrayList<>()));
    }
  }

  /** A name for people, as long as one may be. */
  static String shorten(String name) {
    String line = name.replaceAll("\\p{Cntrl}", " ").strip();
    int end = Math.min(line.length(), MAX_NAME);
    boolean half =
        end > 0 && end < line.length() && Character.isHighSurrogate(line.charAt(end - 1));
    return line.substring(0, half ? end - 1 : end);
  }
}
