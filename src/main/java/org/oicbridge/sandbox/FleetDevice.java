package org.oicbridge.sandbox;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.serialization.DataParser;
import org.eclipse.californium.core.network.serialization.DataSerializer;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;

/**
 * One OCF light that is nothing but state: datagrams in, datagrams out (RFC 7252 section 4). Used
 * on the event loop of its channel only.
 *
 * <p>It answers at once, confirmable requests in the acknowledgement, and does what it is asked
 * once, however often it is asked. What it sends by itself is not confirmable. Bodies fit into one
 * datagram.
 */
final class FleetDevice {
  private static final DataSerializer SERIALIZER = new UdpDataSerializer();

  private final SimulatedDevices.Device description;
  private final DataParser parser;
  private final Map<String, OcfContent> contents;
  private final AnsweredRequests answered = new AnsweredRequests();
  private final FleetObservers observers = new FleetObservers();
  private int nextMid;

  /** Where its datagrams go. */
  interface Out {
    void send(byte[] datagram, InetSocketAddress peer);
  }

  /**
   * A light that is off.
   *
   * @param number which one of the fleet, from 0; its identifiers follow from that
   */
  FleetDevice(int number, URI endpoint) {
    String di = "0a6f1c9e-5c3b-4b7d-9a55-%012x".formatted(number);
    description = new SimulatedDevices.Device(di, "oic.d.light", "Light " + number, endpoint);
    parser = new UdpDataParser();
    contents =
        OcfResources.core(
            di,
            description.rt(),
            description.name(),
            "7d1d4b39-6b0c-4d0a-8f0e-%012x".formatted(number),
            description::endpoint);
    contents.put("/light", OcfResources.binarySwitch());
    contents.put("/dimming", OcfResources.dimming());
  }

  SimulatedDevices.Device description() {
    return description;
  }

  /** Takes a datagram, and drops what is no message of CoAP. */
  void receive(byte[] datagram, InetSocketAddress peer, Out out) {
    Message message;
    try {
      message = parser.parseMessage(datagram);
    } catch (MessageFormatException e) {
      return;
    }
    if (message instanceof Request request) {
      request(request, peer, out);
    } else if (message.getType() == CoAP.Type.RST) {
      observers.rejected(peer, message.getMID());
    } else if (message.getType() == CoAP.Type.CON) {
      // A ping (section 4.3), or an answer to what nobody has asked.
      EmptyMessage reset = new EmptyMessage(CoAP.Type.RST);
      reset.setMID(message.getMID());
      reset.setToken(Token.EMPTY);
      out.send(SERIALIZER.getByteArray(reset), peer);
    }
  }

  private void request(Request request, InetSocketAddress peer, Out out) {
    byte[] earlier = answered.find(peer, request.getMID());
    if (earlier != null) {
      if (request.getType() == CoAP.Type.CON) {
        out.send(earlier, peer);
      }
      return;
    }
    String href = "/" + request.getOptions().getUriPathString();
    Response response = answer(request, href);
    boolean confirmable = request.getType() == CoAP.Type.CON;
    if (request.getOptions().hasObserve()) {
      observe(request, href, response, peer);
    }
    response.setType(confirmable ? CoAP.Type.ACK : CoAP.Type.NON);
    response.setMID(confirmable ? request.getMID() : mid());
    response.setToken(request.getToken());
    byte[] datagram = SERIALIZER.getByteArray(response);
    answered.add(peer, request.getMID(), datagram);
    out.send(datagram, peer);
    if (response.getCode() == ResponseCode.CHANGED) {
      observers.each(href, observer -> notify(observer, out));
    }
  }

  private Response answer(Request request, String href) {
    OptionSet options = request.getOptions();
    OcfContent content = contents.get(href);
    if (options.hasBlock1() || (options.hasBlock2() && options.getBlock2().getNum() > 0)) {
      return OcfAnswer.refuse(ResponseCode.BAD_OPTION, "bodies here fit into one datagram");
    }
    return content == null
        ? new Response(ResponseCode.NOT_FOUND)
        : OcfAnswer.to(content, href, request.getCode(), options, request.getPayload());
  }

  private void observe(Request request, String href, Response response, InetSocketAddress peer) {
    boolean possible = request.getCode() == CoAP.Code.GET && OcfLinks.observable(href);
    if (!possible || !response.isSuccess()) {
      return;
    }
    if (request.getOptions().getObserve() == 0) {
      FleetObservers.Observer observer = observers.add(href, peer, request);
      response.getOptions().setObserve(observer.next(-1));
    } else {
      observers.remove(href, peer, request.getToken());
    }
  }

  private void notify(FleetObservers.Observer observer, Out out) {
    Request asked = observer.request();
    String href = observer.href();
    Response notification =
        OcfAnswer.to(contents.get(href), href, asked.getCode(), asked.getOptions(), new byte[0]);
    int mid = mid();
    notification.setType(CoAP.Type.NON);
    notification.setMID(mid);
    notification.setToken(asked.getToken());
    notification.getOptions().setObserve(observer.next(mid));
    out.send(SERIALIZER.getByteArray(notification), observer.peer());
  }

  private int mid() {
    nextMid = (nextMid + 1) & 0xffff;
    return nextMid;
  }
}
