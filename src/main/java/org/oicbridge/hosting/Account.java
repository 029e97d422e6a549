package org.oicbridge.hosting;

import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;
import org.oicbridge.store.StoredAccount;
import org.oicbridge.store.StoredAccount.Login;

/** One account as it is now: of the configuration file, or with what is stored of it. */
final class Account {
  private final AccountConfig config;
  private final DeviceId gatewayId;
  private final boolean standard;
  private final String deviceType;
  private StoredAccount stored;
  private SessionEvent.State session;
  private boolean wasOnline;
  private String reason = "";

  private Account(
      AccountConfig config,
      StoredAccount stored,
      DeviceId gatewayId,
      boolean standard,
      String deviceType) {
    this.config = config;
    this.stored = stored;
    this.gatewayId = gatewayId;
    this.standard = standard;
    this.deviceType = deviceType;
  }

  static Account configured(
      AccountConfig config, DeviceId gatewayId, boolean standard, String deviceType) {
    return new Account(config, null, gatewayId, standard, deviceType);
  }

  static Account stored(StoredAccount stored, boolean standard, String deviceType) {
    return new Account(null, stored, stored.gatewayId(), standard, deviceType);
  }

  boolean configured() {
    return config != null;
  }

  boolean standard() {
    return standard;
  }

  DeviceId gatewayId() {
    return gatewayId;
  }

  /** The JID under which it is kept and its devices are; null when it has none yet. */
  Jid jid() {
    return config != null ? config.jid() : stored.jid();
  }

  /** How many devices the file gives it. */
  int configuredDevices() {
    return config == null ? 0 : config.devices().size();
  }

  /** What is stored of it; null when it stands in the file. */
  StoredAccount stored() {
    return stored;
  }

  void store(StoredAccount changed) {
    stored = changed;
  }

  /** How it logs in, or null when nothing has worked yet. */
  AccountConfig login() {
    if (config != null) {
      return config;
    }
    return stored.active() == null ? null : LoginValues.config(stored.active());
  }

  /** The values that were set last. */
  Login shown() {
    if (config != null) {
      return LoginValues.of(config);
    }
    Login set = stored.pending() != null ? stored.pending() : stored.active();
    return set != null ? set : LoginValues.none();
  }

  /** The gateway's own session for a login of this account. */
  OpenSession session(AccountConfig login) {
    Jid full = login.jid().withResource(new OicResource(deviceType, gatewayId).toString());
    return new OpenSession(login, full, SessionRole.GATEWAY);
  }

  /** Takes what became of the gateway's own session; false when it is another one. */
  boolean sessionChanged(SessionEvent event) {
    AccountConfig login = login();
    if (login == null || !event.jid().equals(session(login).jid())) {
      return false;
    }
    if (event.state() == SessionEvent.State.ONLINE) {
      online();
    } else {
      session = event.state();
      reason = event.reason();
    }
    return true;
  }

  void online() {
    session = SessionEvent.State.ONLINE;
    wasOnline = true;
    reason = "";
  }

  boolean isOnline() {
    return session == SessionEvent.State.ONLINE;
  }

  AccountView view() {
    Login login = shown();
    AccountView.Status status = status();
    return new AccountView(
        login.jid(),
        jid(),
        login.address(),
        login.port(),
        LoginValues.tls(login.tls()),
        login.password() != null,
        status,
        status == AccountView.Status.ERROR ? errorReason() : "",
        standard,
        configured(),
        stored == null ? 0 : stored.version());
  }

  private boolean pending() {
    return stored != null && stored.pending() != null;
  }

  private AccountView.Status status() {
    if (pending()) {
      return stored.failure() != null
          ? AccountView.Status.ERROR
          : AccountView.Status.NOT_INITIALIZED;
    }
    if (session == null || session == SessionEvent.State.CLOSED) {
      return AccountView.Status.NOT_INITIALIZED;
    }
    return isOnline() ? AccountView.Status.CONNECTED : AccountView.Status.ERROR;
  }

  private String errorReason() {
    if (pending()) {
      return stored.failure();
    }
    if (session == SessionEvent.State.REFUSED) {
      return reason;
    }
    return (wasOnline ? "connection lost: " : "not connected: ") + reason + "; retrying";
  }
}
