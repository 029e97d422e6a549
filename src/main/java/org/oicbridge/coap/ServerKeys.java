package org.oicbridge.coap;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Map;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.oicbridge.crudn.Secret;

/**
 * The keys of DTLS clients. An unknown identity gets a key that nobody has, so that its handshake
 * fails as one with a wrong key does, and nobody finds out which identities there are.
 */
final class ServerKeys implements AdvancedPskStore {
  private static final int NOBODYS_LENGTH = 16;

  private final Map<String, Secret> keys;
  private final SecureRandom random;

  ServerKeys(Map<String, Secret> keys, SecureRandom random) {
    this.keys = Map.copyOf(keys);
    this.random = random;
  }

  @Override
  public boolean hasEcdhePskSupported() {
    return true;
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
    byte[] nobodys = new byte[NOBODYS_LENGTH];
    random.nextBytes(nobodys);
    Secret known = keys.get(identity.getPublicInfoAsString());
    byte[] key = known == null ? nobodys : known.bytes();
    return new PskSecretResult(cid, identity, SecretUtil.create(key, "PSK"));
  }

  @Override
  public PskPublicInformation getIdentity(InetSocketAddress peer, ServerNames virtualHost) {
    // Only a client shows one.
    return null;
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // Every key is at hand at once.
  }
}
