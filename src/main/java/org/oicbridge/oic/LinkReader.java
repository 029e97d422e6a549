package org.oicbridge.oic;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.ResourcePath;

/** Reads one link of a publication. */
final class LinkReader {
  private static final int MAX_HREF = 256;
  private static final int MAX_WORD = 64;
  private static final int MAX_ENDPOINTS = 32;

  private record Candidate(URI endpoint, long priority) {}

  private final EndpointRules rules;
  private final boolean secure;
  private final URI base;
  private final Members members;
  private final int policy;
  private final List<Candidate> candidates = new ArrayList<>();
  private String device;

  /**
   * Makes a reader of one link.
   *
   * @param secure whether the publisher itself came over DTLS
   * @param base where the publication says the device is, or null
   * @param policy the bits of {@code p.bm} when the link has none
   */
  LinkReader(EndpointRules rules, boolean secure, URI base, Members members, int policy) {
    this.rules = rules;
    this.secure = secure;
    this.base = base;
    this.members = members;
    this.policy = policy;
  }

  Link read() {
    String href = href();
    List<String> types = members.words("rt", MAX_WORD);
    if (types.isEmpty()) {
      throw members.wrong("rt", "is missing, expected its resource types");
    }
    List<String> interfaces = members.words("if", MAX_WORD);
    endpoints();
    int bits = policy();
    return new Link(
        href,
        types,
        interfaces.isEmpty() ? List.of(OwnQuery.BASELINE) : interfaces,
        bits,
        ins(),
        sorted());
  }

  /** The identifier in an {@code anchor} of the form {@code ocf://di}, or null. */
  String deviceOfAnchor() {
    return device(members.text("anchor", MAX_HREF));
  }

  /** The identifier in an {@code href} of the form {@code ocf://di/path}, or null. */
  String deviceOfHref() {
    return device;
  }

  /** The best endpoint that the link names, or null when it names none. */
  URI best() {
    List<URI> all = sorted();
    return all.isEmpty() ? null : all.get(0);
  }

  private static String device(String uri) {
    if (uri == null || !uri.matches("(?:ocf|oic)://.*")) {
      return null;
    }
    String rest = uri.substring(uri.indexOf("://") + 3);
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  private String href() {
    String text = members.text("href", MAX_HREF);
    if (text == null) {
      throw members.wrong("href", "is missing, expected a path such as /light");
    }
    String path = text;
    int authority = text.indexOf("://");
    if (authority > 0 && text.indexOf('/') > authority) {
      int slash = text.indexOf('/', authority + 3);
      path = slash < 0 ? "" : text.substring(slash);
      device = device(text);
      if (device == null) {
        String origin = slash < 0 ? text : text.substring(0, slash);
        candidates.add(new Candidate(endpoint(rules, origin, null, members.name("href")), 1));
      }
    }
    if (!path.matches("/[!-~&&[^#]]*")) {
      throw members.unlike("href", "a path such as /light, or coap://address:port/light");
    }
    try {
      return ResourcePath.parse(path).segments().isEmpty() ? "/" : path;
    } catch (IllegalArgumentException e) {
      throw members.wrong("href", "can't be a path: " + e.getMessage());
    }
  }

  private void endpoints() {
    for (Members each : members.objects("eps", MAX_ENDPOINTS)) {
      String text = each.text("ep", MAX_HREF);
      if (text == null) {
        throw each.wrong("ep", "is missing, expected a URI such as coap://192.0.2.7:5683");
      }
      Long priority = each.integer("pri", "a whole number");
      // What the gateway speaks no protocol for, such as coap+tcp, is no place to send anything to.
      if (text.startsWith("coap://") || text.startsWith("coaps://")) {
        URI endpoint = endpoint(rules, text, null, each.name("ep"));
        candidates.add(new Candidate(endpoint, priority == null ? 1 : priority));
      }
    }
  }

  /** The bits of {@code p.bm}; {@code p.sec} and {@code p.port} name an endpoint as well. */
  private int policy() {
    Members p = members.object("p");
    int bits = policy;
    if (members.flag("obs")) {
      bits |= Link.OBSERVABLE;
    }
    if (p == null) {
      return bits;
    }
    Long bm = p.integer("bm", "a number");
    Integer port = p.port("port");
    if (p.flag("sec") && candidates.isEmpty()) {
      URI plain = base != null ? base : rules.unnamed(false);
      candidates.add(new Candidate(secured(port == null ? 5684 : port), 1));
      if (!secure && plain != null && !plain.getScheme().equals(EndpointRules.COAPS)) {
        candidates.add(new Candidate(plain, 2));
      }
    }
    return bm == null ? bits : (int) (bm & (Link.DISCOVERABLE | Link.OBSERVABLE));
  }

  /** Where the device is, with DTLS (OIC 1.1 gives a port only). */
  private URI secured(int port) {
    return base == null
        ? rules.own(EndpointRules.COAPS, port, members.name("p.port"))
        : rules.named(EndpointRules.COAPS, base.getHost(), port, members.name("p.port"));
  }

  /** What the publisher itself spoke comes first, for that is known to work; then by priority. */
  private List<URI> sorted() {
    String spoken = secure ? EndpointRules.COAPS : EndpointRules.COAP;
    return candidates.stream()
        .sorted(
            Comparator.comparing((Candidate c) -> !c.endpoint.getScheme().equals(spoken))
                .thenComparing(Candidate::priority))
        .map(Candidate::endpoint)
        .distinct()
        .toList();
  }

  /** A number, or a text that OIC 1.0 allows. */
  private String ins() {
    String ins = members.scalar("ins");
    if (ins == null) {
      return "";
    }
    if (!ins.matches("[A-Za-z0-9-]{1,64}")) {
      throw members.unlike("ins", "a whole number, or 1 to 64 letters, digits and hyphens");
    }
    return ins;
  }

  /**
   * An endpoint that a publication names.
   *
   * @param text {@code coap://host:port}, or without its scheme as IoTivity writes it
   * @param port in the place of the one that the text has, or null
   */
  static URI endpoint(EndpointRules rules, String text, Integer port, String name) {
    String expected = "is \"" + text + "\", expected coap://address:port or coaps://address:port";
    boolean bareSix = !text.contains("[") && text.indexOf(':') != text.lastIndexOf(':');
    String whole = text.contains("://") ? text : "coap://" + (bareSix ? "[" + text + "]" : text);
    URI uri;
    try {
      uri = new URI(whole);
    } catch (URISyntaxException e) {
      throw Refusal.member(name, expected);
    }
    boolean scheme =
        EndpointRules.COAP.equals(uri.getScheme()) || EndpointRules.COAPS.equals(uri.getScheme());
    boolean alone =
        uri.getUserInfo() == null
            && uri.getQuery() == null
            && uri.getFragment() == null
            && (uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/"));
    if (!scheme || !alone || uri.getHost() == null) {
      throw Refusal.member(name, expected);
    }
    return rules.named(uri.getScheme(), uri.getHost(), port != null ? port : uri.getPort(), name);
  }
}
