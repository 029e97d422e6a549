package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.oicbridge.bus.AccountList;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountQuery;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Adopt;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteAccount;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.DeviceOutcomes;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Provision;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;
import org.oicbridge.crudn.Status;

/**
 * Plays who looks after accounts and devices, in memory: versions count up, preconditions hold or
 * not, devices with version 0 are those of the configuration file.
 */
final class FakeHosting {
  /** What was asked, in its order. */
  final BlockingQueue<Object> asked = new LinkedBlockingQueue<>();

  /** By bare JID; the default account without one under the empty text. */
  final Map<String, AccountView> accounts = new ConcurrentSkipListMap<>();

  final List<DeviceView> devices;

  /** Registered ones that no shard has yet. */
  final List<DeviceView> waiting = new CopyOnWriteArrayList<>();

  /** Answers a group, {@link #put} unless a test knows better. */
  volatile Function<PutDevices, Future<DeviceOutcomes>> group =
      question -> Future.succeededFuture(put(question));

  FakeHosting(List<DeviceView> devices) {
    this.devices = devices;
  }

  void serve(EventBus bus) {
    Contracts.ACCOUNTS.serve(bus, Contracts.HOME, this::accounts);
    Contracts.PROVISION.serve(
        bus, Contracts.HOME, question -> Future.succeededFuture(provision(question)));
    Contracts.DELETE_ACCOUNT.serve(
        bus, Contracts.HOME, question -> Future.succeededFuture(delete(question)));
    Contracts.UNHOSTED.serve(bus, Contracts.HOME, this::unhosted);
    Contracts.PUT_DEVICES.serve(
        bus,
        Contracts.HOME,
        question -> {
          asked.add(question);
          return group.apply(question);
        });
    Contracts.DELETE_DEVICE.serve(
        bus, Contracts.HOME, question -> Future.succeededFuture(delete(question)));
    Contracts.ADOPT.serve(bus, Contracts.HOME, question -> Future.succeededFuture(adopt(question)));
  }

  /** The next thing that was asked; fails when there is none. */
  <T> T next(Class<T> type) throws InterruptedException {
    Object next = asked.poll(10, TimeUnit.SECONDS);
    if (!type.isInstance(next)) {
      throw new AssertionError("expected " + type.getSimpleName() + ", was asked " + next);
    }
    return type.cast(next);
  }

  /** Adds an account of the configuration file. */
  void configured(String jid) {
    accounts.put(
        jid,
        new AccountView(
            Jid.parse(jid),
            Jid.parse(jid),
            null,
            5222,
            Tls.STARTTLS,
            true,
            AccountView.Status.CONNECTED,
            "",
            false,
            true,
            1));
  }

  /** Lets the values of an account fail, which sets none of them. */
  void fail(String jid, String reason) {
    accounts.computeIfPresent(
        jid,
        (key, old) ->
            new AccountView(
                old.jid(),
                old.served(),
                old.address(),
                old.port(),
                old.tls(),
                old.credential(),
                AccountView.Status.ERROR,
                reason,
                old.standard(),
                old.configured(),
                old.version()));
  }

  private Future<AccountList> accounts(AccountQuery query) {
    return Future.succeededFuture(
        new AccountList(
            accounts.entrySet().stream()
                .filter(
                    entry ->
                        query.account() == null
                            || query.account().toString().equals(entry.getKey()))
                .filter(
                    entry -> query.after() == null || entry.getKey().compareTo(query.after()) > 0)
                .limit(query.limit())
                .map(Map.Entry::getValue)
                .toList()));
  }

  private AccountOutcome provision(Provision question) {
    asked.add(question);
    String key = question.account().toString();
    AccountView old = accounts.get(key);
    AccountOutcome refused = refusal(old, question.precondition());
    if (refused != null) {
      return refused;
    }
    AccountView changed =
        new AccountView(
            question.account(),
            question.account(),
            question.address() != null ? question.address() : old == null ? null : old.address(),
            question.port() != null ? question.port() : old == null ? 5222 : old.port(),
            question.tls() != null ? question.tls() : old == null ? Tls.STARTTLS : old.tls(),
            question.credential() != null || (old != null && old.credential()),
            AccountView.Status.NOT_INITIALIZED,
            "",
            false,
            false,
            old == null ? 1 : old.version() + 1);
    accounts.put(key, changed);
    return AccountOutcome.done(old == null ? Status.CREATED : Status.OK, changed);
  }

