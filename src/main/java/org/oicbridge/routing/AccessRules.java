package org.oicbridge.routing;

import org.oicbridge.config.AccessConfig;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;

/**
 * Who may do what. The account's own bare JID may do everything, any other only what a rule of the
 * account says; the roster decides nothing (OIC Remote Access section 7.3).
 */
final class AccessRules {
  private AccessRules() {}

  /** May this peer open a bytestream, or be listed with its devices, at all? */
  static boolean mayConnect(AccountConfig account, Jid peer) {
    return account.admits(peer);
  }

  /** May this request be made? */
  static boolean mayRequest(AccountConfig account, CrudnRequest request) {
    return mayDo(account, request, request.operation());
  }

  /** May whoever makes this request do something with its target? */
  static boolean mayDo(AccountConfig account, CrudnRequest request, Operation operation) {
    Jid requester = request.requester().bare();
    return requester.equals(account.jid())
        || account.access().stream()
            .anyMatch(rule -> allows(rule, requester, request.target(), operation));
  }

  private static boolean allows(
      AccessConfig rule, Jid requester, DeviceId target, Operation operation) {
    return rule.jid().equals(requester)
        && rule.operations().contains(operation)
        && (rule.devices().isEmpty() || rule.devices().contains(target));
  }
}
