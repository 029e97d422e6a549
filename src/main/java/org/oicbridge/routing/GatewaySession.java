package org.oicbridge.routing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.DeviceView.Origin;
import org.oicbridge.bus.DeviceView.State;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;

/** The gateway's own session on one account, and the devices of others that it sees. */
final class GatewaySession {
  /** Most remote devices that are kept for one account; presence is input from outside. */
  static final int MAX_REMOTE = 10_000;

  private final Jid jid;
  private final OwnIds own;
  private final Map<DeviceId, Remote> remote = new HashMap<>();
  private final Set<Jid> leaving = new HashSet<>();
  private boolean online;

  /** A device that was seen by its presence. */
  private record Remote(Jid jid, OicResource resource, boolean available) {}

  /**
   * A session that is down and sees nobody.
   *
   * @param jid its full JID
   * @param own the identifiers that belong to no device of others
   */
  GatewaySession(Jid jid, OwnIds own) {
    this.jid = jid;
    this.own = own;
  }

  Jid jid() {
    return jid;
  }

  boolean online() {
    return online;
  }

  void changed(SessionEvent event) {
    online = event.state() == SessionEvent.State.ONLINE;
    // The server tells a new session who is there, never who has gone since the last one.
    remote.replaceAll((di, peer) -> new Remote(peer.jid, peer.resource, false));
    leaving.clear();
  }

  /** Takes what it saw; devices that are hosted here speak for themselves. */
  void saw(PeerPresence presence, Predicate<DeviceId> hosted) {
    Jid peer = presence.peer();
    if (leaving.contains(peer)) {
      if (!presence.available()) {
        leaving.remove(peer);
      }
      return;
    }
    peer.oic()
        .filter(oic -> !oic.clientOnly() && !own.contains(oic.id()) && !hosted.test(oic.id()))
        .ifPresent(oic -> remember(oic, presence));
  }

  private void remember(OicResource oic, PeerPresence presence) {
    Remote known = remote.get(oic.id());
    if (known == null && (!presence.available() || !makePlace())) {
      return;
    }
    boolean sameJid = known != null && known.jid.equals(presence.peer());
    // A farewell from another JID changes nothing of a device. The account's own device takes its
    // identifier back from a contact's; a contact's never takes one that is ours or in use.
    boolean mayReplace =
        known == null
            || sameJid
            || (presence.available()
                && (ours(presence.peer()) || (!known.available && !ours(known.jid))));
    if (mayReplace) {
      remote.put(oic.id(), new Remote(presence.peer(), oic, presence.available()));
    }
  }

  /** The devices that are away give way to those that are there. */
  private boolean makePlace() {
    if (remote.size() >= MAX_REMOTE) {
      remote.values().removeIf(device -> !device.available);
    }
    return remote.size() < MAX_REMOTE;
  }

  private boolean ours(Jid peer) {
    return peer.bare().equals(jid.bare());
  }

  /** This device is hosted here from now on. */
  void hosts(DeviceId di) {
    remote.remove(di);
  }

  /**
   * A hosted device that is online leaves. What its session said while it was ours is still on its
   * way, and must not be taken for a device of others; the farewell is the last of it.
   */
  void leaves(Jid device) {
    if (online) {
      leaving.add(device);
    }
  }

  /** Forgets the devices of those that are let in no longer. */
  void retain(Predicate<Jid> admitted) {
    remote.values().removeIf(device -> !admitted.test(device.jid));
  }

  /** The remote device of this identifier as the API shows it, or null. */
  DeviceView view(DeviceId di) {
    Remote peer = remote.get(di);
    return peer == null || own.contains(di) ? null : view(peer);
  }

  /** All remote devices, in no order. */
  Stream<DeviceView> views() {
    return remote.values().stream()
        .filter(peer -> !own.contains(peer.resource.id()))
        .map(this::view);
  }

  private DeviceView view(Remote peer) {
    // Without a session of our own nobody tells us who comes and goes.
    State known = peer.available ? State.ONLINE : State.OFFLINE;
    return new DeviceView(
        peer.resource.id(),
        jid.bare(),
        List.of(peer.resource.deviceType()),
        "",
        Origin.REMOTE,
        peer.jid,
        online ? known : State.UNKNOWN,
        0);
  }
}
