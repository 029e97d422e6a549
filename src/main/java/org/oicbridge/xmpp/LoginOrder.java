package org.oicbridge.xmpp;

import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.sasl.ScramKeys;

/**
 * Everything that the phases of one login need to know.
 *
 * @param order what was asked for
 * @param keys the keys of its account
 * @param tls how to secure the stream
 * @param maxScramIterations most rounds that the server may ask for
 * @param manages whether stream management is wanted (XEP-0198)
 * @param lost the stream to resume, or null
 */
record LoginOrder(
    OpenSession order,
    ScramKeys keys,
    ServerTls tls,
    int maxScramIterations,
    boolean manages,
    StreamManagement lost) {
  Jid jid() {
    return order.jid();
  }

  SessionRole role() {
    return order.role();
  }

  AccountConfig account() {
    return order.account();
  }
}
