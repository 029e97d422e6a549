package org.oicbridge.bench;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Deadline;

/** The gateway's sessions. One more of each account stays online, as its keys do that way. */
final class GatewayLogins implements LoginsChild.Sessions {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final GatewaySide gateway;
  private final int accounts;
  private final List<OpenSession> orders = new ArrayList<>();
  private volatile CountDownLatch online;
  private volatile String refusal;

  GatewayLogins(Site site, int sessions) {
    this.gateway = new GatewaySide(site);
    this.accounts = site.accounts;
    for (int i = 0; i < sessions; i++) {
      orders.add(order(i % accounts, "00000000-0000-4000-8000-%012x".formatted(i)));
    }
  }

  private OpenSession order(int number, String device) {
    AccountConfig account = gateway.account(number);
    return new OpenSession(
        account,
        account.jid().withResource("OIC/1.0/oic.d.light/" + device),
        SessionRole.DEVICE,
        false);
  }

  @Override
  public void prepare() throws InterruptedException {
    gateway.start();
    for (int shard = 0; shard < gateway.shards(); shard++) {
      Contracts.SESSION.listen(gateway.vertx().eventBus(), shard, this::changed);
    }
    List<OpenSession> anchors = new ArrayList<>();
    for (int i = 0; i < accounts; i++) {
      anchors.add(order(i, "10000000-0000-4000-8000-%012x".formatted(i)));
    }
    login(anchors);
  }

  private void changed(SessionEvent event) {
    if (event.state() == SessionEvent.State.ONLINE) {
      online.countDown();
    } else if (event.state() == SessionEvent.State.REFUSED) {
      refusal = event.jid() + ": " + event.reason();
    }
  }

  @Override
  public void login() throws InterruptedException {
    login(orders);
  }

  private void login(List<OpenSession> wanted) throws InterruptedException {
    online = new CountDownLatch(wanted.size());
    for (OpenSession order : wanted) {
      Contracts.OPEN_SESSION.request(
          gateway.vertx().eventBus(),
          gateway.shardOf(order.account()),
          order,
          Deadline.in(PATIENCE));
    }
    Wait.of(online, "sessions");
    if (refusal != null) {
      throw new IllegalStateException(refusal);
    }
  }

  @Override
  public void logout() throws InterruptedException {
    List<Future<Done>> closing = new ArrayList<>();
    for (OpenSession order : orders) {
      closing.add(
          Contracts.CLOSE_SESSION.request(
              gateway.vertx().eventBus(),
              gateway.shardOf(order.account()),
              new CloseSession(order.jid()),
              Deadline.in(PATIENCE)));
    }
    Wait.of(Future.all(closing), "the end of all sessions");
  }
}
