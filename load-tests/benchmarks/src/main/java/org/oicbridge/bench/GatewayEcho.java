package org.oicbridge.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.RemoteRequest;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;

/**
 * The gateway's echo: a request to {@link Contracts#REMOTE} goes through the bytestream and XMPP
 * verticles of a gateway's session to the XMPP server, comes back in a device's session, is
 * answered, and the answer takes the same way.
 */
final class GatewayEcho implements Echo {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final GatewaySide gateway;
  private final int accounts;
  private final List<Pair> pairs = new ArrayList<>();
  private final Set<Jid> idle = new HashSet<>();

  private static final class Pair {
    final Jid near;
    final Jid far;
    final DeviceId device;
    final int shard;
    long asked;

    Pair(Jid near, Jid far, DeviceId device, int shard) {
      this.near = near;
      this.far = far;
      this.device = device;
      this.shard = shard;
    }
  }

  GatewayEcho(Site site) {
    this.gateway = new GatewaySide(site);
    this.accounts = site.accounts;
  }

  @Override
  public void open(int count, int silent) throws InterruptedException {
    gateway.start();
    Set<Jid> unseen = new HashSet<>();
    CountDownLatch seen = new CountDownLatch(count);
    List<OpenSession> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      AccountConfig account = gateway.account(i % accounts);
      DeviceId device = new DeviceId("00000000-0000-4000-8000-%012x".formatted(i));
      Jid near =
          account.jid().withResource("OIC/1.0/oic.d.bridge/10000000" + device.text().substring(8));
      Jid far = account.jid().withResource("OIC/1.0/oic.d.light/" + device.text());
      pairs.add(new Pair(near, far, device, gateway.shardOf(account)));
      orders.add(new OpenSession(account, near, SessionRole.GATEWAY));
      orders.add(new OpenSession(account, far, SessionRole.DEVICE));
      unseen.add(near);
    }
    for (int shard = 0; shard < gateway.shards(); shard++) {
      Contracts.PRESENCE.listen(
          gateway.vertx().eventBus(), shard, presence -> saw(presence, unseen, seen));
    }
    CountDownLatch bound = new CountDownLatch(silent);
    for (int i = 0; i < silent; i++) {
      AccountConfig account = gateway.account(i % accounts);
      Jid jid =
          account
              .jid()
              .withResource("OIC/1.0/oic.d.light/20000000-0000-4000-8000-%012x".formatted(i));
      orders.add(new OpenSession(account, jid, SessionRole.DEVICE, false));
      idle.add(jid);
    }
    for (int shard = 0; shard < gateway.shards(); shard++) {
      Contracts.SESSION.listen(
          gateway.vertx().eventBus(),
          shard,
          event -> {
            if (event.state() == SessionEvent.State.ONLINE && idle.contains(event.jid())) {
              bound.countDown();
            }
          });
    }
    for (OpenSession order : orders) {
      Contracts.OPEN_SESSION.request(
          gateway.vertx().eventBus(),
          gateway.shardOf(order.account()),
          order,
          Deadline.in(DEADLINE));
    }
    Wait.of(seen, "pairs that see each other");
    Wait.of(bound, "sessions that do nothing");
  }

  /** A pair is ready when the near session knows that the far one echoes tokens. */
  private void saw(PeerPresence presence, Set<Jid> unseen, CountDownLatch seen) {
    boolean own =
        pairs.stream()
            .anyMatch(
                pair -> pair.near.equals(presence.session()) && pair.far.equals(presence.peer()));
    synchronized (unseen) {
      if (own && presence.echoesTokens() && unseen.remove(presence.session())) {
        seen.countDown();
      }
    }
  }

  @Override
  public void run(Cell cell, Tally tally) {
    for (Pair pair : pairs.subList(0, cell.pairs())) {
      gateway.on(
          pair.shard,
          () -> {
            for (int i = 0; i < cell.outstanding(); i++) {
              ask(pair, tally);
            }
          });
    }
  }

  private void ask(Pair pair, Tally tally) {
    long number = ++pair.asked;
    Jid account = pair.near.bare();
    Deadline deadline = Deadline.in(DEADLINE);
    CrudnRequest request =
        new CrudnRequest(
            account,
            pair.device,
            Operation.UPDATE,
            EchoWork.PATH,
            Headers.NONE,
            EchoWork.question(number),
            account,
            CrudnRequest.Via.XMPP,
            deadline);
    Contracts.REMOTE
        .request(
            gateway.vertx().eventBus(),
            pair.shard,
            new RemoteRequest(pair.near, pair.far, request),
            deadline)
        .onSuccess(answer -> answered(pair, number, answer, tally))
        .onFailure(error -> tally.failed(pair.far + ": " + error));
  }

  private void answered(Pair pair, long number, CrudnResponse answer, Tally tally) {
    if (!EchoWork.isAnswer(answer.body(), number)) {
      tally.failed(pair.far + " answered request " + number + " with " + answer);
    } else if (tally.next()) {
      ask(pair, tally);
    }
  }
}
