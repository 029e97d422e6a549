package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** Asks the shards which devices there are, and who looks after discovered ones. */
final class DeviceFinder {
  private final EventBus bus;
  private final int shards;

  DeviceFinder(EventBus bus, int shards) {
    this.bus = bus;
    this.shards = shards;
  }

  /**
   * A page of a list.
   *
   * @param more whether there are devices behind these
   */
  record Page(List<DeviceView> devices, boolean more) {}

  /** The first devices by key that a query takes, over all shards and what was discovered. */
  Future<Page> page(DeviceQuery query, Deadline deadline) {
    // One more than the page has room for tells whether another page follows.
    int asked = Math.min(Parameters.MAX_LIMIT, query.limit() + 1);
    DeviceQuery question =
        new DeviceQuery(
            query.account(),
            query.di(),
            query.rt(),
            query.origin(),
            query.state(),
            query.after(),
            asked);
    return ask(question, deadline).map(lists -> merge(lists, query.limit(), asked));
  }

  private static Page merge(List<DeviceList> lists, int limit, int asked) {
    List<DeviceView> all =
        lists.stream()
            .flatMap(list -> list.devices().stream())
            .sorted(Comparator.comparing(DeviceView::key))
            .toList();
    boolean cut = asked == limit && lists.stream().anyMatch(list -> list.devices().size() == asked);
    return new Page(all.subList(0, Math.min(limit, all.size())), cut || all.size() > limit);
  }

  /**
   * The one device that has an identifier; one that was discovered only when no account has it.
   * Fails with a {@link Refusal} when there is none, or several accounts have it and none is given.
   */
  Future<DeviceView> find(DeviceId di, Jid account, Deadline deadline) {
    DeviceQuery question =
        new DeviceQuery(account, di, null, null, null, null, Parameters.MAX_LIMIT);
    return ask(question, deadline).map(lists -> only(di, account, lists));
  }

  private static DeviceView only(DeviceId di, Jid account, List<DeviceList> lists) {
    List<DeviceView> all = lists.stream().flatMap(list -> list.devices().stream()).toList();
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
    return find(di, account, deadline)
        .map(
            device -> {
              if (device.account() == null) {
                throw new Refusal(
                    409,
                    "device-not-adopted",
                    "the device was discovered and belongs to no account; adopt it first: POST "
                        + DevicesRoutes.PREFIX
                        + di
                        + "/adopt");
              }
              return device;
            });
  }

  private Future<List<DeviceList>> ask(DeviceQuery question, Deadline deadline) {
    if (question.origin() == DeviceView.Origin.DISCOVERED && question.account() != null) {
      return Future.succeededFuture(List.of());
    }
    if (question.account() != null) {
      int shard = Contracts.shardOf(question.account(), shards);
      return Contracts.DEVICES.request(bus, shard, question, deadline).map(List::of);
    }
    List<Future<DeviceList>> answers = new ArrayList<>();
    if (question.origin() == null || question.origin() == DeviceView.Origin.DISCOVERED) {
      answers.add(Contracts.DISCOVERED.request(bus, Contracts.HOME, question, deadline));
    }
    if (question.origin() != DeviceView.Origin.DISCOVERED) {
      for (int shard = 0; shard < shards; shard++) {
        answers.add(Contracts.DEVICES.request(bus, shard, question, deadline));
      }
    }
    return Future.all(answers).map(all -> all.list());
  }
}
