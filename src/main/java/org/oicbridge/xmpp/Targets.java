package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.dns.SrvRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;

/** Finds out where the server of an account can be reached (RFC 6120 section 3.2, XEP-0368). */
final class Targets {
  /** More records than anyone has; the rest of a longer answer is not tried. */
  private static final int MAX_TARGETS = 16;

  private final Function<String, Future<List<SrvRecord>>> dns;
  private final RandomGenerator random;

  /**
   * Where to look.
   *
   * @param dns asks for the SRV records of a name
   */
  Targets(Function<String, Future<List<SrvRecord>>> dns, RandomGenerator random) {
    this.dns = dns;
    this.random = random;
  }

  /** What to try, in this order. Fails when the domain says that it has no such service. */
  Future<List<Target>> of(AccountConfig account) {
    if (account.address() != null) {
      return Future.succeededFuture(List.of(new Target(account.address(), account.port())));
    }
    boolean direct = account.tls() == Tls.DIRECT;
    String domain = ServerTls.serverName(account.jid().domain());
    String service = direct ? "_xmpps-client._tcp." : "_xmpp-client._tcp.";
    List<Target> fallback = List.of(new Target(domain, direct ? 5223 : 5222));
    return dns.apply(service + domain)
        .otherwise(List.of())
        .compose(
            records -> {
              if (records.size() == 1 && records.get(0).target().matches("\\.?")) {
                return Future.failedFuture(domain + " says that it has no XMPP service");
              }
              return Future.succeededFuture(records.isEmpty() ? fallback : ordered(records));
            });
  }

  /** By priority, and within one at random by weight (RFC 2782). */
  private List<Target> ordered(List<SrvRecord> records) {
    TreeMap<Integer, List<SrvRecord>> byPriority = new TreeMap<>();
    for (SrvRecord srv : records) {
      byPriority.computeIfAbsent(srv.priority(), priority -> new ArrayList<>()).add(srv);
    }
    List<Target> targets = new ArrayList<>();
    for (List<SrvRecord> equals : byPriority.values()) {
      equals.sort(Comparator.comparingInt(SrvRecord::weight));
      while (!equals.isEmpty() && targets.size() < MAX_TARGETS) {
        SrvRecord next = draw(equals);
        targets.add(new Target(next.target().replaceAll("\\.$", ""), next.port()));
      }
    }
    return targets;
  }

  private SrvRecord draw(List<SrvRecord> candidates) {
    int drawn = random.nextInt(candidates.stream().mapToInt(SrvRecord::weight).sum() + 1);
    int sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += candidates.get(i).weight();
      if (sum >= drawn) {
        return candidates.remove(i);
      }
    }
    throw new IllegalStateException("drew " + drawn + " of " + sum);
  }
}
