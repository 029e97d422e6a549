package org.oicbridge.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Joins connections that begin with the same number, two by two, until its input ends. */
@Command(name = "relay-child", hidden = true)
final class RelayChild implements Callable<Integer> {
  private final Map<Integer, NetSocket> waiting = new HashMap<>();

  @Override
  public Integer call() throws Exception {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    NetServer server =
        vertx.createNetServer(
            new NetServerOptions().setHost("127.0.0.1").setPort(0).setTcpNoDelay(true));
    server.connectHandler(this::connected);
    System.out.println("ready " + Wait.of(server.listen(), "the relay").actualPort());
    while (System.in.read() >= 0) {
      // Nobody says anything.
    }
    Wait.of(vertx.close(), "the end");
    return 0;
  }

  private void connected(NetSocket socket) {
    Buffer early = Buffer.buffer();
    socket.handler(
        data -> {
          early.appendBuffer(data);
          if (early.length() >= RelayEcho.HELLO) {
            // Nothing more comes before both are joined, since each end waits for that.
            NetSocket other = waiting.remove(early.getInt(0));
            if (other == null) {
              waiting.put(early.getInt(0), socket);
            } else {
              socket.handler(other::write);
              other.handler(socket::write);
              Buffer joined = Buffer.buffer(new byte[1]);
              socket.write(joined);
              other.write(joined);
            }
          }
        });
  }
}
