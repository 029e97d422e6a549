package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.bus.OwnRequest.Form;
import org.oicbridge.config.OicConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;

/** {@code /oic/d}: the gateway as a device. */
final class DeviceResource implements OwnResource {
  private final OicConfig config;

  DeviceResource(OicConfig config) {
    this.config = config;
  }

  @Override
  public String methods() {
    return "GET";
  }

  @Override
  public boolean observable() {
    return false;
  }

  @Override
  public Future<CrudnResponse> answer(OwnRequest own) {
    String chosen = OwnQuery.of(own.request().path()).choose(OwnLinks.READ_INTERFACES);
    JsonObject body = new JsonObject();
    if (chosen.equals(OwnQuery.BASELINE)) {
      body.put("rt", new JsonArray(List.of("oic.wk.d", config.deviceType())))
          .put("if", new JsonArray(OwnLinks.READ_INTERFACES));
    }
    DeviceId di = own.request().target();
    body.put("n", config.name()).put("di", di.text());
    if (own.form() == Form.OIC) {
      body.put("icv", "core.1.1.0").put("dmv", "res.1.1.0");
    } else {
      body.put("icv", "ocf.1.0.0").put("dmv", "ocf.res.1.0.0").put("piid", derived("piid", di));
    }
    return Future.succeededFuture(CrudnResponse.answered(Status.OK, Headers.NONE, body.encode()));
  }

  /** A UUID that stays the same as long as an identifier does, and does not show it. */
  static String derived(String what, DeviceId id) {
    String seed = what + ":" + id.canonical();
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
