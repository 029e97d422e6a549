package org.oicbridge.coap;

import java.security.Principal;
import java.util.Locale;
import java.util.Set;
import org.eclipse.californium.elements.PrincipalEndpointContextMatcher;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.oicbridge.bus.PreSharedKey;

/**
 * Lets a request into a DTLS session only if that session was made with the key, or the
 * certificate, of the device that is meant. Several devices may be registered at one address, and
 * one may get another key while its old session is open.
 */
final class SessionMatcher extends PrincipalEndpointContextMatcher {
  /** Under this name a session holds the key it was made with. */
  static final String KEY = "key";

  @Override
  protected boolean matchPrincipals(Principal wanted, Principal available) {
    if (!(wanted instanceof SecuredBy device)) {
      // Both are of sessions: does the answer come from where the request went?
      return wanted.equals(available) && keysMatch(key(wanted), key(available));
    }
    return device.key() == null ? names(device, available) : device.key().equals(key(available));
  }

  private static boolean keysMatch(PreSharedKey one, PreSharedKey other) {
    return one == null ? other == null : one.equals(other);
  }

  private static PreSharedKey key(Principal principal) {
    return principal instanceof PreSharedKeyIdentity psk
        ? psk.getExtendedInfo().get(KEY, PreSharedKey.class)
        : null;
  }

  private static boolean names(SecuredBy device, Principal available) {
    if (!(available instanceof X509CertPath path)) {
      return false;
    }
    Set<String> names = Identities.names(path.getTarget());
    return names.contains(device.host().toLowerCase(Locale.ROOT))
        || names.contains(device.di().canonical())
        || names.contains("uuid:" + device.di().canonical());
  }
}
