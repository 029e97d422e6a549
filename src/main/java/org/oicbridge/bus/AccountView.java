package org.oicbridge.bus;

import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

/**
 * An account as it shows in {@code oic.ra.xmpp}, {@code oic.ra.user} and the API: the values that
 * were set last, whether they work or not. The credential never comes out.
 *
 * @param jid the bare JID, or null while the default account has none
 * @param served the bare JID under which the shards serve it and its devices are kept; another than
 *     {@code jid} while that one has not bound, or null while there is none
 * @param address host name or address, or null: not set, or by SRV records of the domain
 * @param port 1 to 65535
 * @param tls how the stream is secured
 * @param credential whether there is one
 * @param status what became of the values
 * @param errorReason why the status is ERROR, empty otherwise
 * @param standard whether it is the account of {@code /XMPPResURI} and {@code /XMPPUserResURI}
 * @param configured whether it stands in the configuration file, which alone can change it
 * @param version grows with every change of the values; the ETag
 */
public record AccountView(
    Jid jid,
    Jid served,
    String address,
    int port,
    Tls tls,
    boolean credential,
    Status status,
    String errorReason,
    boolean standard,
    boolean configured,
    long version) {

  /** The {@code status} of {@code oic.ra.xmpp} (OIC Remote Access section 6.2.2.1). */
  public enum Status {
    NOT_INITIALIZED("NotInitialized"),
    CONNECTED("Connected"),
    ERROR("Error");

    private final String text;

    Status(String text) {
      this.text = text;
    }

    /** As it stands in the resource. */
    public String text() {
      return text;
    }
  }
}
