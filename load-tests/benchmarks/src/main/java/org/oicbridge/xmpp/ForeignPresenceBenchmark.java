package org.oicbridge.xmpp;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.lang.reflect.Proxy;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.GatewayConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The presence of an account's other sessions, as a device's session gets it, from the bytes that
 * its socket hands over to the drop. As many come at once as fit into one read of a socket.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
public class ForeignPresenceBenchmark {
  private static final int AT_ONCE = 40;
  private static final String ACCOUNT = "user1@localhost";

  private Vertx vertx;
  private Handler<Buffer> arriving;
  private Buffer presences;
  private String ended;

  @Setup
  public void open() {
    vertx = Vertx.vertx();
    Contracts.register(vertx);
    GatewayConfig config =
        GatewayConfig.parse(
            "accounts: [{jid: " + ACCOUNT + ", password: secret, address: 127.0.0.1}]",
            name -> null);
    SessionMetrics metrics = new SessionMetrics(0);
    TimerWheel timers = new TimerWheel(vertx);
    XmppStream stream =
        new XmppStream(
            vertx,
            timers,
            socket(),
            "localhost",
            config.xmpp(),
            metrics,
            end -> ended = end.reason());
    ShardContext shard =
        new ShardContext(
            0, vertx, timers, config.xmpp(), metrics, null, null, null, null, new CapsCache());
    OpenSession order =
        new OpenSession(
            config.accounts().get(0),
            config
                .accounts()
                .get(0)
                .jid()
                .withResource("OIC/1.0/oic.d.light/00000000-0000-4000-8000-000000000001"),
            SessionRole.DEVICE);
    stream.open(new BoundStream(shard, order, stream));
    arriving.handle(Buffer.buffer(StanzaReaderBenchmark.STREAM));
    presences = Buffer.buffer();
    for (int i = 0; i < AT_ONCE; i++) {
      presences.appendString(presence(i));
    }
  }

  private static String presence(int number) {
    return ("<presence from='%s/OIC/1.0/oic.d.light/20000000-0000-4000-8000-%012x'"
            + " to='%s/OIC/1.0/oic.d.light/00000000-0000-4000-8000-000000000001'>"
            + "<priority>-50</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1'"
            + " node='urn:x-oic-ra:oic-bridge' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>")
        .formatted(ACCOUNT, number, ACCOUNT);
  }

  /** A socket that takes everything, and the handler of what arrives. */
  @SuppressWarnings("unchecked")
  private NetSocket socket() {
    return (NetSocket)
        Proxy.newProxyInstance(
            NetSocket.class.getClassLoader(),
            new Class<?>[] {NetSocket.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("handler")) {
                arriving = (Handler<Buffer>) arguments[0];
              }
              if (method.getReturnType() == boolean.class) {
                return false;
              }
              if (method.getReturnType() == io.vertx.core.Future.class) {
                return io.vertx.core.Future.succeededFuture();
              }
              return method.getReturnType().isInstance(proxy) ? proxy : null;
            });
  }

  @Benchmark
  @OperationsPerInvocation(AT_ONCE)
  public void drop() {
    arriving.handle(presences);
    if (ended != null) {
      throw new IllegalStateException(ended);
    }
  }

  @TearDown
  public void close() {
    vertx.close();
  }
}
