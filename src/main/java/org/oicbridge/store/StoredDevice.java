package org.oicbridge.store;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Secret;

/**
 * A hosted device that was registered, published or adopted.
 *
 * @param account the bare JID of its account, which may be one of the configuration file; null for
 *     the default account while it has no JID
 * @param di its identifier
 * @param rt its device type, or null while it is not known
 * @param name for people, may be empty
 * @param endpoint where it is
 * @param owner the identity that published it, such as {@code psk:kitchen}; null when the API
 *     registered or adopted it
 * @param expires when it goes unless it is renewed; null for never
 * @param keyIdentity what the pre-shared key is called, or null when there is none
 * @param keySecret that key, or null; it is encrypted in the store
 * @param links what it published
 * @param version grows with every change of the registration, and no other of the same identifier
 *     had it
 */
public record StoredDevice(
    Jid account,
    DeviceId di,
    String rt,
    String name,
    URI endpoint,
    String owner,
    Instant expires,
    String keyIdentity,
    Secret keySecret,
    List<Link> links,
    long version) {

  public StoredDevice {
    links = List.copyOf(links);
  }

  /** The same with the type that was found out, which is no change of the registration. */
  public StoredDevice withType(String type) {
    return new StoredDevice(
        account, di, type, name, endpoint, owner, expires, keyIdentity, keySecret, links, version);
  }

  /** The same with other links, which is a change. */
  public StoredDevice withLinks(List<Link> others, long newer) {
    return new StoredDevice(
        account, di, rt, name, endpoint, owner, expires, keyIdentity, keySecret, others, newer);
  }

  /** The same under another account. */
  public StoredDevice withAccount(Jid other) {
    return new StoredDevice(
        other, di, rt, name, endpoint, owner, expires, keyIdentity, keySecret, links, version);
  }

  /**
   * What tells it from all others.
   *
   * @param account the bare JID, or null for the default account without one
   */
  public record Key(Jid account, DeviceId di) {
    /** As it stands in the log. */
    @Override
    public String toString() {
      return di + " of " + (account == null ? "the default account" : account);
    }
  }

  /** What tells it from all others. */
  public Key key() {
    return new Key(account, di);
  }
}
