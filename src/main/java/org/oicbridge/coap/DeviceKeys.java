package org.oicbridge.coap;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.oicbridge.bus.PreSharedKey;

/** Which key the next handshake with an address uses. Asked by the one thread of the handshakes. */
final class DeviceKeys implements AdvancedPskStore {
  private static final int LIMIT = 2 * Devices.LIMIT;

  private final Map<InetSocketAddress, PreSharedKey> wanted = new ConcurrentHashMap<>();

  /**
   * The key of the handshake that the thread is at. Scandium asks for the identity by address and
   * at once for the secret by identity, which many devices may share.
   */
  private PreSharedKey current;

  /** Sets the key of an address; true when it was another one before. */
  boolean want(InetSocketAddress peer, PreSharedKey key) {
    if (wanted.size() >= LIMIT) {
      // What is lost is that a key was another one, and SessionMatcher finds that out as well.
      wanted.clear();
    }
    PreSharedKey before = wanted.put(peer, key);
    return before != null && !before.equals(key);
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
  }

  @Override
  public PskPublicInformation getIdentity(InetSocketAddress peer, ServerNames virtualHost) {
    PreSharedKey key = wanted.get(peer);
    current = key;
    return key == null ? null : new PskPublicInformation(key.identity());
  }

  @Override
  public PskSecretResult requestPskSecretResult(
      ConnectionId cid,
      ServerNames serverName,
      PskPublicInformation identity,
      String hmacAlgorithm,
      SecretKey otherSecret,
      byte[] seed,
      boolean useExtendedMasterSecret) {
    PreSharedKey key = current;
    current = null;
    if (key == null || !key.identity().equals(identity.getPublicInfoAsString())) {
      return new PskSecretResult(cid, identity, null);
    }
    // The session remembers the key, see SessionMatcher.
    return new PskSecretResult(cid, identity, SecretUtil.create(key.secret().bytes(), "PSK"), key);
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // Every key is at hand at once.
  }
}
