package org.oicbridge.routing;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.DeviceView.Origin;
import org.oicbridge.bus.DeviceView.State;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;

/** One account: its devices, hosted and remote, its own session, and what is in flight. */
final class Account {
  /** Most remote devices that are kept for one account; presence is input from outside. */
  static final int MAX_REMOTE = 10_000;

  private final AccountConfig config;
  private final Jid clientJid;
  private final Map<DeviceId, Hosted> hosted = new LinkedHashMap<>();
  private final Map<DeviceId, Remote> remote = new HashMap<>();
  private boolean clientOnline;
  private int inFlight;

  /** A device that this gateway logs in for. */
  static final class Hosted {
    final HostedDevice device;
    final Jid jid;
    boolean online;

    Hosted(HostedDevice device, Jid jid) {
      this.device = device;
      this.jid = jid;
    }
  }

  /** A device that was seen by its presence. */
  private record Remote(Jid jid, OicResource resource, boolean available) {}

  Account(AccountConfig config, DeviceId clientId) {
    this.config = config;
    this.clientJid =
        config.jid().withResource(new OicResource(OicResource.CLIENT, clientId).toString());
    for (DeviceConfig device : config.devices()) {
      Jid jid = config.jid().withResource(new OicResource(device.rt(), device.di()).toString());
      hosted.put(device.di(), new Hosted(HostedDevice.of(device), jid));
    }
  }

  AccountConfig config() {
    return config;
  }

  OpenSession clientSession() {
    return new OpenSession(config, clientJid, SessionRole.GATEWAY);
  }

  Stream<OpenSession> deviceSessions() {
    return hosted.values().stream()
        .map(device -> new OpenSession(config, device.jid, SessionRole.DEVICE));
  }

  /** The full JID of the gateway's own session on this account. */
  Jid clientJid() {
    return clientJid;
  }

  boolean clientOnline() {
    return clientOnline;
  }

  /** The hosted device of this identifier, or null. */
  Hosted hosted(DeviceId di) {
    return hosted.get(di);
  }

  /** Takes one of the account's requests in flight; false when there are too many already. */
  boolean enter(int limit) {
    if (inFlight >= limit) {
      return false;
    }
    inFlight++;
    return true;
  }

  void leave() {
    inFlight--;
  }

  void sessionChanged(SessionEvent event) {
    boolean online = event.state() == SessionEvent.State.ONLINE;
    if (event.jid().equals(clientJid)) {
      clientOnline = online;
      // The server tells a new session who is there, never who has gone since the last one.
      remote.replaceAll((di, peer) -> new Remote(peer.jid, peer.resource, false));
      return;
    }
    event.jid().oic().map(oic -> hosted.get(oic.id())).ifPresent(device -> device.online = online);
  }

  /** Takes what the gateway's own session saw; hosted devices speak for themselves. */
  void peerChanged(PeerPresence presence) {
    if (!presence.session().equals(clientJid) || !AccessRules.mayConnect(config, presence.peer())) {
      return;
    }
    presence
        .peer()
        .oic()
        .filter(oic -> !oic.clientOnly() && !hosted.containsKey(oic.id()))
        .ifPresent(oic -> remember(oic, presence));
  }

  private void remember(OicResource oic, PeerPresence presence) {
    Remote known = remote.get(oic.id());
    boolean sameJid = known != null && known.jid.equals(presence.peer());
    // A farewell from another JID changes nothing of a device. The account's own device takes its
    // identifier back from a contact's; a contact's never takes one that is ours or in use.
    boolean mayReplace =
        known == null
            || sameJid
            || (presence.available()
                && (ours(presence.peer()) || (!known.available && !ours(known.jid))));
    if (mayReplace && (known != null || makePlace())) {
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

  private boolean ours(Jid jid) {
    return jid.bare().equals(config.jid());
  }

  /** The device of this identifier as the API shows it, or null. */
  DeviceView view(DeviceId di) {
    Hosted device = hosted.get(di);
    if (device != null) {
      return view(device);
    }
    Remote peer = remote.get(di);
    return peer == null ? null : view(peer);
  }

  /** All devices, in no order. */
  Stream<DeviceView> views() {
    return Stream.concat(
        hosted.values().stream().map(this::view), remote.values().stream().map(this::view));
  }

  private DeviceView view(Hosted device) {
    return new DeviceView(
        device.device.di(),
        config.jid(),
        List.of(device.device.rt()),
        device.device.name(),
        Origin.HOSTED,
        device.jid,
        device.online ? State.ONLINE : State.OFFLINE,
        device.device.version());
  }

  private DeviceView view(Remote peer) {
    // Without a session of our own nobody tells us who comes and goes.
    State known = peer.available ? State.ONLINE : State.OFFLINE;
    return new DeviceView(
        peer.resource.id(),
        config.jid(),
        List.of(peer.resource.deviceType()),
        "",
        Origin.REMOTE,
        peer.jid,
        clientOnline ? known : State.UNKNOWN,
        0);
  }
}
