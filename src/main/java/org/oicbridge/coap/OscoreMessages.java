package org.oicbridge.coap;

import java.security.GeneralSecurityException;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.DataSerializer;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;

/** Makes protected messages of plain ones and the other way round (RFC 8613 sections 4 and 8). */
final class OscoreMessages {
  private final UdpDataParser parser = new UdpDataParser(false, OcfOption.REGISTRY);
  private final UdpDataSerializer serializer = new UdpDataSerializer();

  /** The request in a datagram that has the OSCORE option, null for anything else. */
  Request protectedRequest(RawData raw) {
    try {
      return parser.parseMessage(raw.getBytes()) instanceof Request request
              && request.getOptions().hasOscore()
          ? request
          : null;
    } catch (MessageFormatException e) {
      // Californium answers it in its own way.
      return null;
    }
  }

  /** What an OSCORE option of a request has to hold. */
  static OscoreOption option(Request outer) throws OscoreRefusal {
    try {
      OscoreOption option = OscoreOption.parse(outer.getOptions().getOscore());
      if (option.kid() != null && option.partialIv() != null) {
        return option;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new OscoreRefusal(CoAP.ResponseCode.BAD_OPTION, "Failed to decode COSE");
  }

  /** The request inside of a protected one. */
  Request open(OscoreContext context, OscoreOption option, Request outer) throws OscoreRefusal {
    return inner(outer, plaintext(context, option, outer));
  }

  private static byte[] plaintext(OscoreContext context, OscoreOption option, Request outer)
      throws OscoreRefusal {
    try {
      return context.open(option.partialIv(), outer.getPayload());
    } catch (GeneralSecurityException e) {
      throw new OscoreRefusal(CoAP.ResponseCode.BAD_REQUEST, "Decryption failed");
    }
  }

  private Request inner(Request outer, byte[] plaintext) throws OscoreRefusal {
    try {
      DatagramReader reader = new DatagramReader(plaintext);
      Request inner = new Request(CoAP.Code.valueOf(reader.readNextByte() & 0xff));
      inner.setMID(outer.getMID());
      inner.setType(outer.getType());
      inner.setToken(outer.getToken());
      parser.parseOptionsAndPayload(reader, inner);
      // Where they go, Proxy-Uri and its like are not protected (RFC 8613 section 4.1.3), so that
      // anybody could send a request to another device: with OSCORE this is no proxy.
      if (ForwardProxy.asked(outer.getOptions())) {
        inner.getOptions().setProxyUri("oscore:");
      }
      if (!outer.getOptions().hasObserve()) {
        // A proxy that does not observe has taken it off, and expects one answer.
        inner.getOptions().removeObserve();
      }
      inner.getOptions().removeOscore();
      return inner;
    } catch (RuntimeException e) {
      // Californium's readers have several for a message that is none.
      throw new OscoreRefusal(CoAP.ResponseCode.BAD_REQUEST, "Decryption failed");
    }
  }

  /**
   * The datagram of an answer to a protected request.
   *
   * @param bytes the datagram without protection
   * @throws java.io.UncheckedIOException when no partial IV is left for it
   */
  byte[] protect(OscoreRequest request, byte[] bytes) {
    Response inner = (Response) parser.parseMessage(bytes);
    boolean notification = inner.getOptions().hasObserve();
    int sequence = notification ? inner.getOptions().getObserve() : 0;
    if (notification) {
      // Its number travels outside, where the client needs it first (section 4.1.3.5.2).
      inner.getOptions().setObserve(0);
    }
    DatagramWriter writer = new DatagramWriter();
    writer.writeByte((byte) inner.getRawCode());
    DataSerializer.serializeOptionsAndPayload(writer, inner.getOptions(), inner.getPayload());
    byte[] plaintext = writer.toByteArray();
    boolean challenge =
        !request.context().synchronised() || notification || !request.mayUseNonceFor(plaintext);
    byte[] ownIv = challenge ? request.context().nextPartialIv() : null;

    Response outer =
        new Response(notification ? CoAP.ResponseCode.CONTENT : CoAP.ResponseCode.CHANGED);
    outer.setType(inner.getType());
    outer.setMID(inner.getMID());
    outer.setToken(inner.getToken());
    outer.getOptions().setOscore(OscoreOption.ofResponse(ownIv));
    if (notification) {
      outer.getOptions().setObserve(sequence);
    }
    outer.setPayload(request.context().seal(request.partialIv(), ownIv, plaintext));
    return bytes(outer);
  }

  /** An answer outside of Californium: piggybacked, or with a message id of its own. */
  static Response answer(Request outer, CoAP.ResponseCode code) {
    Response response = new Response(code);
    boolean confirmable = outer.getType() == CoAP.Type.CON;
    response.setType(confirmable ? CoAP.Type.ACK : CoAP.Type.NON);
    response.setMID(confirmable ? outer.getMID() : ThreadLocalRandom.current().nextInt(1 << 16));
    response.setToken(outer.getToken());
    return response;
  }

  /** The datagram of a message. */
  byte[] bytes(Message message) {
    return serializer.getByteArray(message);
  }
}
