package org.oicbridge.bench;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;

/**
 * XMPP alone: a block of 700 characters from one session to another and back, with nothing but the
 * XMPP verticle at either end.
 */
final class XmppLeg {
  private static final String BLOCK = "PHJlc3Q".repeat(100);

  private final GatewaySide gateway;
  private final Map<Integer, Runnable> waiting = new HashMap<>();
  private Jid near;
  private Jid far;
  private int shard;

  XmppLeg(Site site) {
    this.gateway = GatewaySide.sessionsOnly(site);
  }

  void open() throws InterruptedException {
    gateway.start();
    AccountConfig account = gateway.account(0);
    near = account.jid().withResource("OIC/1.0/Client/near");
    far = account.jid().withResource("OIC/1.0/Client/far");
    shard = gateway.shardOf(account);
    CountDownLatch online = new CountDownLatch(2);
    Vertx vertx = gateway.vertx();
    Contracts.SESSION.listen(
        vertx.eventBus(),
        shard,
        event -> {
          if (event.state() == SessionEvent.State.ONLINE) {
            online.countDown();
          }
        });
    for (Jid jid : List.of(near, far)) {
      Contracts.OPEN_SESSION.request(
          vertx.eventBus(),
          shard,
          new OpenSession(account, jid, SessionRole.DEVICE, false),
          Deadline.in(Duration.ofSeconds(30)));
    }
    Wait.of(online, "sessions");
    gateway.on(shard, () -> Contracts.IBB_IN.listen(vertx.eventBus(), shard, this::arrived));
  }

  void close() throws InterruptedException {
    Wait.of(gateway.vertx().close(), "the end of the sessions");
  }

  private void arrived(Ibb stanza) {
    if (!(stanza instanceof Ibb.Data data)) {
      throw new IllegalStateException("a stanza came back: " + stanza);
    }
    if (data.session().equals(far)) {
      send(far, near, data.seq(), data.base64());
    } else {
      Runnable ended = waiting.remove(data.seq());
      if (ended != null && data.base64().equals(BLOCK)) {
        ended.run();
      }
    }
  }

  private void send(Jid from, Jid to, int number, String block) {
    Contracts.IBB_OUT.publish(
        gateway.vertx().eventBus(),
        shard,
        new Ibb.Data(from, to, "", "leg", number, block, Ibb.Carrier.MESSAGE));
  }

  Latencies run(int perSecond, long warmUp, long counted) throws InterruptedException {
    return new Paced(gateway.vertx(), gateway.context(shard), perSecond)
        .run(
            (number, ended) -> {
              int seq = (int) (number & 0xffff);
              waiting.put(seq, ended);
              send(near, far, seq, BLOCK);
            },
            warmUp,
            counted,
            "stanzas");
  }
}
