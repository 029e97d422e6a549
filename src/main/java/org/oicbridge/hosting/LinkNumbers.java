package org.oicbridge.hosting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.oicbridge.crudn.Link;
import org.oicbridge.store.StoredDevice;

/**
 * The {@code ins} of the published links: an integer, unique in the whole directory, and the same
 * for a link as long as it is published.
 */
final class LinkNumbers {
  /** Without leading zeros, and few enough digits for a reader that has only doubles. */
  private static final Pattern INTEGER = Pattern.compile("0|[1-9]\\d{0,14}");

  private final Map<String, Integer> taken = new HashMap<>();
  private long next = 1;

  /** Counts the numbers of a device as taken. */
  void take(StoredDevice device) {
    device.links().forEach(link -> taken.merge(link.ins(), 1, Integer::sum));
  }

  void free(StoredDevice device) {
    device
        .links()
        .forEach(
            link -> taken.computeIfPresent(link.ins(), (ins, uses) -> uses == 1 ? null : uses - 1));
  }

  /**
   * All links of a device after a publication, numbered; nothing is taken yet.
   *
   * @param before what it had published, numbered
   * @param published those that come, each in the place of one with the same {@code href}
   */
  List<Link> merge(List<Link> before, List<Link> published) {
    Map<String, Link> links = new LinkedHashMap<>();
    before.forEach(link -> links.put(link.href(), link));
    Set<String> given = new HashSet<>();
    for (Link link : published) {
      Link known = links.get(link.href());
      String ins = known != null ? known.ins() : number(link.ins(), given);
      given.add(ins);
      links.put(link.href(), link.numbered(ins));
    }
    return new ArrayList<>(links.values());
  }

  /** Many publishers number every link 0: the first one gets it. */
  private String number(String wanted, Set<String> given) {
    if (INTEGER.matcher(wanted).matches()
        && !taken.containsKey(wanted)
        && !given.contains(wanted)) {
      return wanted;
    }
    while (taken.containsKey(String.valueOf(next)) || given.contains(String.valueOf(next))) {
      next++;
    }
    return String.valueOf(next++);
  }
}
