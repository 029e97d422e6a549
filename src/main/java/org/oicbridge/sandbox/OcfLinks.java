package org.oicbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;

/** The content of {@code /oic/res} in its OCF 1.0 form: links to all resources of a device. */
final class OcfLinks implements OcfContent {
  static final String HREF = "/oic/res";

  private static final int DISCOVERABLE = 1;
  private static final int OBSERVABLE = 2;

  private final String di;
  private final Supplier<URI> endpoint;
  private final Map<String, OcfContent> resources;

  /**
   * Keeps the map, to which the device adds its resources.
   *
   * @param endpoint asked for at each request, since a free port is known only once it is bound
   */
  OcfLinks(String di, Supplier<URI> endpoint, Map<String, OcfContent> resources) {
    this.di = di;
    this.endpoint = endpoint;
    this.resources = resources;
  }

  @Override
  public List<String> types() {
    return List.of("oic.wk.res");
  }

  @Override
  public List<OcfInterface> interfaces() {
    return List.of(OcfInterface.LINKS, OcfInterface.BASELINE);
  }

  @Override
  public boolean writable() {
    return false;
  }

  @Override
  public JsonNode read(OcfQuery query) throws Refusal {
    ArrayNode links = JsonNodeFactory.instance.arrayNode();
    resources.forEach(
        (href, content) -> {
          if (query.types().isEmpty()
              || query.types().stream().anyMatch(content.types()::contains)) {
            links.add(link(href, content));
          }
        });
    if (links.isEmpty()) {
      throw new Refusal(ResponseCode.BAD_REQUEST, "no resource of type " + query.types());
    }
    if (query.via() != OcfInterface.BASELINE) {
      return links;
    }
    ObjectNode collection = JsonNodeFactory.instance.objectNode();
    describe(collection, this);
    collection.set("links", links);
    return JsonNodeFactory.instance.arrayNode().add(collection);
  }

  private ObjectNode link(String href, OcfContent content) {
    ObjectNode link = JsonNodeFactory.instance.objectNode();
    link.put("anchor", "ocf://" + di).put("href", href);
    if (href.equals(HREF)) {
      link.putArray("rel").add("self");
    }
    describe(link, content);
    link.putObject("p").put("bm", DISCOVERABLE | (observable(href) ? OBSERVABLE : 0));
    link.putArray("eps").addObject().put("ep", endpoint.get().toString());
    return link;
  }

  private static void describe(ObjectNode node, OcfContent content) {
    content.types().forEach(node.putArray("rt")::add);
    content.interfaces().forEach(one -> node.withArray("/if").add(one.text()));
  }

  /** What a device tells of itself stays as it is; only its own resources change. */
  static boolean observable(String href) {
    return !href.startsWith("/oic/");
  }

  @Override
  public void update(JsonNode body) throws Refusal {
    throw new Refusal(ResponseCode.METHOD_NOT_ALLOWED, HREF + " can't be changed");
  }
}
