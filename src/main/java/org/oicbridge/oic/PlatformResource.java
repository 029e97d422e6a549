package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.config.OicConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;

/** {@code /oic/p}: what the gateway runs on. */
final class PlatformResource implements OwnResource {
  private final OicConfig config;
  private final DeviceId gatewayId;

  PlatformResource(OicConfig config, DeviceId gatewayId) {
    this.config = config;
    this.gatewayId = gatewayId;
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
      body.put("rt", new JsonArray().add("oic.wk.p"))
          .put("if", new JsonArray(OwnLinks.READ_INTERFACES));
    }
    body.put("pi", DeviceResource.derived("pi", gatewayId)).put("mnmn", config.manufacturer());
    String version = PlatformResource.class.getPackage().getImplementationVersion();
    if (version != null) {
      body.put("mnpv", version);
    }
    return Future.succeededFuture(CrudnResponse.answered(Status.OK, Headers.NONE, body.encode()));
  }
}
