package org.oicbridge.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;

/**
 * HTTP alone: a server that answers every request at once, with another number each time. It says
 * {@code ready} and its port, and lasts until its input ends.
 */
@Command(name = "http-leg-child", hidden = true)
final class HttpLegChild implements Callable<Integer> {
  private final AtomicLong last = new AtomicLong();

  @Override
  public Integer call() throws Exception {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    HttpServer server =
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
    server.requestHandler(
        request ->
            request
                .response()
                .putHeader("Content-Type", "application/json")
                .end(DeviceChild.BEFORE + last.incrementAndGet() + DeviceChild.AFTER));
    System.out.println("ready " + Wait.of(server.listen(), "the HTTP server").actualPort());
    while (System.in.read() >= 0) {
      // Nobody says anything.
    }
    return 0;
  }
}
