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

/**
 * {@code oic.ra.user}: the user of an account (OIC Remote Access section 6.2.2.2). Its credential
 * only ever goes in.
 */
final class UserResource implements OwnResource {
  static final String TYPE = "oic.ra.user";

  private static final int MAX_JID = 2047;
  private static final String CREDENTIAL = "credential";

  /** What table 3 calls the credential by mistake. */
  private static final String ALIAS = "port";

  private final Provisioning provisioning;
  private final Jid account;

  /**
   * Makes the resource of an account.
   *
   * @param account null for the default one
   */
  UserResource(Provisioning provisioning, Jid account) {
    this.provisioning = provisioning;
    this.account = account;
  }

  @Override
  public String methods() {
    return "GET, POST";
  }

  @Override
  public boolean observable() {
    return false;
  }

  @Override
  public Future<CrudnResponse> answer(OwnRequest own) {
    return own.request().operation() == Operation.RETRIEVE
        ? provisioning.retrieve(own, account, this::write, Right.PROVISION)
        : provisioning.update(own, account, UserResource::read, this::write);
  }

  private static Provision read(Members members, AccountView now) {
    Jid jid = jid(members);
    if (jid != null && !now.standard()) {
      if (!jid.equals(now.jid())) {
        throw members.unlike("jid", now.jid() + ", which can't change here");
      }
      jid = null;
    }
    String credential = credential(members);
    return jid == null && credential == null
        ? null
        : new Provision(
            now.standard() ? null : now.jid(),
            jid,
            null,
            null,
            null,
            credential,
            false,
            Precondition.NONE);
  }

  private static Jid jid(Members members) {
    String text = members.text("jid", MAX_JID);
    if (text == null) {
      return null;
    }
    try {
      Jid jid = Jid.parse(text);
      if (jid.isBare() && !jid.local().isEmpty()) {
        return jid;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw members.unlike("jid", "a bare JID such as home@example.com");
  }

  private static String credential(Members members) {
    boolean alias = !members.has(CREDENTIAL) && members.isText(ALIAS);
    String name = alias ? ALIAS : CREDENTIAL;
    if (!members.has(name)) {
      return null;
    }
    String credential =
        members.isText(name) ? Credential.decode(members.text(name, Integer.MAX_VALUE)) : null;
    if (credential == null) {
      // In words that don't hold it, wrong as it is.
      throw members.wrong(
          name,
          "is not base64 of 1 to "
              + Credential.MAX_LENGTH
              + " characters in UTF-8 without"
              + " control characters");
    }
    return credential;
  }

  private JsonObject write(AccountView account, boolean baseline) {
    JsonObject body = new JsonObject();
    if (baseline) {
      body.put("rt", new JsonArray().add(TYPE))
          .put("if", new JsonArray(OwnLinks.PROVISIONING_INTERFACES));
    }
    return body.put("jid", account.jid() == null ? "" : account.jid().toString())
        .put(CREDENTIAL, "");
  }
}
