package org.oicbridge.coap;

import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.DataSerializer;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.UdpEndpointContext;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;

/**
 * Takes the protection off requests before Californium sees them and puts it on their answers after
 * (RFC 8613), so that retransmission, blocks and observation deal with plain messages. Plain
 * datagrams pass as they are.
 */
final class OscoreConnector implements Connector {
  private static final int ECHO_LENGTH = 8;

  private final Connector datagrams;
  private final Map<String, OscoreContext> byKid = new HashMap<>();
  private final OscoreEcho echo = new OscoreEcho(ECHO_LENGTH);
  private final UdpDataParser parser = new UdpDataParser(false, OcfOption.REGISTRY);
  private final UdpDataSerializer serializer = new UdpDataSerializer();

  OscoreConnector(Connector datagrams, List<OscoreContext> contexts) {
    this.datagrams = datagrams;
    contexts.forEach(context -> byKid.put(hex(context.recipientId()), context));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void setRawDataReceiver(RawDataChannel receiver) {
    datagrams.setRawDataReceiver(raw -> received(raw, receiver));
  }

  private void received(RawData raw, RawDataChannel receiver) {
    Request outer = protectedRequest(raw);
    if (outer == null) {
      receiver.receiveData(raw);
    } else if (!raw.isMulticast()) {
      try {
        unprotect(raw, outer, receiver);
      } catch (RefusedException e) {
        refuse(raw, outer, e);
      }
    }
  }

  private Request protectedRequest(RawData raw) {
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

  private void unprotect(RawData raw, Request outer, RawDataChannel receiver)
      throws RefusedException {
    OscoreOption option = option(outer);
    OscoreContext context = option.kidContext() == null ? byKid.get(hex(option.kid())) : null;
    if (context == null) {
      throw new RefusedException(CoAP.ResponseCode.UNAUTHORIZED, "Security context not found");
    }
    Request inner = inner(outer, open(context, option, outer));
    InetSocketAddress peer = raw.getInetSocketAddress();
    long number = OscoreOption.number(option.partialIv());
    OscoreRequest request = new OscoreRequest(context, option.partialIv(), peer, outer.getMID());
    if (!context.synchronised()) {
      // What was recorded before this process began must not be carried out now: RFC 8613 B.1.2.
      if (!echo.answers(context, inner)) {
        send(raw, protect(request, bytes(echo.challenge(context, outer))));
        return;
      }
      context.synchronise(number);
    } else if (!context.fresh(number)) {
      again(raw, context.recent(number), outer);
      return;
    }
    context.accept(number, request);
    EndpointContext secured =
        new MapBasedEndpointContext(
            peer, request, new Attributes().add(UdpEndpointContext.KEY_PLAIN, ""));
    receiver.receiveData(
        RawData.inbound(
            bytes(inner),
            secured,
            false,
            raw.getReceiveNanoTimestamp(),
            raw.getConnectorAddress()));
  }

  private static OscoreOption option(Request outer) throws RefusedException {
    try {
      OscoreOption option = OscoreOption.parse(outer.getOptions().getOscore());
      if (option.kid() != null && option.partialIv() != null) {
        return option;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new RefusedException(CoAP.ResponseCode.BAD_OPTION, "Failed to decode COSE");
  }

  private static byte[] open(OscoreContext context, OscoreOption option, Request outer)
      throws RefusedException {
    try {
      return context.open(option.partialIv(), outer.getPayload());
    } catch (GeneralSecurityException e) {
      throw new RefusedException(CoAP.ResponseCode.BAD_REQUEST, "Decryption failed");
    }
  }

  private Request inner(Request outer, byte[] plaintext) throws RefusedException {
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
      inner.getOptions().removeOscore();
      return inner;
    } catch (RuntimeException e) {
      // Californium's readers have several for a message that is none.
      throw new RefusedException(CoAP.ResponseCode.BAD_REQUEST, "Decryption failed");
    }
  }

  /** A number that was seen: the same message once more, or a replay. */
  private void again(RawData raw, OscoreRequest before, Request outer) throws RefusedException {
    if (before == null || !before.sentAgain(raw.getInetSocketAddress(), outer.getMID())) {
      throw new RefusedException(CoAP.ResponseCode.UNAUTHORIZED, "Replay detected");
    }
    if (before.firstAnswer() != null) {
      send(raw, before.firstAnswer());
    }
  }

  private void refuse(RawData raw, Request outer, RefusedException why) {
    // A message that nobody waits for is not worth an answer.
    if (outer.getType() == CoAP.Type.CON) {
      Response response = answer(outer, why.code());
      response.setPayload(why.getMessage());
      response.getOptions().setMaxAge(0);
      send(raw, bytes(response));
    }
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

  private byte[] bytes(org.eclipse.californium.core.coap.Message message) {
    return serializer.getByteArray(message);
  }

  private void send(RawData to, byte[] bytes) {
    datagrams.send(RawData.outbound(bytes, to.getEndpointContext(), null, false));
  }

  @Override
  public void send(RawData data) {
    OscoreRequest request = OscoreRequest.of(data.getEndpointContext());
    if (request == null) {
      datagrams.send(data);
      return;
    }
    byte[] bytes = data.getBytes();
    boolean empty = bytes[1] == 0;
    byte[] sent = empty ? bytes : protect(request, bytes);
    request.answered(sent);
    datagrams.send(RawData.outbound(sent, data.getEndpointContext(), new Forwarding(data), false));
  }

  private byte[] protect(OscoreRequest request, byte[] bytes) {
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

  @Override
  public void start() throws java.io.IOException {
    datagrams.start();
  }

  @Override
  public void stop() {
    datagrams.stop();
  }

  @Override
  public void destroy() {
    datagrams.destroy();
  }

  @Override
  public boolean isRunning() {
    return datagrams.isRunning();
  }

  @Override
  public void setEndpointContextMatcher(EndpointContextMatcher matcher) {
    datagrams.setEndpointContextMatcher(matcher);
  }

  @Override
  public InetSocketAddress getAddress() {
    return datagrams.getAddress();
  }

  @Override
  public String getProtocol() {
    return datagrams.getProtocol();
  }

  @Override
  public void processDatagram(DatagramPacket datagram) {
    datagrams.processDatagram(datagram);
  }

  private static final class RefusedException extends Exception {
    private final CoAP.ResponseCode code;

    RefusedException(CoAP.ResponseCode code, String why) {
      super(why, null, false, false);
      this.code = code;
    }

    CoAP.ResponseCode code() {
      return code;
    }
  }

  /** Tells Californium what becomes of its message though another one is sent. */
  private record Forwarding(RawData data) implements MessageCallback {
    @Override
    public void onConnecting() {
      data.onConnecting();
    }

    @Override
    public void onDtlsRetransmission(int flight) {
      data.onDtlsRetransmission(flight);
    }

    @Override
    public void onContextEstablished(EndpointContext context) {
      data.onContextEstablished(context);
    }

    @Override
    public void onSent() {
      data.onSent();
    }

    @Override
    public void onError(Throwable error) {
      data.onError(error);
    }
  }
}
