package org.oicbridge.crudn;

import java.net.URI;
import java.util.List;

/**
 * A link to a resource of a device, whichever era's form it was read from (OIC Core, OCF Core).
 *
 * @param href the path on its device with a leading slash, and a query if it has one; at most 256
 *     characters
 * @param rt resource types
 * @param interfaces interfaces, the first is the default
 * @param policy bits of {@code p.bm}: 1 discoverable, 2 observable
 * @param ins the number that a resource directory gave the link, as text; empty when it has none
 * @param endpoints where it is served, the best first; empty for where its device is
 */
public record Link(
    String href,
    List<String> rt,
    List<String> interfaces,
    int policy,
    String ins,
    List<URI> endpoints) {
  public static final int DISCOVERABLE = 1;
  public static final int OBSERVABLE = 2;

  public Link {
    rt = List.copyOf(rt);
    interfaces = List.copyOf(interfaces);
    endpoints = List.copyOf(endpoints);
  }

  /** The same link with the number that a directory gave it. */
  public Link numbered(String number) {
    return new Link(href, rt, interfaces, policy, number, endpoints);
  }
}
