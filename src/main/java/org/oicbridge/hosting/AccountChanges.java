package org.oicbridge.hosting;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.DeleteAccount;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Provision;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoredAccount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, changes and forgets accounts. */
final class AccountChanges implements Provisioning.Accounts {
  private static final Logger LOG = LoggerFactory.getLogger(AccountChanges.class);

  private final Parts parts;
  private final Turns turns;
  private final Ledger ledger;
  private final AccountBook accounts;
  private final DeviceBook devices;
  private final Hosting hosting;
  private final Events events;
  private final HostingMetrics metrics;
  private final String deviceType;
  private final Map<Account, Provisioning> provisionings = new HashMap<>();

  AccountChanges(Parts parts, Hosting hosting, String deviceType) {
    this.parts = parts;
    this.turns = parts.turns();
    this.ledger = parts.ledger();
    this.accounts = parts.accounts();
    this.devices = parts.devices();
    this.events = parts.events();
    this.metrics = parts.metrics();
    this.hosting = hosting;
    this.deviceType = deviceType;
  }

  /** Takes up what was left pending when the process ended. */
  void resume(Account account) {
    provisioning(account).settle();
  }

  Future<AccountOutcome> provision(Provision given) {
    return turns
        .take(() -> given.account() == null ? standard(given) : named(given))
        .otherwise(error -> Refused.of(error).account());
  }

  private Future<AccountOutcome> standard(Provision given) {
    Account account = accounts.standard();
    check(given.precondition(), account == null ? 0 : account.view().version());
    if (account == null) {
      if (empty(given)) {
        return Future.succeededFuture(AccountOutcome.done(Status.OK, AccountBook.unset()));
      }
      StoredAccount nothing = StoredAccount.fresh(null, true, ledger.gatewayId());
      Account first = Account.stored(nothing, true, deviceType);
      check(first, given);
      return start(first).provision(given, true);
    }
    return changed(account, given);
  }

  private Future<AccountOutcome> named(Provision given) {
    Account account = accounts.find(given.account()).orElse(null);
    if (account == null && !given.create()) {
      throw unknown(given.account());
    }
    check(given.precondition(), account == null ? -1 : account.view().version());
    if (account != null) {
      return changed(account, given);
    }
    Jid jid = given.account();
    if (!jid.isBare() || jid.local().isEmpty()) {
      throw Refused.value("account", "\"" + jid + "\"", "a bare JID user@domain");
    }
    LoginValues.merge(null, jid, given);
    if (given.jid() != null && !given.jid().equals(jid)) {
      throw fixedJid(jid);
    }
    return ledger
        .gatewayIds(Set.of(jid))
        .compose(
            ids -> {
              refuseHosted(jid, ids.get(jid));
              StoredAccount fresh = StoredAccount.fresh(jid, false, ids.get(jid));
              return start(Account.stored(fresh, false, deviceType)).provision(given, true);
            });
  }

  /** An account that was deleted comes back with the identifier that it had. */
  private void refuseHosted(Jid jid, DeviceId gatewayId) {
    if (devices.hosts(gatewayId)) {
      throw new Refused(
          Status.CONFLICT,
          "device-is-gateway",
          "account " + jid + " binds as " + gatewayId + ", which a device has; delete that first");
    }
  }

  @Override
  public void made(Account account, Provisioning provisioning) {
    accounts.add(account);
    provisionings.put(account, provisioning);
  }

  private static void check(Precondition precondition, long version) {
    if (!precondition.holds(version)) {
      throw new Refused(
          Status.PRECONDITION_FAILED,
          "version-conflict",
          version < 0 ? "the account is not there" : "the account has version " + version);
    }
  }

  private Future<AccountOutcome> changed(Account account, Provision given) {
    check(account, given);
    return empty(given)
        ? Future.succeededFuture(AccountOutcome.done(Status.OK, account.view()))
        : provisioning(account).provision(given, false);
  }

  private static boolean empty(Provision given) {
    return given.jid() == null
        && given.address() == null
        && given.port() == null
        && given.tls() == null
        && given.credential() == null;
  }

  private void check(Account account, Provision given) {
    if (account.configured()) {
      throw configured(account.jid());
    }
    Jid jid = given.jid();
    if (jid == null || jid.equals(account.shown().jid())) {
      return;
    }
    if (!account.standard()) {
      throw fixedJid(account.jid());
    }
    Account other = accounts.find(jid).filter(found -> found != account).orElse(null);
    if (other != null && other.configured()) {
      throw configured(jid);
    }
    if (other != null) {
      throw new Refused(
          Status.CONFLICT,
          "account-exists",
          "jid is \"" + jid + "\", which is another account here; delete that one first");
    }
  }

  private static Refused configured(Jid jid) {
    return new Refused(
        Status.CONFLICT,
        "account-configured",
        "account " + jid + " stands in the configuration file, which alone can change it");
  }

  private static Refused fixedJid(Jid jid) {
    return new Refused(
        Status.CONFLICT,
        "account-exists",
        "account " + jid + " keeps its JID; only the default account can get another one");
  }

  static Refused unknown(Jid jid) {
    return new Refused(Status.NOT_FOUND, "account-unknown", "there is no account " + jid);
  }

  Future<AccountOutcome> delete(DeleteAccount question) {
    return turns.take(() -> deleted(question)).otherwise(error -> Refused.of(error).account());
  }

  private Future<AccountOutcome> deleted(DeleteAccount question) {
    Account account =
        question.account() == null
            ? accounts.standard()
            : accounts.find(question.account()).orElse(null);
    if (account == null) {
      throw unknown(question.account());
    }
    if (account.configured()) {
      throw configured(account.jid());
    }
    check(question.precondition(), account.view().version());
    return ledger
        .deleteAccount(account.jid())
        .map(
            written -> {
              provisioning(account).end();
              provisionings.remove(account);
              accounts.remove(account);
              hosting.accountGone(account);
              LOG.info("account {}: deleted", account.jid());
              metrics.account(account, null);
              events.accountChanged(gone(account));
              return AccountOutcome.done(Status.NO_CONTENT, null);
            });
  }

  /** What shows of it from now on: nothing is set. */
  private static AccountView gone(Account account) {
    AccountView unset = AccountBook.unset();
    return account.standard()
        ? unset
        : new AccountView(
            account.jid(),
            account.jid(),
            unset.address(),
            unset.port(),
            unset.tls(),
            false,
            unset.status(),
            "",
            false,
            false,
            0);
  }

  /** Takes what became of the gateway's own session of an account. */
  void sessionChanged(SessionEvent event) {
    if (event.role() != SessionRole.GATEWAY) {
      return;
    }
    accounts
        .find(event.jid().bare())
        .ifPresent(
            account -> {
              AccountView before = account.view();
              if (provisionings.containsKey(account)) {
                provisionings.get(account).sessionChanged(event);
              }
              if (account.sessionChanged(event) && !before.equals(account.view())) {
                changed(account);
              }
            });
  }

  @Override
  public void bound(Account account, Jid before) {
    accounts.moved(before, account);
    hosting.accountBound(account, before);
  }

  @Override
  public void changed(Account account) {
    AccountView view = account.view();
    metrics.account(account, view.status());
    events.accountChanged(view);
  }

  /** Stops every timer. */
  void stop() {
    List.copyOf(provisionings.values()).forEach(Provisioning::end);
  }

  private Provisioning provisioning(Account account) {
    return provisionings.computeIfAbsent(account, this::start);
  }

  private Provisioning start(Account account) {
    return new Provisioning(parts, this, account);
  }
}
