package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Arrays;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Blocks and messages that come in the middle of others, out of their order, or twice. */
@Timeout(60)
class MixedUpTest {
  private static final int BLOCK = 1024;
  private static final byte CONFIRMABLE = 0x41;
  private static final byte POST = 0x02;

  @RegisterExtension final OwnServer server = new OwnServer();

  private int messageId = 0x1200;

  @BeforeEach
  void start() throws Exception {
    server.start(OwnServer.identity("house", OwnServer.LOOPBACK));
  }

  /** A body of three blocks, of one letter. */
  private static String body(char letter) {
    return "\"" + String.valueOf(letter).repeat(2 * BLOCK + 100) + "\"";
  }

  /** A confirmable POST of /oic/rd as it is on the wire (RFC 7252 section 3). */
  private Buffer post(int token) {
    messageId++;
    return Buffer.buffer(new byte[] {CONFIRMABLE, POST})
        .appendUnsignedShort(messageId)
        .appendByte((byte) token)
        .appendByte((byte) 0xb3)
        .appendString("oic")
        .appendByte((byte) 0x02)
        .appendString("rd");
  }

  /** The same with a block of a body in JSON. */
  private byte[] block(String body, int number) {
    int end = Math.min(body.length(), (number + 1) * BLOCK);
    int more = end < body.length() ? 8 : 0;
    return post(number)
        .appendBytes(new byte[] {0x11, 50, (byte) 0xd1, 2, (byte) (number << 4 | more | 6)})
        .appendByte((byte) 0xff)
        .appendString(body.substring(number * BLOCK, end))
        .getBytes();
  }

  private static DatagramSocket client() throws SocketException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private byte[] exchange(DatagramSocket client, byte[] message) throws IOException {
    client.send(new DatagramPacket(message, message.length, server.address()));
    DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
    client.receive(answer);
    return Arrays.copyOf(answer.getData(), answer.getLength());
  }

  private ResponseCode send(DatagramSocket client, byte[] message) throws IOException {
    return ResponseCode.valueOf(exchange(client, message)[1]);
  }

  @Test
  void blocksOfTwoClients_areNeverPutTogether() throws Exception {
    try (DatagramSocket one = client();
        DatagramSocket other = client()) {
      for (int number = 0; number < 3; number++) {
        ResponseCode expected = number < 2 ? ResponseCode.CONTINUE : ResponseCode.CHANGED;
        assertThat(send(one, block(body('a'), number))).isEqualTo(expected);
        assertThat(send(other, block(body('b'), number))).isEqualTo(expected);
      }
    }
    assertThat(server.asked)
        .extracting(asked -> asked.request().body())
        .containsExactly(body('a'), body('b'));
  }

  @Test
  void blockOfAnotherClient_doesNotContinueAnUpload() throws Exception {
    try (DatagramSocket one = client();
        DatagramSocket other = client()) {
      assertThat(send(one, block(body('a'), 0))).isEqualTo(ResponseCode.CONTINUE);
      assertThat(send(other, block(body('b'), 1)))
          .isEqualTo(ResponseCode.REQUEST_ENTITY_INCOMPLETE);
    }
    assertThat(server.asked).isEmpty();
  }

  @Test
  void blocksOutOfTheirOrder_areNoBody() throws Exception {
    try (DatagramSocket one = client()) {
      assertThat(send(one, block(body('a'), 0))).isEqualTo(ResponseCode.CONTINUE);
      assertThat(send(one, block(body('a'), 2))).isEqualTo(ResponseCode.REQUEST_ENTITY_INCOMPLETE);
      assertThat(send(one, block(body('a'), 1))).isEqualTo(ResponseCode.REQUEST_ENTITY_INCOMPLETE);
    }
    assertThat(server.asked).isEmpty();
  }

  @Test
  void messageThatComesTwice_isCarriedOutOnceAndAnsweredAlike() throws Exception {
    // RFC 7252 section 4.5
    byte[] message = post(1).getBytes();
    try (DatagramSocket client = client()) {
      byte[] first = exchange(client, message);
      assertThat(exchange(client, message)).isEqualTo(first);
      assertThat(exchange(client, message)).isEqualTo(first);
    }
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void answerThatNobodyAskedFor_isNoRequest() throws Exception {
    byte[] answer = {CONFIRMABLE, 0x45, 0x12, 0x35, 7, (byte) 0xff, '1'};
    try (DatagramSocket client = client()) {
      // A confirmable one is reset (section 4.2).
      assertThat(exchange(client, answer)).containsExactly(0x70, 0, 0x12, 0x35);
    }
    assertThat(server.asked).isEmpty();
  }
}
