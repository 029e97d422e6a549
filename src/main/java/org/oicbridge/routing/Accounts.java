package org.oicbridge.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** The accounts of one shard, in the order in which the API lists them. */
final class Accounts {
  // With the slash that ends an account in DeviceView.key(), or a@b would stand before a@b.c here
  // and behind it there.
  private final NavigableMap<String, Account> byPrefix = new TreeMap<>();

  /** A login that is tried comes up, and sees who is there, before its account is hosted. */
  private final Map<Jid, GatewaySession> ahead = new HashMap<>();

  private final OwnIds own;

  Accounts(OwnIds own) {
    this.own = own;
  }

  /**
   * Serves an account, with another login if it is there already.
   *
   * @param gateway the full JID of the gateway's own session on it
   */
  Account host(AccountConfig config, Jid gateway) {
    remember(gateway);
    Account account = byPrefix.get(prefix(config.jid()));
    if (account != null && account.session().jid().equals(gateway)) {
      account.serve(config, account.session());
      return account;
    }
    GatewaySession early = ahead.remove(gateway);
    GatewaySession session = early == null ? new GatewaySession(gateway, own) : early;
    if (account == null) {
      account = new Account(config, session);
      byPrefix.put(prefix(config.jid()), account);
    } else {
      account.serve(config, session);
    }
    return account;
  }

  /** Serves an account no longer. */
  Optional<Account> drop(Jid bare) {
    own.drop(bare);
    ahead.keySet().removeIf(jid -> jid.bare().equals(bare));
    return Optional.ofNullable(byPrefix.remove(prefix(bare)));
  }

  private static String prefix(Jid bare) {
    return bare + "/";
  }

  /** The account of a bare or full JID. */
  Optional<Account> find(Jid jid) {
    return Optional.ofNullable(byPrefix.get(prefix(jid.bare())));
  }

  /** The accounts from that of a device's key on, all when it is null. */
  Iterable<Account> from(String key) {
    return key == null
        ? byPrefix.values()
        : byPrefix.tailMap(key.substring(0, key.indexOf('/') + 1), true).values();
  }

  void sessionChanged(SessionEvent event) {
    Optional<Account> account = find(event.jid());
    if (account.isPresent()) {
      account.get().sessionChanged(event);
    } else if (event.state() == SessionEvent.State.CLOSED) {
      ahead.remove(event.jid());
      own.drop(event.jid().bare());
    } else if (event.role() == SessionRole.GATEWAY) {
      remember(event.jid());
      ahead.computeIfAbsent(event.jid(), jid -> new GatewaySession(jid, own)).changed(event);
    }
  }

  void peerChanged(PeerPresence presence) {
    Optional<Account> account = find(presence.session());
    GatewaySession early = ahead.get(presence.session());
    if (account.isPresent()) {
      account.get().peerChanged(presence);
    } else if (early != null) {
      early.saw(presence, di -> false);
    }
  }

  /** The devices whose views an event of a session may change. */
  Stream<DeviceView> concernedBy(SessionEvent event) {
    return find(event.jid())
        .map(
            account ->
                event.role() == SessionRole.GATEWAY
                    ? account.session().views()
                    : device(account, event.jid()))
        .orElse(Stream.empty());
  }

  /** The devices whose views a presence may change. */
  Stream<DeviceView> concernedBy(PeerPresence presence) {
    return find(presence.session())
        .map(account -> device(account, presence.peer()))
        .orElse(Stream.empty());
  }

  /** All devices of an account. */
  Stream<DeviceView> views(Jid account) {
    return find(account).stream().flatMap(Account::views);
  }

  /** These devices of an account. */
  Stream<DeviceView> views(Jid account, List<DeviceId> devices) {
    return find(account).stream()
        .flatMap(there -> devices.stream().map(there::view))
        .filter(Objects::nonNull);
  }

  private static Stream<DeviceView> device(Account account, Jid jid) {
    return jid.oic().map(oic -> account.view(oic.id())).stream();
  }

  private void remember(Jid gateway) {
    gateway.oic().ifPresent(oic -> own.add(oic.id(), gateway.bare()));
  }
}
