package org.oicbridge.measure;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A caller without manners, in a process of its own: asks the devices of one account on so many
 * connections at once, each again as soon as there is an answer. {@code go} and {@code stop} on its
 * standard input begin and end it; it answers {@code stop} with what came of it.
 */
public final class Flood {
  private final Api api;
  private final List<String> devices;
  private final int connections;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger other = new AtomicInteger();
  private CountDownLatch ended = new CountDownLatch(0);
  private volatile boolean on;

  private Flood(Api api, List<String> devices, int connections) {
    this.api = api;
    this.devices = devices;
    this.connections = connections;
  }

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    int connections = Integer.parseInt(args[1]);
    Api api = new Api(vertx, Integer.parseInt(args[0]), connections);
    Flood flood = new Flood(api, Arrays.asList(args).subList(2, args.length), connections);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("go")) {
        flood.go();
      } else {
        flood.stop();
      }
    }
    System.exit(0);
  }

  private void go() {
    on = true;
    ended = new CountDownLatch(connections);
    for (int i = 0; i < connections; i++) {
      again(ended);
    }
  }

  private void again(CountDownLatch all) {
    if (!on) {
      all.countDown();
      return;
    }
    String di = devices.get(Math.floorMod(next.getAndIncrement(), devices.size()));
    api.call(HttpMethod.GET, Api.resource(di, "value"), null, Fairness.WAIT_SECONDS)
        .onComplete(
            answer -> {
              if (answer.failed()) {
                other.incrementAndGet();
              } else if (answer.result().ok()) {
                served.incrementAndGet();
              } else if (answer.result().status() == 429) {
                refused.incrementAndGet();
              } else {
                other.incrementAndGet();
              }
              again(all);
            });
  }

  private void stop() throws InterruptedException {
    on = false;
    if (!ended.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("requests have no answer");
    }
    System.out.printf("%d %d %d%n", served.getAndSet(0), refused.getAndSet(0), other.getAndSet(0));
  }
}
