package org.oicbridge.coap;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.AddressEndpointContext;

/** A client that sends what the test says and nothing else: it acknowledges nothing by itself. */
final class RawClient implements AutoCloseable {
  private final DatagramSocket socket;
  private final InetSocketAddress server;

  RawClient(InetSocketAddress server) throws Exception {
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    this.server = server;
  }

  /** A GET that wants JSON. */
  static Request get(String path, CoAP.Type type, int mid, String token) {
    Request request = new Request(Code.GET, type);
    request.getOptions().setUriPath(path).setAccept(ContentFormat.JSON);
    request.setMID(mid);
    request.setToken(token.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return request;
  }

  void send(Message message) throws Exception {
    message.setDestinationContext(new AddressEndpointContext(server));
    UdpDataSerializer serializer = new UdpDataSerializer();
    byte[] bytes =
        message instanceof Request request
            ? serializer.getByteArray(request)
            : serializer.getByteArray((EmptyMessage) message);
    socket.send(new DatagramPacket(bytes, bytes.length, server));
  }

  /** The next message of the server, whichever it is. */
  Message next() throws Exception {
    DatagramPacket packet = CoapGateway.receive(socket);
    return new UdpDataParser().parseMessage(CoapGateway.bytes(packet));
  }

  /** The next message of the server that has a code. */
  Response response() throws Exception {
    Message message = next();
    while (!(message instanceof Response)) {
      message = next();
    }
    return (Response) message;
  }

  void acknowledge(Response response) throws Exception {
    answer(CoAP.Type.ACK, response);
  }

  void reset(Response response) throws Exception {
    answer(CoAP.Type.RST, response);
  }

  private void answer(CoAP.Type type, Response response) throws Exception {
    EmptyMessage empty = new EmptyMessage(type);
    empty.setMID(response.getMID());
    empty.setToken(Token.EMPTY);
    send(empty);
  }

  @Override
  public void close() {
    socket.close();
  }
}
