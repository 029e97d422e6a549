package org.oicbridge.coap;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;

/**
 * Has the first request of each security context repeated with a value of this process (RFC 8613
 * appendix B.1.2): only then is it certainly not a recording.
 */
final class OscoreEcho {
  private final int length;
  private final SecureRandom random = new SecureRandom();
  private final Map<OscoreContext, byte[]> values = new HashMap<>();

  OscoreEcho(int length) {
    this.length = length;
  }

  private byte[] value(OscoreContext context) {
    return values.computeIfAbsent(
        context,
        each -> {
          byte[] value = new byte[length];
          random.nextBytes(value);
          return value;
        });
  }

  Response challenge(OscoreContext context, Request outer) {
    Response response = OscoreMessages.answer(outer, CoAP.ResponseCode.UNAUTHORIZED);
    response.getOptions().addOption(StandardOptionRegistry.ECHO.create(value(context)));
    return response;
  }

  boolean answers(OscoreContext context, Request inner) {
    List<Option> found = inner.getOptions().getOthers(StandardOptionRegistry.ECHO);
    return found.size() == 1 && MessageDigest.isEqual(found.get(0).getValue(), value(context));
  }
}
