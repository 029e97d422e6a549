package org.oicbridge.bus;

import java.util.List;

/** The accounts that a query found, by bare JID. */
public record AccountList(List<AccountView> accounts) {
  public AccountList {
    accounts = List.copyOf(accounts);
  }
}
