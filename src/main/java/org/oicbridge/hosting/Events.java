package org.oicbridge.hosting;

import io.vertx.core.eventbus.EventBus;
import java.util.Objects;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DirectoryQuery;
import org.oicbridge.crudn.Jid;

/** Tells who listens what has changed. */
final class Events {
  private final EventBus bus;
  private final AccountBook accounts;

  Events(EventBus bus, AccountBook accounts) {
    this.bus = bus;
    this.accounts = accounts;
  }

  void accountChanged(AccountView account) {
    Contracts.ACCOUNT_CHANGED.publish(bus, Contracts.HOME, account);
  }

  /**
   * What is published has changed.
   *
   * @param account under which it is kept, null for the default account without a JID
   */
  void directoryChanged(Jid account) {
    Account standard = accounts.standard();
    boolean isStandard = standard != null && Objects.equals(standard.jid(), account);
    Contracts.DIRECTORY_CHANGED.publish(
        bus, Contracts.HOME, new DirectoryQuery(isStandard ? null : account));
  }

  /** What is published under an account has changed. */
  void directoryChanged(Account account) {
    Contracts.DIRECTORY_CHANGED.publish(
        bus, Contracts.HOME, new DirectoryQuery(account.standard() ? null : account.jid()));
  }
}
