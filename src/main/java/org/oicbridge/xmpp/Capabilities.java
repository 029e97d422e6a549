package org.oicbridge.xmpp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.oicbridge.bus.SessionRole;

/**
 * What a session can do (XEP-0030), and the hash that stands for it in presence (XEP-0115).
 *
 * @param query the {@code <query/>} of service discovery that tells it, without a node
 * @param ver the verification string's SHA-1 hash in base64
 */
record Capabilities(Element query, String ver) {
  static final String INFO = "http://jabber.org/protocol/disco#info";
  static final String CAPS = "http://jabber.org/protocol/caps";
  static final String ECHOES_TOKENS = "urn:x-oic-ra:token:0";
  static final String NODE = "urn:x-oic-ra:oic-bridge";

  private static final String FORM = "jabber:x:data";
  private static final Map<String, String> ALGORITHMS =
      Map.of("sha-1", "SHA-1", "sha-256", "SHA-256");

  /** What our sessions of a role can do; all of them share it. */
  static Capabilities of(SessionRole role) {
    return Ours.BY_ROLE.get(role);
  }

  /** Made when the first is asked for, and once. */
  private static final class Ours {
    private static final Map<SessionRole, Capabilities> BY_ROLE =
        Map.of(
            SessionRole.GATEWAY, make(SessionRole.GATEWAY),
            SessionRole.DEVICE, make(SessionRole.DEVICE));
  }

  private static Capabilities make(SessionRole role) {
    Element.Builder query = Element.named("query", INFO);
    query.child(
        switch (role) {
          case GATEWAY -> identity("gateway", "other");
          case DEVICE -> identity("client", "bot");
        });
    for (String feature : List.of(CAPS, INFO, IbbStanzas.IBB, KeepAlive.PING, ECHOES_TOKENS)) {
      query.child(Element.named("feature", INFO).attribute("var", feature).build());
    }
    Element built = query.build();
    return new Capabilities(built, hash(built, "sha-1"));
  }

  /** The element that stands for this in presence. */
  Element inPresence() {
    return Element.named("c", CAPS)
        .attribute("hash", "sha-1")
        .attribute("node", NODE)
        .attribute("ver", ver)
        .build();
  }

  /** Whether service discovery tells of a feature. */
  static boolean has(Element query, String feature) {
    return query.children().stream()
        .anyMatch(child -> child.is("feature", INFO) && feature.equals(child.attribute("var")));
  }

  /**
   * The hash of what service discovery told (XEP-0115 section 5.1).
   *
   * @return null when the algorithm is unknown or the information is ill-formed (section 5.4)
   */
  static String hash(Element query, String algorithm) {
    String name = ALGORITHMS.get(algorithm);
    String text = name == null ? null : verificationString(query);
    if (text == null) {
      return null;
    }
    try {
      byte[] digest = MessageDigest.getInstance(name).digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + name, e);
    }
  }

  private static String verificationString(Element query) {
    List<String> identities = new ArrayList<>();
    List<String> features = new ArrayList<>();
    Map<String, String> forms = new TreeMap<>();
    for (Element child : query.children()) {
      if (child.is("identity", INFO)) {
        identities.add(
            String.join(
                "/",
                text(child, "category"),
                text(child, "type"),
                text(child, "xml:lang"),
                text(child, "name")));
      } else if (child.is("feature", INFO)) {
        features.add(text(child, "var"));
      } else if (child.is("x", FORM)) {
        String type = formType(child);
        if (type == null || forms.put(type, form(child, type)) != null) {
          return null;
        }
      }
    }
    // A "<" inside a value could make two different answers look the same.
    if (!distinct(identities) || !distinct(features)) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    new TreeSet<>(identities).forEach(identity -> out.append(identity).append('<'));
    new TreeSet<>(features).forEach(feature -> out.append(feature).append('<'));
    forms.values().forEach(out::append);
    return out.toString();
  }

  private static boolean distinct(List<String> values) {
    Set<String> seen = new HashSet<>();
    return values.stream().allMatch(value -> seen.add(value) && value.indexOf('<') < 0);
  }

  private static String formType(Element form) {
    for (Element field : form.children()) {
      if ("FORM_TYPE".equals(field.attribute("var")) && !values(field).isEmpty()) {
        return values(field).first();
      }
    }
    return null;
  }

  private static String form(Element form, String type) {
    Map<String, TreeSet<String>> fields = new TreeMap<>();
    for (Element field : form.children()) {
      if (field.is("field", FORM) && !"FORM_TYPE".equals(field.attribute("var"))) {
        fields.put(text(field, "var"), values(field));
      }
    }
    StringBuilder out = new StringBuilder(type).append('<');
    fields.forEach(
        (name, values) -> {
          out.append(name).append('<');
          values.forEach(value -> out.append(value).append('<'));
        });
    return out.toString();
  }

  private static TreeSet<String> values(Element field) {
    TreeSet<String> values = new TreeSet<>();
    for (Element value : field.children()) {
      if (value.is("value", FORM)) {
        values.add(value.text());
      }
    }
    return values;
  }

  private static Element identity(String category, String type) {
    return Element.named("identity", INFO)
        .attribute("category", category)
        .attribute("type", type)
        .attribute("name", "oic-bridge")
        .build();
  }

  private static String text(Element element, String attribute) {
    String value = element.attribute(attribute);
    return value == null ? "" : value;
  }
}
