package org.oicbridge.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/** Sends GET requests from one event loop of this process, and checks every answer. */
final class HttpLoad implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 256;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));

  /**
   * What was measured.
   *
   * @param cpuMicros of each process that was asked for, for each request
   */
  record Outcome(long requests, double perSecond, Latencies latencies, List<Double> cpuMicros) {}

  /**
   * Where to send requests.
   *
   * @param uris by turns
   * @param concurrency requests under way at the same time
   * @param perSecond 0 to send the next one when one is answered, else how many to begin however
   *     many are under way
   */
  record Target(int port, List<String> uris, int concurrency, int perSecond) {}

  /**
   * Sends requests until so many are answered, and then measures.
   *
   * @param processes whose CPU time is read
   */
  Outcome run(Target target, Counted answers, Plan plan, List<Long> processes)
      throws InterruptedException {
    Loop loop = new Loop(target, answers, plan, processes);
    String id = Wait.of(vertx.deployVerticle(loop), "the load");
    try {
      return Wait.of(loop.outcome.future(), "requests to " + target.uris.get(0));
    } finally {
      Wait.of(vertx.undeploy(id), "the end of the load");
    }
  }

  @Override
  public void close() {
    vertx.close();
  }

  private static final class Loop extends VerticleBase {
    private final Target target;
    private final Counted answers;
    private final Plan plan;
    private final List<Long> processes;
    private final Promise<Outcome> outcome = Promise.promise();
    private final Latencies latencies = new Latencies();
    private HttpClient client;
    private int next;
    private long answered;
    private long started;
    private List<Long> cpu;
    private boolean measuring;
    private boolean over;
    private long begun;
    private long first;

    Loop(Target target, Counted answers, Plan plan, List<Long> processes) {
      this.target = target;
      this.answers = answers;
      this.plan = plan;
      this.processes = processes;
    }

    @Override
    public Future<?> start() {
      client =
          vertx.createHttpClient(
              new HttpClientOptions().setKeepAlive(true).setTcpNoDelay(true),
              new PoolOptions()
                  .setHttp1MaxSize(target.perSecond > 0 ? MOST_CONNECTIONS : target.concurrency));
      if (target.perSecond > 0) {
        first = System.nanoTime();
        vertx.setPeriodic(1, id -> beginDue());
      } else {
        for (int i = 0; i < target.concurrency; i++) {
          ask(System.nanoTime());
        }
      }
      return Future.succeededFuture();
    }

    /** Begins what is due; its time runs from when it was due. */
    private void beginDue() {
      LongUnaryOperator due = number -> first + number * 1_000_000_000L / target.perSecond;
      while (!over && due.applyAsLong(begun) <= System.nanoTime()) {
        ask(due.applyAsLong(begun++));
      }
    }

    private void ask(long from) {
      String uri = target.uris.get(next++ % target.uris.size());
      client
          .request(HttpMethod.GET, target.port, "127.0.0.1", uri)
          .compose(request -> request.send())
          .compose(response -> response.body().map(body -> fault(response.statusCode(), body)))
          .onSuccess(fault -> took(from, fault))
          .onFailure(error -> failed(String.valueOf(error)));
    }

    private String fault(int status, Buffer body) {
      return answers.fault(status, body.toString());
    }

    private void failed(String why) {
      over = true;
      outcome.tryFail(why);
    }

    private void took(long from, String fault) {
      if (fault != null) {
        failed(fault);
        return;
      }
      long now = System.nanoTime();
      answered++;
      if (measuring) {
        latencies.add(now - from);
      } else if (answered >= plan.warmUp && !over) {
        measuring = true;
        started = now;
        cpu = processes.stream().map(Cpu::of).toList();
        vertx.setTimer(Math.round(plan.measure * 1000), id -> measured());
      }
      if (!over && target.perSecond == 0) {
        ask(now);
      }
    }

    private void measured() {
      double seconds = (System.nanoTime() - started) / 1e9;
      over = true;
      measuring = false;
      int count = latencies.count();
      List<Double> used =
          IntStream.range(0, processes.size())
              .mapToObj(i -> (Cpu.of(processes.get(i)) - cpu.get(i)) / 1e3 / count)
              .toList();
      outcome.tryComplete(new Outcome(count, count / seconds, latencies, used));
    }
  }
}
