package org.oicbridge.hosting;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.oicbridge.bus.AccountQuery;
import org.oicbridge.bus.AccountView;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;

/** All accounts that there are. */
final class AccountBook {
  /** By the JID under which they are kept. */
  private final Map<Jid, Account> accounts = new HashMap<>();

  /**
   * Of the gateway's own sessions; one that an account had once is its again when it comes back.
   */
  private final Set<DeviceId> gatewayIds = new HashSet<>();

  private Account standard;

  /** The gateway's own session on some account binds with this identifier. */
  void addGatewayId(DeviceId id) {
    gatewayIds.add(id);
  }

  boolean isGateway(DeviceId di) {
    return gatewayIds.contains(di);
  }

  /** A device with it could bind the full JID of the gateway's own session, and so end that. */
  void refuseGateway(DeviceId di) {
    if (isGateway(di)) {
      throw new Refused(
          Status.CONFLICT,
          "device-is-gateway",
          "di is \"" + di + "\", which the gateway itself has on an account");
    }
  }

  void add(Account account) {
    addGatewayId(account.gatewayId());
    if (account.jid() != null) {
      accounts.put(account.jid(), account);
    }
    if (account.standard()) {
      standard = account;
    }
  }

  void remove(Account account) {
    accounts.remove(account.jid(), account);
    if (account == standard) {
      standard = null;
    }
  }

  /** An account has another JID now. */
  void moved(Jid from, Account account) {
    accounts.remove(from, account);
    accounts.put(account.jid(), account);
  }

  /** The default account, or null when none has been set up. */
  Account standard() {
    return standard;
  }

  /** The account that is kept under a JID, or that shows it because it was set last. */
  Optional<Account> find(Jid jid) {
    Account kept = accounts.get(jid);
    if (kept == null && standard != null && jid.equals(standard.shown().jid())) {
      kept = standard;
    }
    return Optional.ofNullable(kept);
  }

  /** All of them, in no order. */
  Stream<Account> all() {
    Stream<Account> kept = accounts.values().stream();
    return standard != null && standard.jid() == null
        ? Stream.concat(Stream.of(standard), kept)
        : kept;
  }

  List<AccountView> query(AccountQuery query) {
    Stream<AccountView> views =
        query.account() == null
            ? all().map(Account::view)
            : find(query.account()).map(Account::view).stream();
    if (query.account() == null && standard == null) {
      views = Stream.concat(Stream.of(unset()), views);
    }
    return views
        .filter(view -> query.after() == null || key(view).compareTo(query.after()) > 0)
        .sorted(Comparator.comparing(AccountBook::key))
        .limit(query.limit())
        .toList();
  }

  /** The default account while nobody has set anything. */
  static AccountView unset() {
    return new AccountView(
        null,
        null,
        null,
        LoginValues.none().port(),
        LoginValues.tls(LoginValues.none().tls()),
        false,
        AccountView.Status.NOT_INITIALIZED,
        "",
        true,
        false,
        0);
  }

  private static String key(AccountView view) {
    return view.jid() == null ? "" : view.jid().toString();
  }
}
