package org.oicbridge.oic;

import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.bus.Contracts;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/**
 * The links of remote devices, as these list them themselves. A device is asked when somebody looks
 * for devices, who does not wait for it, and once until it comes anew; whether it answered or not.
 * Of an account that has more devices than are listed, the further ones are not asked.
 */
final class RemoteLinks {
  static final int AT_ONCE = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final ResourcePath RES = ResourcePath.parse(OwnLinks.RES);

  /** One question to a device; another one has taken its place when it came anew meanwhile. */
  private record Attempt(Jid account, DeviceId di, long number) {}

  /** The devices of one account that are there: what they have, or the question to them. */
  private static final class Devices {
    final Map<DeviceId, List<Link>> known = new HashMap<>();
    final Map<DeviceId, Attempt> asking = new HashMap<>();

    boolean full() {
      return known.size() + asking.size() >= RemoteDevices.MAX_DEVICES;
    }
  }

  private final EventBus bus;
  private final int shards;
  private final Announcements announcements;
  private final Map<Jid, Devices> accounts = new HashMap<>();
  private int underWay;
  private long attempts;

  RemoteLinks(EventBus bus, int shards, Announcements announcements) {
    this.bus = bus;
    this.shards = shards;
    this.announcements = announcements;
  }

  /** What is known of a device; when nothing is, it is asked. */
  List<Link> of(Jid account, DeviceId di) {
    Devices devices = accounts.computeIfAbsent(account, jid -> new Devices());
    List<Link> links = devices.known.get(di);
    if (links == null && underWay < AT_ONCE && !devices.full() && !devices.asking.containsKey(di)) {
      Attempt attempt = new Attempt(account, di, attempts++);
      devices.asking.put(di, attempt);
      ask(attempt);
    }
    return links == null ? List.of() : links;
  }

  /** A device came or went; what it has may be something else by now. */
  void forget(Jid account, DeviceId di) {
    Devices devices = accounts.get(account);
    if (devices != null) {
      devices.known.remove(di);
      devices.asking.remove(di);
    }
  }

  /** Nobody tells any more which devices of an account come and go. */
  void forget(Jid account) {
    accounts.remove(account);
  }

  private void ask(Attempt attempt) {
    underWay++;
    CrudnRequest request =
        new CrudnRequest(
            attempt.account,
            attempt.di,
            Operation.RETRIEVE,
            RES,
            Headers.NONE,
            null,
            attempt.account,
            CrudnRequest.Via.SHORTEST,
            Deadline.in(PATIENCE));
    Contracts.CRUDN
        .request(
            bus,
            Contracts.shardOf(attempt.account, shards),
            request,
            request.deadline().later(ForwardedResource.GRACE))
        .map(
            answer ->
                answer.status() == Status.OK && answer.body() != null
                    ? RemoteLinkReader.read(answer.body(), attempt.di)
                    : List.<Link>of())
        .otherwise(List.of())
        .onSuccess(links -> learn(attempt, links));
  }

  private void learn(Attempt attempt, List<Link> links) {
    underWay--;
    Devices devices = accounts.get(attempt.account);
    if (devices != null && devices.asking.remove(attempt.di, attempt)) {
      devices.known.put(attempt.di, links);
    }
    // Also without links: there is a place for another one to be asked.
    announcements.changing(OwnLinks.RES);
  }
}
