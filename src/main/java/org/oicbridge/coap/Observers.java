package org.oicbridge.coap;

import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.observe.ObserveManager;
import org.eclipse.californium.elements.config.Configuration;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnResponse;

/**
 * Who observes resources of the gateway (RFC 7641). When one of its own has changed, it is asked
 * for again for each observer, since not all may see the same, and those are told that see
 * something new. What becomes of a device's the router tells.
 */
final class Observers {
  static final int PER_PEER = 16;
  static final int LIMIT = 10_000;

  /** How many are asked for at once: a change that concerns thousands must not stop the rest. */
  private static final int AT_ONCE = 32;

  private record Key(InetSocketAddress peer, Token token) {}

  private final Function<OwnRequest, Future<CrudnResponse>> ask;
  private final Consumer<Runnable> enter;
  private final ObserveManager manager =
      new ObserveManager(
          Configuration.createStandardWithoutFile().set(CoapConfig.MAX_SERVER_OBSERVES, 0));
  private final Map<Key, Observation> all = new HashMap<>();
  private final Map<InetSocketAddress, Set<Observation>> byPeer = new HashMap<>();
  private final Map<String, Set<Observation>> byPath = new HashMap<>();
  private final Map<Observation, DeviceSubscription> subscriptions = new HashMap<>();
  private final Set<Observation> changed = new LinkedHashSet<>();
  private int asking;

  /**
   * Starts with nobody.
   *
   * @param ask asks the gateway's own device, never fails
   * @param enter brings what Californium reports into the verticle's context
   */
  Observers(Function<OwnRequest, Future<CrudnResponse>> ask, Consumer<Runnable> enter) {
    this.ask = ask;
    this.enter = enter;
  }

  /**
   * Sends the first answer, and keeps the relation.
   *
   * @param render makes a CoAP response of an answer
   * @param first the rendered answer
   * @param subscription what is told of a device, null for a resource of the gateway itself; it
   *     ends with the relation
   * @return false when there are too many; nothing was sent then
   */
  boolean start(
      Exchange exchange,
      OwnRequest own,
      CrudnResponse answer,
      Function<CrudnResponse, Response> render,
      Response first,
      DeviceSubscription subscription) {
    if (!roomFor(exchange)) {
      return false;
    }
    Key key = key(exchange);
    Observation before = all.get(key);
    if (before != null) {
      remove(before);
    }
    Observation observation =
        new Observation(
            exchange,
            own,
            answer,
            render,
            before == null ? 0 : before.sequence() + 1,
            gone -> enter.accept(() -> remove(gone)));
    if (subscription != null) {
      subscriptions.put(observation, subscription);
    }
    all.put(key, observation);
    byPeer.computeIfAbsent(key.peer, peer -> new HashSet<>()).add(observation);
    byPath.computeIfAbsent(observation.path(), path -> new HashSet<>()).add(observation);
    exchange.execute(
        () -> {
          manager.addObserveRelation(exchange, observation);
          exchange.sendResponse(first);
          if (!exchange.getRelation().isEstablished()) {
            observation.end();
          }
        });
    if (subscription != null) {
      subscription.established(observation);
    }
    return true;
  }

  /** True when the sender of a request may have the relation that it asks for. */
  boolean roomFor(Exchange exchange) {
    Key key = key(exchange);
    return all.containsKey(key)
        || (all.size() < LIMIT && byPeer.getOrDefault(key.peer, Set.of()).size() < PER_PEER);
  }

  private static Key key(Exchange exchange) {
    return new Key(
        exchange.getRequest().getSourceContext().getPeerAddress(),
        exchange.getRequest().getToken());
  }

  private void remove(Observation observation) {
    Key key = key(observation.exchange());
    if (!all.remove(key, observation)) {
      return;
    }
    remove(byPeer, key.peer, observation);
    remove(byPath, observation.path(), observation);
    changed.remove(observation);
    DeviceSubscription subscription = subscriptions.remove(observation);
    if (subscription != null) {
      subscription.end();
    }
  }

  private static <K> void remove(Map<K, Set<Observation>> map, K key, Observation observation) {
    map.computeIfPresent(
        key,
        (same, set) -> {
          set.remove(observation);
          return set.isEmpty() ? null : set;
        });
  }

  /** The client is not interested any more: a GET with Observe 1. */
  void cancel(Exchange exchange, Caller caller) {
    Observation observation = all.get(key(exchange));
    if (observation != null && observation.caller().equals(caller)) {
      observation.end();
    }
  }

  /** A peer's security context is gone, and with it all that was said under it. */
  void endOf(InetSocketAddress peer) {
    List.copyOf(byPeer.getOrDefault(peer, Set.of())).forEach(Observation::end);
  }

  /**
   * Has those confirm their interest who were told nothing for so long: they may be gone, and an
   * observer must be asked at least every 24 hours (RFC 7641 section 4.5).
   */
  void remind(Duration silence) {
    for (Observation observation : List.copyOf(all.values())) {
      if (observation.silent(silence)) {
        observation.remind();
      }
    }
  }

  /** A resource has changed. */
  void changed(String path) {
    for (Observation observation : byPath.getOrDefault(path, Set.of())) {
      if (observation.asking()) {
        observation.again();
      } else {
        changed.add(observation);
      }
    }
    next();
  }

  private void next() {
    while (asking < AT_ONCE && !changed.isEmpty()) {
      Iterator<Observation> first = changed.iterator();
      Observation observation = first.next();
      first.remove();
      asking++;
      ask.apply(observation.question())
          .onSuccess(
              answer -> {
                asking--;
                if (all.get(key(observation.exchange())) == observation
                    && observation.answered(answer)) {
                  changed.add(observation);
                }
                next();
              });
    }
  }

  int size() {
    return all.size();
  }
}
