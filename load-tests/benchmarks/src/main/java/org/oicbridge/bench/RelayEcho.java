package org.oicbridge.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import org.oicbridge.GatewayParts;

/**
 * The floor: frames of as many bytes as a stanza of the echo has, through {@link RelayChild}, with
 * nothing done to them but counting.
 */
final class RelayEcho implements Echo {
  /** In bytes. */
  static final int FRAME = 980;

  /** In bytes; the first thing on each connection is the number of its pair. */
  static final int HELLO = 4;

  private final Vertx vertx = Vertx.vertx(GatewayParts.vertxOptions());
  private final Site site;
  private final List<Loop> loops = new ArrayList<>();

  RelayEcho(Site site) {
    this.site = site;
  }

  @Override
  public void open(int pairs, int silent) throws InterruptedException {
    int count = GatewayParts.vertxOptions().getEventLoopPoolSize();
    for (int i = 0; i < count; i++) {
      Loop loop = new Loop(site.port, i, count, pairs);
      loops.add(loop);
      Wait.of(vertx.deployVerticle(loop), "the pairs of event loop " + i);
    }
  }

  @Override
  public void run(Cell cell, Tally tally) {
    loops.forEach(loop -> loop.run(cell, tally));
  }

  /** The pairs of one event loop. */
  private static final class Loop extends VerticleBase {
    private final int port;
    private final int first;
    private final int step;
    private final int pairs;
    private final List<Pair> own = new ArrayList<>();

    Loop(int port, int first, int step, int pairs) {
      this.port = port;
      this.first = first;
      this.step = step;
      this.pairs = pairs;
    }

    @Override
    public Future<?> start() {
      NetClient client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
      List<Future<Void>> connected = new ArrayList<>();
      for (int i = first; i < pairs; i += step) {
        Pair pair = new Pair(i);
        own.add(pair);
        connected.add(client.connect(port, "127.0.0.1").compose(pair::near));
        connected.add(client.connect(port, "127.0.0.1").compose(pair::far));
      }
      return Future.all(connected);
    }

    void run(Cell cell, Tally tally) {
      context.runOnContext(
          nothing ->
              own.stream()
                  .filter(pair -> pair.number < cell.pairs())
                  .forEach(pair -> pair.run(cell.outstanding(), tally)));
    }
  }

  private static final class Pair {
    private static final Buffer FRAME_OF_ZEROS = Buffer.buffer(new byte[FRAME]);

    final int number;
    private NetSocket near;
    private Tally tally;
    private int arrived;
    private int returned;

    Pair(int number) {
      this.number = number;
    }

    Future<Void> near(NetSocket socket) {
      near = socket;
      return join(socket)
          .onSuccess(
              joined ->
                  socket.handler(
                      data -> {
                        returned += data.length();
                        while (returned >= FRAME) {
                          returned -= FRAME;
                          if (tally.next()) {
                            socket.write(FRAME_OF_ZEROS);
                          }
                        }
                      }));
    }

    Future<Void> far(NetSocket socket) {
      return join(socket)
          .onSuccess(
              joined ->
                  socket.handler(
                      data -> {
                        arrived += data.length();
                        while (arrived >= FRAME) {
                          arrived -= FRAME;
                          socket.write(FRAME_OF_ZEROS);
                        }
                      }));
    }

    /** Done when the relay has said that it has both ends. */
    private Future<Void> join(NetSocket socket) {
      Promise<Void> joined = Promise.promise();
      socket.handler(data -> joined.complete());
      socket.write(Buffer.buffer().appendInt(number));
      return joined.future();
    }

    void run(int outstanding, Tally newTally) {
      tally = newTally;
      for (int i = 0; i < outstanding; i++) {
        near.write(FRAME_OF_ZEROS);
      }
    }
  }
}
