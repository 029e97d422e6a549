package org.oicbridge.measure;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.oicbridge.measure.Api.Answer;

/**
 * Requests at a fixed pace, whatever becomes of those before: reads, updates and bodies in blocks,
 * half of them around through XMPP. Everything happens on one event loop.
 */
final class SoakLoad {
  static final int PER_SECOND = 50;
  private static final int LARGE = 8_000;

  private final Vertx vertx;
  private final Api api;
  private final Executions executions;
  private final int devices;
  private final Random random;
  private final Map<String, Long> outcomes = new TreeMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private long sent;
  private long answered;
  private long timer;

  /**
   * Prepares the load.
   *
   * @param devices how many of the first devices are asked
   */
  SoakLoad(Vertx vertx, Api api, Executions executions, int devices, Random random) {
    this.vertx = vertx;
    this.api = api;
    this.executions = executions;
    this.devices = devices;
    this.random = random;
  }

  void start() {
    timer = vertx.setPeriodic(1000 / PER_SECOND, id -> next());
  }

  void stop() {
    vertx.cancelTimer(timer);
  }

  private void next() {
    String di = Fleet.di(random.nextInt(devices));
    String via = random.nextBoolean() ? "?via=xmpp" : "";
    String path = random.nextInt(10) == 0 ? "large" : "value";
    long number = ++sent;
    if (random.nextInt(10) < 7) {
      api.call(HttpMethod.GET, Api.resource(di, path) + via, null)
          .onComplete(answer -> ended("GET " + path + via, answer));
      return;
    }
    String more = path.equals("large") ? ",\"more\":\"" + "y".repeat(LARGE) + "\"" : "";
    String body = "{\"update\":" + number + more + "}";
    api.call(HttpMethod.POST, Api.resource(di, path) + via, body)
        .onComplete(
            answer -> {
              ended("POST " + path + via, answer);
              if (answer.succeeded() && answer.result().ok() && !executions.has(number)) {
                wrong.add("update " + number + " of " + di + " was confirmed and not carried out");
              }
            });
  }

  private void ended(String what, AsyncResult<Answer> answer) {
    answered++;
    String outcome =
        answer.succeeded() ? answer.result().status() + " " + answer.result().type() : "unanswered";
    outcomes.merge(outcome.strip(), 1L, Long::sum);
    if (answer.failed()) {
      wrong.add(what + " was not answered: " + answer.cause());
    } else if (answer.result().type().equals("internal")) {
      wrong.add(what + " met a defect: " + answer.result().text());
    }
  }

  /** What is wrong whatever faults there are. */
  Queue<String> wrong() {
    return wrong;
  }

  /** The answers by status and type of the problem; asked on the loop. */
  Map<String, Long> outcomes() {
    return outcomes;
  }

  /** How many answers had a status of these digits. */
  long outcomes(String status) {
    return outcomes.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(status))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  long sent() {
    return sent;
  }

  long waiting() {
    return sent - answered;
  }
}
