package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** Asks the shards which devices there are, and who looks after those that no shard has. */
final class DeviceFinder {
  private final EventBus bus;
  private final int shards;
  private final RecentDevices recent = new RecentDevices(System::nanoTime);

  /** Made in the context of its verticle, which alone uses it. */
  DeviceFinder(EventBus bus, int shards) {
    this.bus = bus;
    this.shards = shards;
    Contracts.DEVICE_CHANGED.listen(
        bus, Contracts.HOME, device -> recent.forget(device.di(), device.account()));
  }

  /**
   * A page of a list.
   *
   * @param more whether there are devices behind these
   */
  record Page(List<DeviceView> devices, boolean more) {}

  /** What was answered: by who has them unhosted, and by the shards. */
  private record Known(DeviceList unhosted, List<DeviceList> shards) {
    /** All of them by key; what was taken up between the answers is shown as the shard has it. */
    List<DeviceView> all() {
      Map<String, DeviceView> byKey = new TreeMap<>();
      unhosted.devices().forEach(view -> byKey.put(view.key(), view));
      shards.forEach(list -> list.devices().forEach(view -> byKey.put(view.key(), view)));
      return List.copyOf(byKey.values());
    }

    boolean hosts(DeviceView device) {
      return shards.stream().anyMatch(list -> list.devices().contains(device));
    }
  }

  /** The first devices by key that a query takes, over all shards and what was discovered. */
  Future<Page> page(DeviceQuery query, Deadline deadline) {
    // One more than the page has room for tells whether another page follows.
    DeviceQuery question =
        new DeviceQuery(
            query.account(),
            query.di(),
            query.rt(),
            query.origin(),
            query.state(),
            query.after(),
            query.limit() + 1);
    return ask(question, deadline).map(known -> first(known.all(), query.limit()));
  }

  private static Page first(List<DeviceView> all, int limit) {
    return new Page(all.subList(0, Math.min(limit, all.size())), all.size() > limit);
  }

  /**
   * The one device that has an identifier; one that was discovered only when no account has it.
   * Fails with a {@link Refusal} when there is none, or several accounts have it and none is given.
   */
  Future<DeviceView> find(DeviceId di, Jid account, Deadline deadline) {
    return ask(di, account, deadline).map(known -> only(di, account, known));
  }

  private Future<Known> ask(DeviceId di, Jid account, Deadline deadline) {
    return ask(
        new DeviceQuery(account, di, null, null, null, null, Parameters.MAX_LIMIT), deadline);
  }

  private static DeviceView only(DeviceId di, Jid account, Known known) {
    List<DeviceView> all = known.all();
    List<DeviceView> found = all.stream().filter(view -> view.account() != null).toList();
    List<String> accounts =
        found.stream().map(view -> view.account().toString()).distinct().sorted().toList();
    if (all.isEmpty()) {
      throw new Refusal(
          404,
          "device-unknown",
          "no device " + di + " is known" + (account == null ? "" : " under " + account));
    }
    if (accounts.size() > 1) {
      throw new Refusal(
          409,
          "device-ambiguous",
          "choose one by ?account=, these have the device: " + String.join(", ", accounts));
    }
    return found.isEmpty() ? all.get(0) : found.get(0);
  }

  /**
   * The one device of an account that has an identifier. Fails like {@link #find}, and when the
   * device was discovered but nobody has taken it into an account.
   */
  Future<DeviceView> findAdopted(DeviceId di, Jid account, Deadline deadline) {
    return find(di, account, deadline).map(DeviceFinder::adopted);
  }

  private static DeviceView adopted(DeviceView device) {
    if (device.account() == null) {
      throw new Refusal(
          409,
          "device-not-adopted",
          "the device was discovered and belongs to no account; adopt it first: POST "
              + DevicesRoutes.PREFIX
              + device.di()
              + "/adopt");
    }
    return device;
  }

  /**
   * Does something for the one device of an account that has an identifier. Fails like {@link
   * #findAdopted}, and when the device is not served yet, so that it can't be asked anything.
   *
   * @param ask asks the device; an answer that it is unknown means that it was not asked, and makes
   *     the finder look again when it has gone by what it remembered
   */
  Future<CrudnResponse> ask(
      DeviceId di,
      Jid account,
      Deadline deadline,
      Function<DeviceView, Future<CrudnResponse>> ask) {
    DeviceView remembered = recent.get(di, account);
    if (remembered == null) {
      return findHosted(di, account, deadline).compose(ask);
    }
    return ask.apply(remembered)
        .compose(
            answer -> {
              if (answer.problem() == null || !answer.problem().type().equals("device-unknown")) {
                return Future.succeededFuture(answer);
              }
              recent.forget(di, account);
              return findHosted(di, account, deadline).compose(ask);
            });
  }

  /** The one device of an account that has an identifier and is served. */
  Future<DeviceView> findHosted(DeviceId di, Jid account, Deadline deadline) {
    return ask(di, account, deadline)
        .map(
            known -> {
              DeviceView device = adopted(only(di, account, known));
              if (!known.hosts(device)) {
                throw new Refusal(
                    503,
                    "device-offline",
                    "device "
                        + di
                        + " is registered and not served yet: its account never logged in, or it"
                        + " is still asked for its type");
              }
              recent.put(di, account, device);
              return device;
            });
  }

  private Future<Known> ask(DeviceQuery question, Deadline deadline) {
    return unhosted(question, deadline)
        .compose(unhosted -> shards(question, deadline).map(lists -> new Known(unhosted, lists)));
  }

  private Future<DeviceList> unhosted(DeviceQuery question, Deadline deadline) {
    return question.origin() == DeviceView.Origin.REMOTE
        ? Future.succeededFuture(new DeviceList(List.of()))
        : Contracts.UNHOSTED.request(bus, Contracts.HOME, question, deadline);
  }

  private Future<List<DeviceList>> shards(DeviceQuery question, Deadline deadline) {
    if (question.origin() == DeviceView.Origin.DISCOVERED) {
      return Future.succeededFuture(List.of());
    }
    if (question.account() != null) {
      int shard = Contracts.shardOf(question.account(), shards);
      return Contracts.DEVICES.request(bus, shard, question, deadline).map(List::of);
    }
    List<Future<DeviceList>> answers = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      answers.add(Contracts.DEVICES.request(bus, shard, question, deadline));
    }
    return Future.all(answers).map(all -> all.list());
  }
}
