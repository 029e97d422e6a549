package org.oicbridge.coap;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;

/**
 * Makes a client show that it receives what is sent to its address (RFC 9175 section 2.3). The
 * value holds when it was made, and a MAC over that and the address, so nothing is remembered.
 */
final class Echo {
  static final Duration FRESH = Duration.ofSeconds(60);

  private static final String MAC = "HmacSHA256";
  private static final int MAC_LENGTH = 8;

  private final SecretKeySpec key;
  private final LongSupplier nanoTime;

  /**
   * Makes a key that lives as long as this.
   *
   * @param nanoTime the clock, {@link System#nanoTime()}
   */
  Echo(LongSupplier nanoTime) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, MAC);
    this.nanoTime = nanoTime;
  }

  /** Asks the sender of a request to repeat it with a value of this moment. */
  Response challenge(Request request) {
    Response response = new Response(ResponseCode.UNAUTHORIZED);
    response
        .getOptions()
        .addOption(
            StandardOptionRegistry.ECHO.create(
                value(nanoTime.getAsLong(), request.getSourceContext().getPeerAddress())));
    return response;
  }

  /** True when a request has a value that was sent to its address a short while ago. */
  boolean verified(Request request) {
    List<Option> found = request.getOptions().getOthers(StandardOptionRegistry.ECHO);
    if (found.size() != 1 || found.get(0).getValue().length != Long.BYTES + MAC_LENGTH) {
      return false;
    }
    byte[] value = found.get(0).getValue();
    long made = ByteBuffer.wrap(value).getLong();
    long age = nanoTime.getAsLong() - made;
    return MessageDigest.isEqual(value, value(made, request.getSourceContext().getPeerAddress()))
        && age >= 0
        && age <= FRESH.toNanos();
  }

  private byte[] value(long made, InetSocketAddress peer) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      mac.update(ByteBuffer.allocate(Long.BYTES).putLong(made).array());
      mac.update(peer.getAddress().getAddress());
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(peer.getPort()).array());
      return ByteBuffer.allocate(Long.BYTES + MAC_LENGTH)
          .putLong(made)
          .put(Arrays.copyOf(mac.doFinal(), MAC_LENGTH))
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + MAC, e);
    }
  }
}
