package org.oicbridge.oic;

import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 */
final class RemoteLinks {
  static final int MAX_DEVICES = 1000;
  static final int AT_ONCE = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final ResourcePath RES = ResourcePath.parse(OwnLinks.RES);

  private record Key(Jid account, DeviceId di) {}

  private final EventBus bus;
  private final int shards;
  private final Announcements announcements;
  private final Map<Key, List<Link>> known = new LinkedHashMap<>();
  private final Set<Key> asking = new HashSet<>();

  RemoteLinks(EventBus bus, int shards, Announcements announcements) {
    this.bus = bus;
    this.shards = shards;
    this.announcements = announcements;
  }

  /** What is known of a device; when nothing is, it is asked. */
  List<Link> of(Jid account, DeviceId di) {
    Key key = new Key(account, di);
    List<Link> links = known.get(key);
    if (links == null && asking.size() < AT_ONCE && asking.add(key)) {
      ask(key);
    }
    return links == null ? List.of() : links;
  }

  /** A device came or went; what it has may be something else by now. */
  void forget(Jid account, DeviceId di) {
    known.remove(new Key(account, di));
  }

  private void ask(Key key) {
    CrudnRequest request =
        new CrudnRequest(
            key.account,
            key.di,
            Operation.RETRIEVE,
            RES,
            Headers.NONE,
            null,
            key.account,
            CrudnRequest.Via.SHORTEST,
            Deadline.in(PATIENCE));
    Contracts.CRUDN
        .request(
            bus,
            Contracts.shardOf(key.account, shards),
            request,
            request.deadline().later(ForwardedResource.GRACE))
        .map(
            answer ->
                answer.status() == Status.OK && answer.body() != null
                    ? RemoteLinkReader.read(answer.body(), key.di)
                    : List.<Link>of())
        .otherwise(List.of())
        .onSuccess(links -> learn(key, links));
  }

  private void learn(Key key, List<Link> links) {
    asking.remove(key);
    known.put(key, links);
    if (known.size() > MAX_DEVICES) {
      Iterator<Key> oldest = known.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    // Also without links: there is a place for another one to be asked.
    announcements.changing(OwnLinks.RES);
  }
}
