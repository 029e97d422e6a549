package org.oicbridge.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.crudn.Base64Text;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Secret;

/** A device as JSON. */
final class DeviceJson {
  private static final Pattern TYPE = Pattern.compile("(?!Client$)[!-~]{1,64}");
  private static final int MAX_NAME = 256;

  /** Seconds. */
  private static final int MAX_TTL = 315_360_000;

  private static final int MAX_IDENTITY = 128;
  private static final int MAX_KEY = 64;

  private DeviceJson() {}

  /**
   * Reads the body that registers a device.
   *
   * @throws Refusal naming every mistake; the key is never repeated
   */
  static PutDevices.Entry read(String body, DeviceId di, Precondition precondition) {
    return entry(Members.of(body, "the body"), di, precondition);
  }

  /**
   * Reads a line of an import, which has the identifier in it.
   *
   * @throws Refusal naming every mistake; the key is never repeated
   */
  static PutDevices.Entry readLine(String line) {
    Members members = Members.of(line, "the line");
    DeviceId di = members.required("di", DeviceId::new, "1 to 64 letters, digits and hyphens");
    return entry(members, di, Precondition.NONE);
  }

  /**
   * Reads the body that adopts a device.
   *
   * @return the account that it goes to
   * @throws Refusal naming every mistake
   */
  static Jid readAccount(String body) {
    Members members = Members.of(body, "the body");
    Jid account = account(members);
    members.finish();
    return account;
  }

  private static PutDevices.Entry entry(Members members, DeviceId di, Precondition precondition) {
    Jid account = account(members);
    String rt =
        members.optional(
            "rt",
            text -> TYPE.matcher(text).matches() ? text : null,
            "a device type of 1 to 64 visible characters, not Client");
    String name =
        members.optional(
            "name",
            text -> text.length() <= MAX_NAME ? text : null,
            "at most " + MAX_NAME + " characters");
    URI endpoint =
        members.required(
            "endpoint",
            DeviceConfig::endpoint,
            "coap://host:port[/base] or coaps://host:port[/base]");
    Long ttl = members.integer("ttl", 0, MAX_TTL);
    PreSharedKey key = key(members.object("psk"));
    members.finish();
    return new PutDevices.Entry(
        account,
        di,
        rt,
        name == null ? "" : name,
        endpoint,
        ttl == null || ttl == 0 ? null : Duration.ofSeconds(ttl),
        key,
        precondition);
  }

  private static Jid account(Members members) {
    return members.required("account", Parameters::user, Parameters.BARE_JID);
  }

  private static PreSharedKey key(Members psk) {
    if (psk == null) {
      return null;
    }
    String identity =
        psk.required("identity", DeviceJson::identity, "1 to " + MAX_IDENTITY + " bytes of UTF-8");
    Secret secret =
        psk.requiredSecret("key", DeviceJson::secret, "1 to " + MAX_KEY + " bytes in base64");
    psk.finish();
    return new PreSharedKey(identity, secret);
  }

  private static String identity(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return bytes >= 1 && bytes <= MAX_IDENTITY ? text : null;
  }

  private static Secret secret(String text) {
    byte[] bytes = Base64Text.bytes(text);
    return bytes.length >= 1 && bytes.length <= MAX_KEY ? new Secret(bytes) : null;
  }

  /** Writes a device; how it is secured does not come out. */
  static JsonObject write(DeviceView device) {
    return new JsonObject()
        .put("di", device.di().text())
        .put("account", device.account() == null ? null : device.account().toString())
        .put("rt", new JsonArray(device.rt()))
        .put("name", device.name())
        .put("origin", device.origin().text())
        .put("jid", device.jid() == null ? null : device.jid().toString())
        .put("state", device.state().text());
  }

  /** Where the API has a device, whichever other accounts have it too. */
  static String location(DeviceView device) {
    String url = DevicesRoutes.PREFIX + device.di();
    return device.account() == null
        ? url
        : url
            + "?account="
            + URLEncoder.encode(device.account().toString(), StandardCharsets.UTF_8);
  }
}
