package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** Asks the shards which devices there are. */
final class DeviceFinder {
  /** The most devices that one shard can be asked for. */
  static final int MAX_LIMIT = 1000;

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

  /** The first devices by key that a query takes, over all shards. */
  Future<Page> page(DeviceQuery query, Deadline deadline) {
    // One more than the page has room for tells whether another page follows.
    int asked = Math.min(MAX_LIMIT, query.limit() + 1);
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
   * The one device that has an identifier. Fails with a {@link Refusal} when there is none, or
   * several accounts have it and none is given.
   */
  Future<DeviceView> find(DeviceId di, Jid account, Deadline deadline) {
    DeviceQuery question = new DeviceQuery(account, di, null, null, null, null, MAX_LIMIT);
    return ask(question, deadline).map(lists -> only(di, account, lists));
  }

  private static DeviceView only(DeviceId di, Jid account, List<DeviceList> lists) {
    List<DeviceView> found =
        lists.stream().flatMap(list -> list.devices().stream()).collect(Collectors.toList());
    List<String> accounts =
        found.stream().map(view -> view.account().toString()).distinct().sorted().toList();
    if (found.isEmpty()) {
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
    return found.get(0);
  }

  private Future<List<DeviceList>> ask(DeviceQuery question, Deadline deadline) {
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
