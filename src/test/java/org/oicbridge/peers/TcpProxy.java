package org.oicbridge.peers;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;

/** Stands between a client and a server on loopback, and does to their connections what nets do. */
public final class TcpProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final NetClient client;
  private final NetServer server;
  private final int target;
  private final List<Pair> pairs = new ArrayList<>();
  private boolean refusing;

  /** Both ends of a connection. */
  private record Pair(NetSocket near, NetSocket far) {}

  private TcpProxy(int target) {
    this.target = target;
    // With no time to linger a close is a reset.
    this.client = vertx.createNetClient(new NetClientOptions().setSoLinger(0));
    this.server =
        vertx.createNetServer(
            new NetServerOptions().setHost("127.0.0.1").setPort(0).setSoLinger(0));
  }

  /** Starts one in front of a port of 127.0.0.1. */
  public static TcpProxy to(int port) {
    TcpProxy proxy = new TcpProxy(port);
    proxy.server.connectHandler(near -> proxy.context.runOnContext(now -> proxy.accept(near)));
    proxy.server.listen().await();
    return proxy;
  }

  public int port() {
    return server.actualPort();
  }

  private void accept(NetSocket near) {
    near.exceptionHandler(error -> {});
    if (refusing) {
      near.close();
      return;
    }
    near.pause();
    client
        .connect(target, "127.0.0.1")
        .onFailure(error -> near.close())
        .onSuccess(far -> context.runOnContext(now -> join(near, far)));
  }

  private void join(NetSocket near, NetSocket far) {
    far.exceptionHandler(error -> {});
    Pair pair = new Pair(near, far);
    pairs.add(pair);
    near.handler(far::write);
    far.handler(near::write);
    near.closeHandler(closed -> gone(pair, far));
    far.closeHandler(closed -> gone(pair, near));
    near.resume();
    if (refusing) {
      near.close();
    }
  }

  private void gone(Pair pair, NetSocket other) {
    context.runOnContext(
        now -> {
          if (pairs.remove(pair)) {
            other.close();
          }
        });
  }

  /** Resets all connections, and each new one until {@link #heal()}. */
  public void cut() {
    run(
        () -> {
          refusing = true;
          List.copyOf(pairs).forEach(pair -> pair.near().close());
        });
  }

  /** Lets new connections through again. */
  public void heal() {
    run(() -> refusing = false);
  }

  /** Lets nothing through any more on the connections that there are, and tells neither end. */
  public void freeze() {
    run(
        () -> {
          for (Pair pair : pairs) {
            pair.near().handler(lost -> {});
            pair.far().handler(lost -> {});
          }
          pairs.clear();
        });
  }

  private void run(Runnable action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          action.run();
          done.complete();
        });
    done.future().await();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
