package org.oicbridge.coap;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.util.NetUtil;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.ResourcePath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads links as OIC 1.0, OIC 1.1 and OCF write them. An endpoint counts only at the address that
 * the answer came from: an advertisement must not send our packets elsewhere.
 */
final class LinkReader {
  private static final Logger LOG = LoggerFactory.getLogger(LinkReader.class);
  private static final int MAX_HREF = 256;
  private static final int MAX_TEXTS = 32;
  private static final int MAX_ENDPOINTS = 16;
  private static final int SECURE_PORT = 5684;
  private static final int POLICY = Link.DISCOVERABLE | Link.OBSERVABLE;

  /** Resource types and interfaces: no blanks, nothing that would break a JID or a log line. */
  private static final Pattern NAME = Pattern.compile("[!-~]{1,128}");

  /**
   * A link with the device that it belongs to.
   *
   * @param di null when the link does not say
   */
  record OfDevice(DeviceId di, Link link) {}

  private record Endpoint(URI uri, long priority, double latency) {
    boolean secure() {
      return uri.getScheme().equals("coaps");
    }
  }

  private final AnswerSource source;

  LinkReader(AnswerSource source) {
    this.source = source;
  }

  /** Reads a link; empty when it has no path on a device, or one on another host. */
  Optional<OfDevice> read(JsonNode link) {
    String href = text(link.path("href"));
    if (href.isEmpty() || href.length() > MAX_HREF) {
      return Optional.empty();
    }
    try {
      return target(href).map(target -> read(link, target));
    } catch (IllegalArgumentException e) {
      // Not the message: it repeats what the sender wrote, line breaks included.
      LOG.debug("a link of {} is left out: its href can't be read", source.endpoint());
      return Optional.empty();
    }
  }

  /** A path, and the device that the reference names with it or null. */
  private record Target(DeviceId di, String path) {}

  private Optional<Target> target(String href) {
    int scheme = href.indexOf("://");
    if (scheme < 0 || href.startsWith("/")) {
      return Optional.of(new Target(null, ResourcePath.parse(href).toString()));
    }
    int slash = href.indexOf('/', scheme + 3);
    String authority = href.substring(scheme + 3, slash < 0 ? href.length() : slash);
    String path = ResourcePath.parse(slash < 0 ? "/" : href.substring(slash)).toString();
    return switch (href.substring(0, scheme)) {
      case "ocf", "oic" -> Optional.of(new Target(new DeviceId(authority), path));
      case "coap", "coaps" ->
          isSource(URI.create(href)) ? Optional.of(new Target(null, path)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private OfDevice read(JsonNode link, Target target) {
    JsonNode properties = link.path("rep").isObject() ? link.path("rep") : link;
    return new OfDevice(
        target.di != null ? target.di : device(link),
        new Link(
            target.path,
            texts(properties.path("rt")),
            texts(properties.path("if")),
            policy(link),
            ins(link.path("ins")),
            endpoints(link)));
  }

  private static DeviceId device(JsonNode link) {
    // IoTivity 1.1 calls the anchor "uri".
    for (String key : List.of("anchor", "uri")) {
      String anchor = text(link.path(key));
      if (anchor.startsWith("ocf://") || anchor.startsWith("oic://")) {
        String authority = anchor.substring("ocf://".length());
        int slash = authority.indexOf('/');
        return deviceId(slash < 0 ? authority : authority.substring(0, slash)).orElse(null);
      }
    }
    return deviceId(text(link.path("di"))).orElse(null);
  }

  static Optional<DeviceId> deviceId(String text) {
    try {
      return Optional.of(new DeviceId(text.strip()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A text, empty when it is something else. */
  static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : "";
  }

  /** Values that stand in an array, or in one string with blanks between them (OIC 1.0). */
  static List<String> texts(JsonNode values) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : values.isArray() ? values : List.of(values)) {
      for (String text : text(value).split(" ", -1)) {
        if (NAME.matcher(text).matches() && texts.size() < MAX_TEXTS && !texts.contains(text)) {
          texts.add(text);
        }
      }
    }
    return texts;
  }

  private static int policy(JsonNode link) {
    JsonNode bits = link.path("p").path("bm");
    int policy = bits.canConvertToInt() ? bits.intValue() & POLICY : Link.DISCOVERABLE;
    return link.path("obs").asBoolean() ? policy | Link.OBSERVABLE : policy;
  }

  private static String ins(JsonNode ins) {
    boolean token = ins.isIntegralNumber() || (ins.isTextual() && ins.textValue().length() <= 64);
    return token ? ins.asText() : "";
  }

  private List<URI> endpoints(JsonNode link) {
    JsonNode policy = link.path("p");
    List<Endpoint> usable = new ArrayList<>();
    for (JsonNode each : link.path("eps")) {
      if (usable.size() < MAX_ENDPOINTS) {
        endpoint(each).ifPresent(usable::add);
      }
    }
    if (usable.isEmpty() && link.path("eps").isEmpty() && policy.path("sec").asBoolean()) {
      int port = policy.path("port").asInt();
      return List.of(source.at("coaps", port > 0 && port <= 0xffff ? port : SECURE_PORT));
    }
    usable.sort(
        Comparator.comparing(Endpoint::secure)
            .thenComparing(Endpoint::priority)
            .thenComparing(Endpoint::latency));
    return usable.stream().map(Endpoint::uri).distinct().toList();
  }

  private Optional<Endpoint> endpoint(JsonNode each) {
    URI uri;
    try {
      uri = URI.create(text(each.path("ep")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    boolean secure = "coaps".equals(uri.getScheme());
    if ((!secure && !"coap".equals(uri.getScheme())) || uri.getHost() == null) {
      return Optional.empty();
    }
    int port =
        uri.getPort() < 0 ? (secure ? SECURE_PORT : DeviceAddress.DEFAULT_PORT) : uri.getPort();
    if (port == 0 || port > 0xffff || !isSource(uri)) {
      LOG.debug("endpoint {} that {} advertises is ignored", uri, source.endpoint());
      return Optional.empty();
    }
    // Written anew, so that a link-local address gets our zone and not the sender's name for it.
    return Optional.of(
        new Endpoint(
            source.at(secure ? "coaps" : "coap", port),
            each.path("pri").asLong(1),
            each.path("lat").asDouble(0)));
  }

  /** Whether a reference leads to the address that the answer came from; looks up no names. */
  private boolean isSource(URI uri) {
    if (uri.getHost() == null) {
      return false;
    }
    // The sender's zone means nothing here.
    String host = uri.getHost().replaceAll("[\\[\\]]|%.*", "");
    return source.address().equals(NetUtil.createInetAddressFromIpAddressString(host));
  }

  /** Whether what a resource directory says of where a device is leads to the directory itself. */
  boolean isHere(String base) {
    try {
      return isSource(URI.create(base));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
