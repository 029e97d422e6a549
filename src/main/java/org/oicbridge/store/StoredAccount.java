package org.oicbridge.store;

import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * An account that was provisioned or registered. Two sets of values (OIC Remote Access section
 * 6.2.1): the active one has bound and logs in after a restart; the pending one was set later and
 * has not, or has failed.
 *
 * @param jid the bare JID under which it is kept; null while the default account has none
 * @param standard whether it is the default account, of which there is at most one
 * @param gatewayId the identifier that the gateway's own session on it binds with
 * @param active what bound last, or null
 * @param pending what was set and has not bound, or null
 * @param failure why the pending set did not bind; null when it was not tried
 * @param version grows with every change of the values, and no other of the same JID had it
 */
public record StoredAccount(
    Jid jid,
    boolean standard,
    DeviceId gatewayId,
    Login active,
    Login pending,
    String failure,
    long version) {

  /** One of which nothing is set yet. */
  public static StoredAccount fresh(Jid jid, boolean standard, DeviceId gatewayId) {
    return new StoredAccount(jid, standard, gatewayId, null, null, null, 0);
  }

  /** The same with values that are set now, which is a change. */
  public StoredAccount withPending(Login set, long newer) {
    return new StoredAccount(jid, standard, gatewayId, active, set, null, newer);
  }

  /** The same once the pending set has bound, under its JID. */
  public StoredAccount bound() {
    return new StoredAccount(pending.jid(), standard, gatewayId, pending, null, null, version);
  }

  /** The same once the pending set has not bound. */
  public StoredAccount failed(String reason) {
    return new StoredAccount(jid, standard, gatewayId, active, pending, reason, version);
  }

  /**
   * A set of values. Those of a pending set may be missing.
   *
   * @param jid the bare JID, or null
   * @param address host name or address, or null: not set, or by SRV records
   * @param port 1 to 65535
   * @param tls {@code starttls}, {@code direct} or {@code none}
   * @param password the password itself, or null; it is encrypted in the store and never appears in
   *     {@link #toString()}
   */
  public record Login(Jid jid, String address, int port, String tls, String password) {
    /** The same with another password, or null. */
    public Login withPassword(String other) {
      return new Login(jid, address, port, tls, other);
    }

    @Override
    public String toString() {
      return jid + " at " + address + ":" + port + " (" + tls + ")";
    }
  }
}
