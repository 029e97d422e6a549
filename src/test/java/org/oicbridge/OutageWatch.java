package org.oicbridge;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Observes every device over server-sent events, as a browser does: a stream that ends is opened
 * again.
 */
final class OutageWatch implements AutoCloseable {
  private static final Pattern VALUE = Pattern.compile("data: ([0-9]+)");
  private static final long RETRY_MILLIS = 500;
  private static final int AT_ONCE = 1024;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(AT_ONCE));
  private final String api;
  private final Map<String, Integer> newest = new HashMap<>();
  private int opened;
  private long lastChange;
  private boolean closed;

  OutageWatch(String api, List<String> ids) {
    this.api = api;
    ids.forEach(di -> newest.put(di, 0));
    vertx.runOnContext(now -> ids.forEach(this::open));
  }

  private void open(String di) {
    client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(api + OutageCalls.path(di))
                .putHeader("Accept", "text/event-stream"))
        .compose(request -> request.send())
        .onSuccess(response -> read(di, response))
        .onFailure(error -> again(di));
  }

  private void read(String di, HttpClientResponse response) {
    if (response.statusCode() == 200) {
      count();
      response.handler(
          RecordParser.newDelimited(
              "\n",
              line -> {
                Matcher value = VALUE.matcher(line.toString());
                if (value.matches()) {
                  saw(di, Integer.parseInt(value.group(1)));
                }
              }));
    }
    // Told of in the one way or the other, whatever ends it.
    response.end().onComplete(ended -> again(di));
  }

  private void again(String di) {
    vertx.setTimer(RETRY_MILLIS, id -> open(di));
  }

  private synchronized void count() {
    opened++;
  }

  private synchronized void saw(String di, int value) {
    int before = newest.put(di, value);
    if (value > before) {
      lastChange = System.nanoTime();
    }
    notifyAll();
  }

  /** How often a stream began. */
  synchronized int opened() {
    return opened;
  }

  /** How many have seen this value or a later one. */
  synchronized int seen(int value) {
    return (int) newest.values().stream().filter(last -> last >= value).count();
  }

  /** How many seconds after a moment the last observer saw something new; 0 if before. */
  synchronized double lastSeen(long since) {
    return Math.max(0, lastChange - since) / 1e9;
  }

  /** Waits until all have; false when they have not within the time. */
  synchronized boolean await(int value, long seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (seen(value) < newest.size() && !closed) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    vertx.close().await();
  }
}
