package org.oicbridge.routing;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * The identifiers that this process binds with as itself, whichever shard they belong to: an
 * account may see the gateway's session on another one, and the gateway is no device of its own.
 */
final class OwnIds {
  private final LocalMap<String, String> accounts;

  OwnIds(Vertx vertx) {
    this.accounts = vertx.sharedData().getLocalMap("routing.own-ids");
  }

  void add(DeviceId id, Jid account) {
    accounts.put(id.canonical(), account.toString());
  }

  boolean contains(DeviceId id) {
    return accounts.containsKey(id.canonical());
  }

  /** Forgets what an account was served with. */
  void drop(Jid account) {
    accounts.forEach((id, owner) -> accounts.removeIfPresent(id, account.toString()));
  }
}
