package org.oicbridge.xmpp;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.crudn.Jid;

/**
 * Which capability hashes stand for echoing tokens. Each hash is asked for once, whoever has it,
 * and believed when what was told hashes to it (XEP-0115 section 5.4).
 */
final class CapsCache {
  private static final int MAX_ENTRIES = 256;
  private static final int MAX_VER = 128;

  private final Map<String, Future<Boolean>> echoes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Future<Boolean>> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  CapsCache() {
    for (SessionRole role : SessionRole.values()) {
      echoes.put(key("sha-1", Capabilities.of(role).ver()), Future.succeededFuture(true));
    }
  }

  /**
   * Whether a peer echoes tokens; fails when that can't be found out.
   *
   * @param caps the element of its presence, or null
   * @param ask asks the peer what it can do
   */
  Future<Boolean> echoesTokens(Element caps, Jid peer, Function<Element, Future<Element>> ask) {
    String ver = ver(caps);
    String algorithm = caps == null ? null : caps.attribute("hash");
    // Without a hash this is the form that XEP-0115 had before version 1.4, which says little.
    if (ver.isEmpty() || algorithm == null || algorithm.length() > 16) {
      return Future.succeededFuture(false);
    }
    String key = key(algorithm, ver);
    Future<Boolean> known = echoes.get(key);
    if (known != null) {
      return known;
    }
    Element query =
        Element.named("query", Capabilities.INFO)
            .attribute("node", caps.attribute("node") + "#" + ver)
            .build();
    Future<Boolean> learnt =
        ask.apply(query)
            .compose(
                iq -> {
                  Element told = iq.child("query", Capabilities.INFO);
                  return told != null && ver.equals(Capabilities.hash(told, algorithm))
                      ? Future.succeededFuture(Capabilities.has(told, Capabilities.ECHOES_TOKENS))
                      : Future.failedFuture("what was told does not have this hash");
                });
    echoes.put(key, learnt);
    // Another peer with the same hash may answer, or answer truly.
    return learnt.onFailure(error -> echoes.remove(key, learnt));
  }

  /** The hash in the element of a presence; empty when there is none, or none that is kept. */
  static String ver(Element caps) {
    String ver = caps == null ? null : caps.attribute("ver");
    return ver == null || ver.length() > MAX_VER ? "" : ver;
  }

  private static String key(String algorithm, String ver) {
    return algorithm + " " + ver;
  }
}
