package org.oicbridge.coap;

import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.UdpEndpointContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the protection off requests before Californium sees them and puts it on their answers after
 * (RFC 8613), so that retransmission, blocks and observation deal with plain messages. Plain
 * datagrams pass as they are.
 */
final class OscoreConnector implements Connector {
  private static final Logger LOG = LoggerFactory.getLogger(OscoreConnector.class);
  private static final int ECHO_LENGTH = 8;

  private final Connector datagrams;
  private final Map<String, OscoreContext> byKid = new HashMap<>();
  private final OscoreEcho echo = new OscoreEcho(ECHO_LENGTH);
  private final OscoreMessages messages = new OscoreMessages();

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
    Request outer = messages.protectedRequest(raw);
    if (outer == null) {
      receiver.receiveData(raw);
    } else if (!raw.isMulticast()) {
      try {
        unprotect(raw, outer, receiver);
      } catch (OscoreRefusal e) {
        refuse(raw, outer, e);
      }
    }
  }

  private void unprotect(RawData raw, Request outer, RawDataChannel receiver) throws OscoreRefusal {
    OscoreOption option = OscoreMessages.option(outer);
    OscoreContext context = option.kidContext() == null ? byKid.get(hex(option.kid())) : null;
    if (context == null) {
      throw new OscoreRefusal(CoAP.ResponseCode.UNAUTHORIZED, "Security context not found");
    }
    Request inner = messages.open(context, option, outer);
    InetSocketAddress peer = raw.getInetSocketAddress();
    long number = OscoreOption.number(option.partialIv());
    OscoreRequest request = new OscoreRequest(context, option.partialIv(), peer, outer.getMID());
    if (!context.synchronised()) {
      // What was recorded before this process began must not be carried out now: RFC 8613 B.1.2.
      if (!echo.answers(context, inner)) {
        challenge(raw, request, echo.challenge(context, outer));
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
            messages.bytes(inner),
            secured,
            false,
            raw.getReceiveNanoTimestamp(),
            raw.getConnectorAddress()));
  }

  private void challenge(RawData raw, OscoreRequest request, Response challenge) {
    try {
      send(raw, messages.protect(request, messages.bytes(challenge)));
    } catch (UncheckedIOException e) {
      LOG.error("nothing can be sent under OSCORE: {}", e.getMessage());
    }
  }

  /** A number that was seen: the same message once more, or a replay. */
  private void again(RawData raw, OscoreRequest before, Request outer) throws OscoreRefusal {
    if (before == null || !before.sentAgain(raw.getInetSocketAddress(), outer.getMID())) {
      throw new OscoreRefusal(CoAP.ResponseCode.UNAUTHORIZED, "Replay detected");
    }
    if (before.firstAnswer() != null) {
      send(raw, before.firstAnswer());
    }
  }

  private void refuse(RawData raw, Request outer, OscoreRefusal why) {
    // A message that nobody waits for is not worth an answer.
    if (outer.getType() == CoAP.Type.CON) {
      Response response = OscoreMessages.answer(outer, why.code());
      response.setPayload(why.getMessage());
      response.getOptions().setMaxAge(0);
      send(raw, messages.bytes(response));
    }
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
    byte[] sent;
    try {
      sent = empty ? bytes : messages.protect(request, bytes);
    } catch (UncheckedIOException e) {
      LOG.error("nothing can be sent under OSCORE: {}", e.getMessage());
      data.onError(e);
      return;
    }
    request.answered(sent);
    datagrams.send(RawData.outbound(sent, data.getEndpointContext(), new Forwarding(data), false));
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
