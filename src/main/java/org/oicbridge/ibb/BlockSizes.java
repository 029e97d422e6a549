package org.oicbridge.ibb;

import java.util.LinkedHashMap;
import java.util.Map;
import org.oicbridge.crudn.Jid;

/** The block sizes that peers turned out to accept, of those peers that want less than we offer. */
final class BlockSizes {
  /** Half of a smaller one would not be worth its stanzas; XEP-0047 recommends this size. */
  static final int SMALLEST = 4096;

  static final int REMEMBERED = 4096;

  private final int offered;
  private final Map<Jid, Integer> smaller = new LinkedHashMap<>();

  BlockSizes(int offered) {
    this.offered = offered;
  }

  /** What to offer to a peer. */
  int of(Jid peer) {
    return smaller.getOrDefault(peer, offered);
  }

  /** Takes note that a peer refused a size; false when there is no smaller one to offer. */
  boolean refused(Jid peer, int size) {
    if (size <= SMALLEST) {
      return false;
    }
    smaller.remove(peer);
    smaller.put(peer, Math.max(SMALLEST, size / 2));
    if (smaller.size() > REMEMBERED) {
      smaller.remove(smaller.keySet().iterator().next());
    }
    return true;
  }
}
