package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.coap.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.Deadline;

/** One address gets more requests than there are message ids (RFC 7252 section 4.4). */
@Timeout(300)
class BusyPeerTest {
  private static final int REQUESTS = 200_000;
  private static final int AT_ONCE = 64;
  private static final int HEADER = 4;

  /** Answers every datagram at once, and looks at the message ids of each sender. */
  private static final class Peer implements AutoCloseable {
    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Map<Integer, long[]> tokens = new ConcurrentHashMap<>();
    private final AtomicInteger usedAgain = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "busy-peer");

    Peer() throws IOException {
      thread.start();
    }

    private void run() {
      byte[] data = new byte[1024];
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(data, data.length);
          socket.receive(packet);
          int length = data[0] & 0x0f;
          long token =
              Arrays.hashCode(Arrays.copyOfRange(data, HEADER, HEADER + length)) | (1L << 32);
          int id = ((data[2] & 0xff) << 8) | (data[3] & 0xff);
          long[] before = tokens.computeIfAbsent(packet.getPort(), port -> new long[1 << 16]);
          if (before[id] != 0 && before[id] != token) {
            usedAgain.incrementAndGet();
          }
          before[id] = token;
          // An acknowledgement with 2.04 and the same token.
          data[0] = (byte) (0x60 | length);
          data[1] = 0x44;
          socket.send(new DatagramPacket(data, HEADER + length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        // Closed.
      }
    }

    InetSocketAddress address() {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() throws InterruptedException {
      socket.close();
      thread.join();
    }
  }

  /** Keeps some requests under way until all have an answer. */
  private static final class Load {
    private final PlainExchanges exchanges;
    private final InetSocketAddress peer;
    private final Promise<Integer> done = Promise.promise();
    private int begun;
    private int answered;

    Load(PlainExchanges exchanges, InetSocketAddress peer) {
      this.exchanges = exchanges;
      this.peer = peer;
    }

    void start() {
      for (int i = 0; i < AT_ONCE; i++) {
        next();
      }
    }

    private void next() {
      if (begun == REQUESTS) {
        return;
      }
      begun++;
      exchanges
          .exchange(Request.newPost(), peer, Deadline.in(Duration.ofSeconds(60)), null, () -> {})
          .onFailure(done::tryFail)
          .onSuccess(
              answer -> {
                answered++;
                if (answered == REQUESTS) {
                  done.complete(answered);
                } else {
                  next();
                }
              });
    }
  }

  @Test
  void requests_areAllSentWithoutUsingAMessageIdAgain() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (Peer peer = new Peer()) {
      CoapConfig config =
          new CoapConfig("127.0.0.1", 64, 1, Duration.ofSeconds(2), 4, 1024, 10_000, null);
      Context context = vertx.getOrCreateContext();
      Promise<Integer> answered = Promise.promise();
      Promise<PlainExchanges> opened = Promise.promise();
      context.runOnContext(
          now ->
              PlainExchanges.open(vertx, context, config, 0)
                  .onComplete(opened)
                  .map(exchanges -> new Load(exchanges, peer.address()))
                  .onSuccess(
                      load -> {
                        load.done.future().onComplete(answered);
                        load.start();
                      }));
      assertThat(answered.future().await(280, TimeUnit.SECONDS)).isEqualTo(REQUESTS);
      assertThat(peer.usedAgain).hasValue(0);
      assertThat(peer.tokens).hasSizeBetween(4, opened.future().result().sockets());
    } finally {
      vertx.close().await();
    }
  }
}
