package org.oicbridge.routing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;

/** Those who subscribe to one resource, and what they are told. */
final class Audience {
  private final FanoutOwner owner;
  private final Fanout fanout;
  private final Map<String, CrudnRequest> subscribers = new LinkedHashMap<>();

  Audience(FanoutOwner owner, Fanout fanout) {
    this.owner = owner;
    this.fanout = fanout;
  }

  boolean isEmpty() {
    return subscribers.isEmpty();
  }

  void add(String id, CrudnRequest request) {
    subscribers.put(id, request);
    owner.subscribed(id, fanout);
  }

  /** Takes one out; false when it is not there. */
  boolean remove(String id) {
    if (subscribers.remove(id) == null) {
      return false;
    }
    owner.unsubscribed(id, fanout);
    return true;
  }

  void tell(Kind kind, CrudnResponse response) {
    owner.metrics().told(subscribers.size());
    subscribers.keySet().forEach(id -> send(id, response, kind));
  }

  /** Tells everybody why this was the last, and lets them go. */
  void end(CrudnResponse reason) {
    tell(Kind.ENDED, reason);
    List.copyOf(subscribers.keySet()).forEach(this::remove);
  }

  /** Lets those go who may not see this any more. */
  void revise(AccountConfig account) {
    Map.copyOf(subscribers)
        .forEach(
            (id, request) -> {
              if (!AccessRules.mayRequest(account, request)) {
                send(id, CrudnRouter.denied(request), Kind.ENDED);
                remove(id);
              }
            });
  }

  private void send(String id, CrudnResponse response, Kind kind) {
    Contracts.NOTIFICATION.send(owner.vertx().eventBus(), id, new Notification(id, response, kind));
  }
}
