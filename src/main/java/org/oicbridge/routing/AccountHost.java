package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceLiveness;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.DropAccount;
import org.oicbridge.bus.DropDevices;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.bus.ShowSession;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;

/** Takes accounts and devices and lets them go, and has their sessions opened and closed. */
final class AccountHost {
  /** The XMPP side answers an open at once and gives a server 2 s for an orderly end. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final EventBus bus;
  private final int shard;
  private final String gatewayType;
  private final Accounts accounts;

  AccountHost(EventBus bus, int shard, String gatewayType, Accounts accounts) {
    this.bus = bus;
    this.shard = shard;
    this.gatewayType = gatewayType;
    this.accounts = accounts;
  }

  /** Serves an account; when it is there, all its sessions are told the login that it has now. */
  Future<Done> host(HostAccount host) {
    OicResource gateway = new OicResource(gatewayType, host.gatewayId());
    Jid jid = host.account().jid().withResource(gateway.toString());
    Optional<Jid> before =
        accounts
            .find(host.account().jid())
            .map(account -> account.session().jid())
            .filter(old -> !old.equals(jid));
    Account account = accounts.host(host.account(), jid);
    List<Future<Done>> done = new ArrayList<>();
    before.ifPresent(old -> done.add(close(old)));
    // The gateway's own session first: it is the one that sees the others appear.
    done.add(open(new OpenSession(account.config(), jid, SessionRole.GATEWAY)));
    for (Account.Hosted device : account.hosted()) {
      if (device.vacant.isComplete()) {
        done.add(open(account, device));
      }
    }
    return Future.all(done).map(new Done());
  }

  /** Serves an account no longer. */
  Future<Done> drop(DropAccount drop) {
    List<Future<?>> closing = new ArrayList<>();
    accounts
        .drop(drop.account())
        .ifPresent(
            account -> {
              List<DeviceId> gone = new ArrayList<>();
              for (Account.Hosted device : account.hosted()) {
                gone.add(device.device.di());
                account.drop(device.device.di());
                closing.add(device.vacant);
              }
              unwatch(new DropDevices(drop.account(), gone));
            });
    // By the account: a login that was tried and then not wanted has a session too.
    closing.add(close(drop.account()));
    return Future.join(closing).map(new Done());
  }

  /** Hosts devices. */
  Future<Done> host(HostDevices host) {
    Optional<Account> account = accounts.find(host.account());
    if (account.isEmpty()) {
      return Future.failedFuture("the account " + host.account() + " is not hosted");
    }
    host.devices().forEach(device -> host(account.get(), device));
    Contracts.WATCH_DEVICES.publish(bus, shard, host);
    return Future.succeededFuture(new Done());
  }

  private void host(Account account, HostedDevice device) {
    Account.Hosted known = account.hosted(device.di());
    Jid jid = account.jidOf(device);
    if (known != null && known.jid.equals(jid)) {
      known.device = device;
      return;
    }
    // One after the other, or a server that counts sessions would end a third one.
    Future<?> vacant = known == null ? Future.succeededFuture() : leave(account, known);
    Account.Hosted fresh = new Account.Hosted(device, jid, vacant);
    account.host(fresh);
    vacant.onComplete(
        done -> {
          if (account.hosted(device.di()) == fresh) {
            open(account, fresh);
          }
        });
  }

  /** Hosts devices no longer. */
  Future<Done> drop(DropDevices drop) {
    List<Future<?>> closing = new ArrayList<>();
    Optional<Account> account = accounts.find(drop.account());
    for (DeviceId di : drop.devices()) {
      account
          .map(there -> there.drop(di))
          .ifPresent(device -> closing.add(leave(account.get(), device)));
    }
    unwatch(drop);
    return Future.join(closing).map(new Done());
  }

  private void unwatch(DropDevices gone) {
    Contracts.UNWATCH_DEVICES.publish(bus, shard, gone);
  }

  /**
   * Takes what was found out about a device, and has others see it.
   *
   * @return false when it is hosted no longer, or elsewhere
   */
  boolean liveness(DeviceLiveness news) {
    Account.Hosted device =
        accounts
            .find(news.account())
            .map(account -> account.hosted(news.device().di()))
            .filter(hosted -> sameEndpoint(hosted.device, news.device()))
            .orElse(null);
    if (device == null) {
      return false;
    }
    device.answers = news.answering();
    Contracts.SHOW_SESSION.publish(bus, shard, new ShowSession(device.jid, device.shown()));
    return true;
  }

  private static boolean sameEndpoint(HostedDevice one, HostedDevice other) {
    return one.endpoint().equals(other.endpoint()) && Objects.equals(one.key(), other.key());
  }

  private Future<Done> leave(Account account, Account.Hosted device) {
    // Who is not seen is not seen to go.
    if (device.online && device.shown()) {
      account.session().leaves(device.jid);
    }
    return device.vacant.eventually(() -> close(device.jid)).map(new Done());
  }

  private Future<Done> open(Account account, Account.Hosted device) {
    return open(new OpenSession(account.config(), device.jid, SessionRole.DEVICE, device.shown()));
  }

  private Future<Done> open(OpenSession session) {
    return Contracts.OPEN_SESSION.request(bus, shard, session, Deadline.in(TIMEOUT));
  }

  private Future<Done> close(Jid jid) {
    return Contracts.CLOSE_SESSION.request(bus, shard, new CloseSession(jid), Deadline.in(TIMEOUT));
  }
}
