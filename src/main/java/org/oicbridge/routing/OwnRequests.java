package org.oicbridge.routing;

import java.util.EnumSet;
import java.util.Set;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Right;

/** What a peer over XMPP asks of the gateway itself, with what the peer is and may. */
final class OwnRequests {
  private static final String VERSION = "OCF-Accept-Content-Format-Version";

  /** OCF 1.0, as a CoAP option has it. */
  private static final int OCF_1_0 = 2048;

  private OwnRequests() {}

  static OwnRequest of(AccountConfig account, CrudnRequest request) {
    Jid requester = request.requester().bare();
    boolean owner = requester.equals(account.jid());
    // Another account's server stands between it and us, and may read and change what it says.
    Caller caller =
        new Caller(
            "xmpp:" + requester,
            account.jid(),
            owner ? ofOwner() : ofGuest(account, request),
            owner);
    return new OwnRequest(request, caller, form(request), null, false);
  }

  private static Set<Right> ofOwner() {
    return EnumSet.of(Right.READ, Right.ACT, Right.PROVISION);
  }

  private static Set<Right> ofGuest(AccountConfig account, CrudnRequest request) {
    return AccessRules.mayDo(account, request, Operation.RETRIEVE)
        ? EnumSet.of(Right.READ)
        : EnumSet.noneOf(Right.class);
  }

  private static OwnRequest.Form form(CrudnRequest request) {
    try {
      return request.headers().get(VERSION).map(Integer::parseInt).orElse(0) >= OCF_1_0
          ? OwnRequest.Form.OCF
          : OwnRequest.Form.OIC;
    } catch (NumberFormatException e) {
      // A header that says nothing is as good as none.
      return OwnRequest.Form.OIC;
    }
  }
}
