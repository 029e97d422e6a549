package org.oicbridge.http;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Provision;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Base64Text;
import org.oicbridge.crudn.Jid;

/** An account as JSON. */
final class AccountJson {
  private static final Pattern HOST = Pattern.compile("[!-~]{1,255}");

  private AccountJson() {}

  /**
   * Reads what a caller sets.
   *
   * @throws Refusal naming every mistake; the credential is never repeated
   */
  static Provision read(String body, Jid account, Precondition precondition) {
    Members members = Members.of(body, "the body");
    String address = members.optional("address", AccountJson::host, "a host name or an IP address");
    Long port = members.integer("port", 1, 65_535);
    Tls tls = members.optional("tls", AccountJson::tls, "starttls, direct or none");
    String credential =
        members.secret("credential", Base64Text::utf8, "a password in UTF-8 and then base64");
    members.finish();
    return new Provision(
        account,
        null,
        address,
        port == null ? null : port.intValue(),
        tls,
        credential,
        true,
        precondition);
  }

  private static String host(String text) {
    return HOST.matcher(text).matches() ? text : null;
  }

  private static Tls tls(String text) {
    return Arrays.stream(Tls.values())
        .filter(tls -> text(tls).equals(text))
        .findFirst()
        .orElse(null);
  }

  private static String text(Tls tls) {
    return tls.name().toLowerCase(Locale.ROOT);
  }

  /** Writes an account; the credential is empty, as in {@code oic.ra.user}. */
  static JsonObject write(AccountView account) {
    return new JsonObject()
        .put("jid", account.jid() == null ? null : account.jid().toString())
        .put("address", account.address())
        .put("port", account.port())
        .put("tls", text(account.tls()))
        .put("credential", "")
        .put("status", account.status().text())
        .put("ErrorReason", account.errorReason())
        .put("default", account.standard())
        .put("configured", account.configured());
  }
}
