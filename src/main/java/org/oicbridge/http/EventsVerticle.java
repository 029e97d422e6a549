package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.UUID;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.GatewayEvent.Kind;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.crudn.Jid;

/** Keeps the last events for callers who come back. Deploy one for all instances of the API. */
public final class EventsVerticle extends VerticleBase {
  private final int shards;
  private final EventLog log = new EventLog(UUID.randomUUID().toString().substring(0, 8));

  /**
   * Makes the one.
   *
   * @param shards how many shards the accounts are spread over
   */
  public EventsVerticle(int shards) {
    this.shards = shards;
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    Contracts.EVENTS.serve(bus, Contracts.HOME, query -> Future.succeededFuture(log.page(query)));
    Contracts.DEVICE_CHANGED.listen(bus, Contracts.HOME, this::deviceChanged);
    Contracts.ACCOUNT_CHANGED.listen(bus, Contracts.HOME, this::accountChanged);
    for (int shard = 0; shard < shards; shard++) {
      Contracts.SESSION.listen(bus, shard, this::sessionChanged);
    }
    return Future.succeededFuture();
  }

  private void deviceChanged(DeviceView device) {
    add(Kind.DEVICE, device.account(), DeviceJson.write(device));
  }

  private void accountChanged(AccountView account) {
    add(Kind.ACCOUNT, account.jid(), AccountJson.write(account));
  }

  /** What becomes of the sessions of devices, the devices say. */
  private void sessionChanged(SessionEvent session) {
    if (session.role() == SessionRole.GATEWAY) {
      add(
          Kind.SESSION,
          session.jid().bare(),
          new JsonObject()
              .put("account", session.jid().bare().toString())
              .put("jid", session.jid().toString())
              .put("state", session.state().name().toLowerCase(Locale.ROOT))
              .put("reason", session.reason()));
    }
  }

  private void add(Kind kind, Jid account, JsonObject data) {
    Contracts.EVENT.publish(
        vertx.eventBus(), Contracts.HOME, log.add(kind, account, data.encode()));
  }
}