  private AccountOutcome delete(DeleteAccount question) {
    asked.add(question);
    AccountView old = accounts.get(question.account().toString());
    AccountOutcome refused = refusal(old, question.precondition());
    if (refused != null) {
      return refused;
    }
    if (old == null) {
      return AccountOutcome.refused(Status.NOT_FOUND, "account-unknown", "no such account");
    }
    accounts.remove(question.account().toString());
    return AccountOutcome.done(Status.NO_CONTENT, null);
  }

  private static AccountOutcome refusal(AccountView old, Precondition precondition) {
    if (old != null && old.configured()) {
      return AccountOutcome.refused(Status.CONFLICT, "account-configured", "change the file");
    }
    if (!precondition.holds(old == null ? -1 : old.version())) {
      return AccountOutcome.refused(
          Status.PRECONDITION_FAILED, "version-conflict", "it is another version");
    }
    return null;
  }

  private Future<DeviceList> unhosted(DeviceQuery query) {
    return Future.succeededFuture(
        new DeviceList(
            Stream.concat(waiting.stream(), devices.stream().filter(view -> view.account() == null))
                .filter(view -> ApiServer.matches(view, query))
                .sorted(Comparator.comparing(DeviceView::key))
                .limit(query.limit())
                .toList()));
  }

  /** Registers a group. */
  DeviceOutcomes put(PutDevices question) {
    return new DeviceOutcomes(question.entries().stream().map(this::put).toList());
  }

  private DeviceOutcome put(PutDevices.Entry entry) {
    if (entry.account().local().equals("nobody")) {
      return DeviceOutcome.refused(Status.NOT_FOUND, "account-unknown", "no such account");
    }
    DeviceView old = find(entry.account(), entry.di());
    DeviceOutcome refused = refusal(old, entry.precondition());
    if (refused != null) {
      return refused;
    }
    DeviceView view =
        hosted(
            entry.account(),
            entry.di(),
            entry.rt() == null ? "oic.wk.d" : entry.rt(),
            entry.name(),
            old == null ? 1 : old.version() + 1);
    devices.remove(old);
    devices.add(view);
    return DeviceOutcome.done(old == null ? Status.CREATED : Status.OK, view);
  }

  private DeviceOutcome delete(DeleteDevice question) {
    asked.add(question);
    DeviceView old = find(question.account(), question.di());
    DeviceOutcome refused = refusal(old, question.precondition());
    if (refused != null) {
      return refused;
    }
    if (old == null) {
      return DeviceOutcome.refused(Status.NOT_FOUND, "device-unknown", "no such device");
    }
    devices.remove(old);
    return DeviceOutcome.done(Status.NO_CONTENT, null);
  }

  private DeviceOutcome adopt(Adopt question) {
    asked.add(question);
    DeviceView hosted = find(question.account(), question.di());
    if (hosted != null) {
      return DeviceOutcome.done(Status.OK, hosted);
    }
    DeviceView found = find(null, question.di());
    if (found == null) {
      return DeviceOutcome.refused(Status.NOT_FOUND, "device-unknown", "nobody discovered it");
    }
    DeviceView view = hosted(question.account(), found.di(), found.rt().get(0), found.name(), 1);
    devices.remove(found);
    devices.add(view);
    return DeviceOutcome.done(Status.CREATED, view);
  }

  private DeviceView find(Jid account, DeviceId di) {
    return devices.stream()
        .filter(view -> view.di().equals(di))
        .filter(view -> account == null ? view.account() == null : account.equals(view.account()))
        .findFirst()
        .orElse(null);
  }

  private static DeviceOutcome refusal(DeviceView old, Precondition precondition) {
    if (old != null && old.origin() == DeviceView.Origin.REMOTE) {
      return DeviceOutcome.refused(Status.CONFLICT, "device-not-hosted", "it is elsewhere");
    }
    if (old != null && old.version() == 0) {
      return DeviceOutcome.refused(Status.CONFLICT, "device-configured", "change the file");
    }
    if (!precondition.holds(old == null ? -1 : old.version())) {
      return DeviceOutcome.refused(
          Status.PRECONDITION_FAILED, "version-conflict", "it is another version");
    }
    return null;
  }

  private static DeviceView hosted(Jid account, DeviceId di, String rt, String name, long version) {
    return new DeviceView(
        di,
        account,
        List.of(rt),
        name,
        DeviceView.Origin.HOSTED,
        account.withResource(new OicResource(rt, di).toString()),
        DeviceView.State.OFFLINE,
        version);
  }
}
