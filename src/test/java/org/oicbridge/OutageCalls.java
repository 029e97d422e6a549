package org.oicbridge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests to devices that can be told from each other, and what became of them. */
final class OutageCalls implements AutoCloseable {
  private static final int AT_ONCE = 1024;
  private static final long PATIENCE_SECONDS = 200;
  private static final long PAUSE_MILLIS = 200;

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client =
      WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(AT_ONCE));
  private final String api;
  private final CountingDevices devices;
  private int sent;

  /** A request on its way; {@code problem} is empty when it was answered. */
  record Call(String name, Future<String> problem) {}

  /**
   * What became of some requests.
   *
   * @param problems how often there was no answer, by the reason
   */
  record Tally(int sent, int lost, int doubled, Map<String, Integer> problems) {
    Tally plus(Tally other) {
      Map<String, Integer> all = new TreeMap<>(problems);
      other.problems.forEach((problem, times) -> all.merge(problem, times, Integer::sum));
      return new Tally(sent + other.sent, lost + other.lost, doubled + other.doubled, all);
    }
  }

  OutageCalls(String api, CountingDevices devices) {
    this.api = api;
    this.devices = devices;
  }

  static String path(String di) {
    return "/api/v1/devices/" + di + "/resources/value";
  }

  /** Asks each of these to change something. */
  List<Call> post(List<String> ids, int waitSeconds) {
    List<Call> calls = new ArrayList<>();
    for (String di : ids) {
      String name = "r" + sent++;
      calls.add(
          new Call(
              name,
              client
                  .postAbs(api + path(di))
                  .putHeader("Content-Type", "application/json")
                  .putHeader("Prefer", "wait=" + waitSeconds)
                  .sendBuffer(Buffer.buffer("\"" + name + "\""))
                  .map(OutageCalls::problem)
                  .otherwise(Throwable::toString)));
    }
    return calls;
  }

  private static String problem(HttpResponse<Buffer> answer) {
    if (answer.statusCode() < 300) {
      return "";
    }
    String body = answer.bodyAsString();
    String type =
        body != null && body.startsWith("{") ? new JsonObject(body).getString("type", "") : "";
    return answer.statusCode() + " " + type.substring(type.lastIndexOf(':') + 1);
  }

  /** Waits for all answers. */
  Tally tally(List<Call> calls) throws InterruptedException {
    int lost = 0;
    int doubled = 0;
    Map<String, Integer> problems = new TreeMap<>();
    for (Call call : calls) {
      String problem = await(call.problem());
      int executions = devices.executions(call.name());
      if (!problem.isEmpty()) {
        lost++;
        problems.merge(
            problem + (executions > 0 ? " (executed)" : " (not executed)"), 1, Integer::sum);
      } else if (executions == 0) {
        throw new IllegalStateException(call.name() + " was answered and never executed");
      }
      doubled += executions > 1 ? 1 : 0;
    }
    return new Tally(calls.size(), lost, doubled, problems);
  }

  /** Asks until each has answered; false when one does not within the time. */
  boolean awaitAll(List<String> ids, long seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<String> missing = ids;
    while (!missing.isEmpty()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      missing = missing(missing);
      if (!missing.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    return true;
  }

  private List<String> missing(List<String> ids) throws InterruptedException {
    List<Future<String>> answers = new ArrayList<>();
    for (String di : ids) {
      answers.add(
          client
              .getAbs(api + path(di))
              .putHeader("Prefer", "wait=10")
              .send()
              .map(OutageCalls::problem)
              .otherwise(Throwable::toString));
    }
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (!await(answers.get(i)).isEmpty()) {
        missing.add(ids.get(i));
      }
    }
    return missing;
  }

  private static String await(Future<String> answer) throws InterruptedException {
    try {
      return answer
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return "no answer at all";
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    vertx.close().await();
  }
}
