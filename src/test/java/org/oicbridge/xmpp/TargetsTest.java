package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.SrvRecord;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

@Timeout(30)
class TargetsTest {
  /** A record as the DNS gives it. */
  private record Srv(int priority, int weight, int port, String target) implements SrvRecord {
    @Override
    public String name() {
      return "";
    }

    @Override
    public long ttl() {
      return 0;
    }

    @Override
    public String service() {
      return "";
    }

    @Override
    public String protocol() {
      return "";
    }
  }

  static SrvRecord srv(int port, String target) {
    return new Srv(0, 0, port, target);
  }

  private static AccountConfig account(String address, Tls tls) {
    return new AccountConfig(
        Jid.parse("me@b\u00fccher.test"), "x", address, 5299, tls, List.of(), List.of());
  }

  private static List<Target> targets(Tls tls, SrvRecord... records) {
    return new Targets(name -> Future.succeededFuture(List.of(records)), new Random(1))
        .of(account(null, tls))
        .await();
  }

  @Test
  void address_ofTheAccountIsTakenWithoutAsking() {
    Targets targets = new Targets(name -> Future.failedFuture("asked"), new Random(1));
    assertThat(targets.of(account("10.0.0.1", Tls.DIRECT)).await())
        .containsExactly(new Target("10.0.0.1", 5299));
  }

  @Test
  void records_areAskedForByTheKindOfTls() {
    List<String> asked = new ArrayList<>();
    Targets targets =
        new Targets(
            name -> {
              asked.add(name);
              return Future.failedFuture("no such name");
            },
            new Random(1));
    assertThat(targets.of(account(null, Tls.STARTTLS)).await())
        .containsExactly(new Target("xn--bcher-kva.test", 5222));
    assertThat(targets.of(account(null, Tls.DIRECT)).await())
        .containsExactly(new Target("xn--bcher-kva.test", 5223));
    assertThat(asked)
        .containsExactly(
            "_xmpp-client._tcp.xn--bcher-kva.test", "_xmpps-client._tcp.xn--bcher-kva.test");
  }

  @Test
  void records_areTriedByPriority() {
    assertThat(
            targets(
                Tls.STARTTLS,
                new Srv(20, 0, 3, "c."),
                new Srv(10, 5, 2, "b."),
                new Srv(5, 0, 1, "a.")))
        .containsExactly(new Target("a", 1), new Target("b", 2), new Target("c", 3));
  }

  @Test
  void records_ofOnePriorityAreDrawnByWeight() {
    int first = 0;
    for (int seed = 0; seed < 1000; seed++) {
      Targets targets =
          new Targets(
              name ->
                  Future.succeededFuture(
                      List.of(new Srv(1, 90, 1, "heavy."), new Srv(1, 10, 2, "light."))),
              new Random(seed * 7919L));
      List<Target> drawn = targets.of(account(null, Tls.STARTTLS)).await();
      assertThat(drawn).hasSize(2);
      first += drawn.get(0).host().equals("heavy") ? 1 : 0;
    }
    assertThat(first).isBetween(840, 940);
  }

  @Test
  void domain_mayHaveNoService() {
    Targets targets =
        new Targets(name -> Future.succeededFuture(List.of(new Srv(0, 0, 0, "."))), new Random(1));
    assertThat(targets.of(account(null, Tls.STARTTLS)).failed()).isTrue();
  }

  @Test
  void connector_triesOneTargetAfterTheOther() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (ScriptedXmppServer server = new ScriptedXmppServer(vertx, null, false)) {
      int closedPort;
      try (ScriptedXmppServer gone = new ScriptedXmppServer(vertx, null, false)) {
        closedPort = gone.port();
      }
      Targets targets =
          new Targets(
              name ->
                  Future.succeededFuture(
                      List.of(
                          new Srv(1, 0, closedPort, "127.0.0.1"),
                          new Srv(2, 0, server.port(), "127.0.0.1"))),
              new Random(1));
      Connector connector =
          new Connector(vertx.createNetClient(), targets, ServerTls.load(null, 1000), 5000);
      NetSocket socket = connector.connect(account(null, Tls.STARTTLS), null).await();
      assertThat(socket.remoteAddress().port()).isEqualTo(server.port());
      Future<NetSocket> refused =
          connector.connect(account(null, Tls.STARTTLS), new Target("127.0.0.1", closedPort));
      Throwable error = Future.await(refused.transform(r -> Future.succeededFuture(r.cause())));
      assertThat(((Connector.ConnectException) error).end().reason())
          .isEqualTo("can't connect to 127.0.0.1:" + closedPort + ": nobody listens there");
    } finally {
      vertx.close().await();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "host.example, host.example, 5222",
    "host.example:99, host.example, 99",
    "[2001:db8::1], 2001:db8::1, 5222",
    "[2001:db8::1]:99, 2001:db8::1, 99"
  })
  void redirect_isRead(String text, String host, int port) {
    assertThat(Target.parse(text)).isEqualTo(new Target(host, port));
  }

  @ParameterizedTest
  @CsvSource({"''", "':1'", "host:0", "host:65536", "host:x", "a b", "'a\n'", "[]"})
  void redirect_isNotRead(String text) {
    assertThat(Target.parse(text)).isNull();
  }
}
