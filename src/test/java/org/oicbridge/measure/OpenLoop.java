package org.oicbridge.measure;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at moments that are fixed beforehand. A latency is counted from the moment at which the
 * request was due: one that goes out late because the machine was busy is not a quick one.
 */
final class OpenLoop {
  private final Api api;
  private final List<String> devices;
  private final Random random;
  private final List<Double> direct = new ArrayList<>();
  private final List<Double> around = new ArrayList<>();
  private int failed;

  OpenLoop(Api api, List<String> devices, Random random) {
    this.api = api;
    this.devices = devices;
    this.random = random;
  }

  /** Sends for so long at such a pace, and waits for the answers. */
  void run(int perSecond, int seconds) throws InterruptedException {
    int count = perSecond * seconds;
    long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    CountDownLatch answered = new CountDownLatch(count);
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = begun + i * interval;
      for (long ahead = due - System.nanoTime(); ahead > 0; ahead = due - System.nanoTime()) {
        LockSupport.parkNanos(ahead);
      }
      send(due, i % 2 == 1, answered);
    }
    if (!answered.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("requests have no answer");
    }
  }

  private void send(long due, boolean xmpp, CountDownLatch answered) {
    String di = devices.get(random.nextInt(devices.size()));
    api.call(HttpMethod.GET, Api.resource(di, "value") + (xmpp ? "?via=xmpp" : ""), null)
        .onComplete(
            answer -> {
              double millis = (System.nanoTime() - due) / 1e6;
              note(xmpp, millis, answer.succeeded() && answer.result().ok());
              answered.countDown();
            });
  }

  private synchronized void note(boolean xmpp, double millis, boolean good) {
    (xmpp ? around : direct).add(millis);
    failed += good ? 0 : 1;
  }

  synchronized List<Double> direct() {
    return direct;
  }

  synchronized List<Double> around() {
    return around;
  }

  synchronized int failed() {
    return failed;
  }
}
