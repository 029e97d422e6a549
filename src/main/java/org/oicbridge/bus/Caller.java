package org.oicbridge.bus;

import java.util.Set;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Right;

/**
 * Who asks the gateway's own device for something.
 *
 * @param identity stable and unique: the name of a configured identity with its kind in front, such
 *     as {@code psk:kitchen}, the bare JID of a peer with {@code xmpp:} in front, or empty for a
 *     stranger
 * @param account the bare JID of the account that it belongs to; null for the default account,
 *     whichever that is, and for a stranger
 * @param rights what it may do; a stranger has none and still reads what everybody may
 * @param secure whether nobody between the two can read or change what they say: DTLS, OSCORE, or
 *     the XMPP session of the account's own bare JID
 */
public record Caller(String identity, Jid account, Set<Right> rights, boolean secure) {
  /** Somebody of whom nothing is known. */
  public static final Caller STRANGER = new Caller("", null, Set.of(), false);

  public Caller {
    rights = Set.copyOf(rights);
  }

  /** True when it has no identity. */
  public boolean stranger() {
    return identity.isEmpty();
  }

  public boolean may(Right right) {
    return rights.contains(right);
  }
}
