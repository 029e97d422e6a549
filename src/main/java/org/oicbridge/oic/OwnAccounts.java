package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.Optional;
import org.oicbridge.bus.AccountList;
import org.oicbridge.bus.AccountQuery;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Contracts;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;

/** Finds the account that a request is about, and tells nobody of somebody else's. */
final class OwnAccounts {
  private static final int PAGE = 1000;

  private final EventBus bus;

  /** What the default account was called when it was last seen; asking for one is cheap. */
  private Jid standard;

  /**
   * Makes the finder.
   *
   * @param standard the default account that is configured, or null
   */
  OwnAccounts(EventBus bus, Jid standard) {
    this.bus = bus;
    this.standard = standard;
  }

  /**
   * The account of a provisioning resource, if it is the caller's.
   *
   * @param named the account in the path, or null for the default one
   */
  Future<AccountView> of(Caller caller, Jid named, Deadline deadline) {
    if (named == null) {
      return own(caller, deadline)
          .map(
              account -> {
                if (!account.map(AccountView::standard).orElse(false)) {
                  throw new Refusal(
                      Status.FORBIDDEN,
                      "right-missing",
                      caller.identity() + " belongs to another account than this resource");
                }
                return account.get();
              });
    }
    return (named.equals(caller.account()) ? own(caller, deadline) : none())
        .map(
            account ->
                account
                    .filter(view -> !view.standard())
                    .orElseThrow(() -> OwnResources.unknown(OwnLinks.path(named, "…"))));
  }

  /** The account that a caller with an identity belongs to. */
  Future<Optional<AccountView>> own(Caller caller, Deadline deadline) {
    return caller.account() == null ? standard(deadline) : find(caller.account(), deadline);
  }

  private static Future<Optional<AccountView>> none() {
    return Future.succeededFuture(Optional.empty());
  }

  private Future<Optional<AccountView>> find(Jid account, Deadline deadline) {
    return ask(new AccountQuery(account, null, 1), deadline).map(list -> list.stream().findFirst());
  }

  private Future<Optional<AccountView>> standard(Deadline deadline) {
    return (standard == null ? none() : find(standard, deadline))
        .compose(
            found ->
                found.filter(AccountView::standard).isPresent()
                    ? Future.succeededFuture(found)
                    : search(null, deadline));
  }

  private Future<Optional<AccountView>> search(String after, Deadline deadline) {
    return ask(new AccountQuery(null, after, PAGE), deadline)
        .compose(
            page -> {
              Optional<AccountView> found = page.stream().filter(AccountView::standard).findFirst();
              found.ifPresent(view -> standard = view.jid());
              return found.isPresent() || page.size() < PAGE
                  ? Future.succeededFuture(found)
                  : search(page.get(PAGE - 1).jid().toString(), deadline);
            });
  }

  private Future<List<AccountView>> ask(AccountQuery query, Deadline deadline) {
    return Contracts.ACCOUNTS
        .request(bus, Contracts.HOME, query, deadline)
        .map(AccountList::accounts);
  }
}
