package org.oicbridge.routing;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.DeviceView.Origin;
import org.oicbridge.bus.DeviceView.State;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;

/** One account: its devices, hosted and remote, its own session, and what is in flight. */
final class Account {
  private final Map<DeviceId, Hosted> hosted = new LinkedHashMap<>();
  private AccountConfig config;
  private GatewaySession session;
  private int inFlight;

  /** A device that this gateway logs in for. */
  static final class Hosted {
    final Jid jid;

    /** Done when the session that this one takes the place of is closed. */
    final Future<?> vacant;

    HostedDevice device;
    boolean online;

    /** Whether the device itself answers, which others see; null while that is not known. */
    Boolean answers;

    Hosted(HostedDevice device, Jid jid, Future<?> vacant) {
      this.device = device;
      this.jid = jid;
      this.vacant = vacant;
    }

    /** Whether others see its session as available. */
    boolean shown() {
      return Boolean.TRUE.equals(answers);
    }

    private State state() {
      if (online && answers == null) {
        return State.UNKNOWN;
      }
      return online && answers ? State.ONLINE : State.OFFLINE;
    }
  }

  Account(AccountConfig config, GatewaySession session) {
    this.config = config;
    this.session = session;
  }

  AccountConfig config() {
    return config;
  }

  /** The gateway's own session on this account. */
  GatewaySession session() {
    return session;
  }

  /** Serves it with another login, and lets in whom that says. */
  void serve(AccountConfig login, GatewaySession own) {
    config = login;
    session = own;
    session.retain(peer -> AccessRules.mayConnect(config, peer));
  }

  /** True when this is the identifier that the gateway has on this account. */
  boolean isGateway(DeviceId di) {
    return session.jid().oic().map(OicResource::id).filter(di::equals).isPresent();
  }

  /** The full JID that a device has on this account (OIC Remote Access section 7.1.1). */
  Jid jidOf(HostedDevice device) {
    return config.jid().withResource(new OicResource(device.rt(), device.di()).toString());
  }

  /** Takes a device, in the place of one with the same identifier. */
  void host(Hosted device) {
    session.hosts(device.device.di());
    hosted.put(device.device.di(), device);
  }

  /** Gives up a device; null when it is not there. */
  Hosted drop(DeviceId di) {
    return hosted.remove(di);
  }

  /** The hosted device of this identifier, or null. */
  Hosted hosted(DeviceId di) {
    return hosted.get(di);
  }

  /** All hosted devices, in the order in which they came. */
  Collection<Hosted> hosted() {
    return List.copyOf(hosted.values());
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
    if (event.jid().equals(session.jid())) {
      session.changed(event);
      return;
    }
    event
        .jid()
        .oic()
        .map(oic -> hosted.get(oic.id()))
        // The session of a device that was replaced has nothing to say about the one that is there.
        .filter(device -> device.jid.equals(event.jid()))
        .ifPresent(device -> device.online = event.state() == SessionEvent.State.ONLINE);
  }

  /** Takes what the gateway's own session saw. */
  void peerChanged(PeerPresence presence) {
    if (presence.session().equals(session.jid())
        && AccessRules.mayConnect(config, presence.peer())) {
      session.saw(presence, hosted::containsKey);
    }
  }

  /** The device of this identifier as the API shows it, or null. */
  DeviceView view(DeviceId di) {
    Hosted device = hosted.get(di);
    return device != null ? view(device) : session.view(di);
  }

  /** All devices, in no order. */
  Stream<DeviceView> views() {
    return Stream.concat(hosted.values().stream().map(this::view), session.views());
  }

  private DeviceView view(Hosted device) {
    return new DeviceView(
        device.device.di(),
        config.jid(),
        List.of(device.device.rt()),
        device.device.name(),
        Origin.HOSTED,
        device.jid,
        device.state(),
        device.device.version());
  }
}
