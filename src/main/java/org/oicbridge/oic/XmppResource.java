package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Provision;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Right;

/** {@code oic.ra.xmpp}: the XMPP server of an account (OIC Remote Access section 6.2.2.1). */
final class XmppResource implements OwnResource {
  static final String TYPE = "oic.ra.xmpp";

  private final Provisioning provisioning;
  private final Jid account;

  /**
   * Makes the resource of an account.
   *
   * @param account null for the default one
   */
  XmppResource(Provisioning provisioning, Jid account) {
    this.provisioning = provisioning;
    this.account = account;
  }

  @Override
  public String methods() {
    return "GET, POST";
  }

  @Override
  public boolean observable() {
    return true;
  }

  @Override
  public Future<CrudnResponse> answer(OwnRequest own) {
    return own.request().operation() == Operation.RETRIEVE
        ? provisioning.retrieve(own, account, this::write, Right.READ, Right.PROVISION)
        : provisioning.update(own, account, XmppResource::read, this::write);
  }

  private static Provision read(Members members, AccountView now) {
    String address = members.text("address", HostName.MAX_LENGTH);
    if (address != null) {
      address = HostName.read(address);
      if (address == null) {
        throw members.unlike("address", "a host name or an IP address, without a scheme or port");
      }
    }
    Integer port = members.port("port");
    return address == null && port == null
        ? null
        : new Provision(
            now.standard() ? null : now.jid(),
            null,
            address,
            port,
            null,
            null,
            false,
            Precondition.NONE);
  }

  private JsonObject write(AccountView account, boolean baseline) {
    JsonObject body = new JsonObject();
    if (baseline) {
      body.put("rt", new JsonArray().add(TYPE))
          .put("if", new JsonArray(OwnLinks.PROVISIONING_INTERFACES));
    }
    return body.put("address", account.address() == null ? "" : account.address())
        .put("port", account.port())
        .put("status", account.status().text())
        .put("ErrorReason", account.errorReason());
  }
}
