package org.oicbridge.bench;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** CoAP alone: requests for the counter in bare datagrams, matched by their tokens (RFC 7252). */
final class CoapLeg {
  private static final int TOKEN = 4;
  private static final int VERSION_CONFIRMABLE = 0x40;
  private static final int GET = 0x01;
  private static final int URI_PATH = 0xb0;
  private static final int CONTENT = 0x45;
  private static final byte[] PATH = "counter".getBytes(StandardCharsets.US_ASCII);

  private final Map<Integer, Runnable> waiting = new HashMap<>();

  /** Asks a device as often as the pace says. */
  Latencies run(Vertx vertx, int device, int perSecond, long warmUp, long counted)
      throws InterruptedException {
    Context context = vertx.getOrCreateContext();
    DatagramSocket socket = vertx.createDatagramSocket();
    try {
      Wait.of(socket.listen(0, "127.0.0.1"), "a datagram socket");
      socket.handler(packet -> context.runOnContext(nothing -> answered(packet.data())));
      return new Paced(vertx, context, perSecond)
          .run(
              (number, ended) -> {
                waiting.put((int) number, ended);
                socket.send(request((int) number), device, "127.0.0.1");
              },
              warmUp,
              counted,
              "answers over CoAP");
    } finally {
      socket.close();
    }
  }

  private static Buffer request(int number) {
    return Buffer.buffer()
        .appendByte((byte) (VERSION_CONFIRMABLE | TOKEN))
        .appendByte((byte) GET)
        .appendShort((short) number)
        .appendInt(number)
        .appendByte((byte) (URI_PATH | PATH.length))
        .appendBytes(PATH);
  }

  private void answered(Buffer answer) {
    if ((answer.getByte(1) & 0xff) != CONTENT) {
      throw new IllegalStateException("the device answered " + answer.getByte(1));
    }
    Runnable ended = waiting.remove(answer.getInt(4));
    if (ended != null) {
      ended.run();
    }
  }
}
