package org.oicbridge.oic;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.oicbridge.bus.Caller;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

/** Who may ask for what everybody may not. */
final class Access {
  private Access() {}

  /** Demands an identity. */
  static void requireIdentity(Caller caller) {
    if (caller.stranger()) {
      throw new Refusal(
          Status.UNAUTHORIZED, "identity-required", "this resource is for known identities only");
    }
  }

  /** Demands an identity whose words nobody else can read (OIC Remote Access section 6.2.1). */
  static void requireSecure(Caller caller) {
    requireIdentity(caller);
    if (!caller.secure()) {
      throw new Refusal(
          Status.UNAUTHORIZED,
          "secure-channel-required",
          "credentials and what belongs to them are taken over DTLS or OSCORE only");
    }
  }

  /** Demands one of several rights. */
  static void requireAny(Caller caller, Right... rights) {
    if (Arrays.stream(rights).noneMatch(caller::may)) {
      throw new Refusal(
          Status.FORBIDDEN,
          "right-missing",
          caller.identity()
              + " needs the right to "
              + Arrays.stream(rights).map(Right::text).collect(Collectors.joining(" or ")));
    }
  }
}
