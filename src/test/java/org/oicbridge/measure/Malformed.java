package org.oicbridge.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.oicbridge.GatewayProcess;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.SmackStream;
import org.oicbridge.peers.StanzaKind;
import org.oicbridge.peers.TlsMode;

/** Input that nobody who knows the protocols would send, at each face of the gateway. */
final class Malformed {
  private static final int BLOCK = 4096;
  private static final int READ_MILLIS = 2000;

  private static final List<String> DOCUMENTS =
      List.of(
          "not XML at all",
          "<rest xmlns='rest.oic.org'><url method='GET'>/value</rest>",
          "<!DOCTYPE rest [<!ENTITY x 'y'>]><rest xmlns='rest.oic.org'><url/></rest>",
          "<rest xmlns='rest.oic.org'><url method='FETCH'>/value</url></rest>",
          "<rest xmlns='rest.oic.org'><url method='Post'>/value</url><body>"
              + "<json xmlns='urn:xmpp:json:0'>{\"a\":</json></body></rest>",
          "<rest xmlns='rest.oic.org'>");

  private static final List<String> PUBLICATIONS =
      List.of("{", "[]", "{\"di\":1}", "{\"di\":\"x\",\"links\":[{}]}", "\u0000");

  private final GatewayProcess gateway;
  private final Fleet fleet;
  private final Random random;

  Malformed(GatewayProcess gateway, Fleet fleet, Random random) {
    this.gateway = gateway;
    this.fleet = fleet;
    this.random = random;
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Over HTTP: noise, half a request, JSON that is none, deep JSON, a head without end. */
  void http() throws IOException {
    String post =
        "POST "
            + Api.resource(Fleet.di(0), "value")
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + gateway.port()
            + "\r\n"
            + GatewayProcess.authorization()
            + "\r\nContent-Type: application/json\r\n";
    raw(noise(300));
    raw("GET / HTTP/1.1\r\nHo".getBytes(UTF_8));
    raw((post + "Content-Length: 5\r\n\r\n{\"a\":").getBytes(UTF_8));
    raw((post + "Content-Length: 2000\r\n\r\n" + "[".repeat(2000)).getBytes(UTF_8));
    raw((post + "Content-Length: 900\r\n\r\n{\"half").getBytes(UTF_8));
    raw((post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n").getBytes(UTF_8));
    raw((post + "X: " + "y".repeat(100_000) + "\r\n\r\n").getBytes(UTF_8));
    raw(post.replace("/resources/", "/resources/%zz/..%2f").getBytes(UTF_8));
  }

  private void raw(byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(READ_MILLIS);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      try {
        out.write(bytes);
        in.read(new byte[BLOCK]);
      } catch (IOException e) {
        // It closed the connection, or waits for more: either way it has read this.
      }
    }
  }

  /** Over CoAP: noise at the server, broken publications, and noise from a device. */
  void coap(FleetDevice device) throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(0, InetAddress.getByName(SoakRegistrations.PUBLISHER))) {
      for (int i = 0; i < 20; i++) {
        send(socket, noise(1 + random.nextInt(100)));
      }
      for (String publication : PUBLICATIONS) {
        send(socket, post(publication.getBytes(UTF_8)));
      }
      send(socket, post(noise(200)));
    }
    for (int i = 0; i < 20; i++) {
      device.send(noise(1 + random.nextInt(100)));
    }
  }

  private void send(DatagramSocket socket, byte[] bytes) throws IOException {
    socket.send(
        new DatagramPacket(
            bytes, bytes.length, InetAddress.getLoopbackAddress(), gateway.coapPort()));
  }

  /** A confirmable POST to {@code /oic/rd} of Content-Format 50 (RFC 7252 section 3). */
  private byte[] post(byte[] payload) {
    byte[] head = {
      0x40,
      0x02,
      (byte) random.nextInt(256),
      (byte) random.nextInt(256),
      (byte) 0xb3,
      'o',
      'i',
      'c',
      0x02,
      'r',
      'd',
      0x11,
      50,
      (byte) 0xff
    };
    byte[] message = new byte[head.length + payload.length];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(payload, 0, message, head.length, payload.length);
    return message;
  }

  /** Over XMPP: documents and blocks that are none, wrong sequences, streams that nobody opened. */
  void xmpp() {
    int number = random.nextInt(fleet.accounts());
    SmackLogin login =
        SmackLogin.at(
            fleet.server(),
            TlsMode.STARTTLS,
            Fleet.user(number),
            Fleet.PASSWORD,
            "OIC/1.0/oic.d.light/" + UUID.randomUUID());
    String target = fleet.jid(number) + "/OIC/1.0/" + FleetDevice.RT + "/" + Fleet.di(number);
    try (SmackPeer peer = SmackPeer.login(login)) {
      for (String document : DOCUMENTS) {
        SmackStream stream = peer.open(target, StanzaKind.MESSAGE, BLOCK);
        String text = Base64.getEncoder().encodeToString(document.getBytes(UTF_8));
        String seq = random.nextInt(4) == 0 ? "7" : "0";
        peer.sendBlock(target, StanzaKind.MESSAGE, stream.sid(), seq, text);
        peer.sendBlock(target, StanzaKind.MESSAGE, stream.sid(), "1", "*not base64*");
      }
      peer.sendBlock(target, StanzaKind.MESSAGE, "nobody-opened-this", "0", "AAAA");
      peer.sendBlock(target, StanzaKind.IQ, "nobody-opened-this", "65536", "AAAA");
      peer.send("<iq type='set' id='m1' to='" + target + "'><open xmlns='x'/></iq>");
      peer.send("<message to='" + target + "'><body>hello</body></message>");
      peer.send("<presence to='" + target + "'><x xmlns='y'><z/></x></presence>");
      peer.cut();
    }
  }
}
