package org.oicbridge.measure;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Readers of event streams that come and go, always about as many. On one event loop. */
final class SoakSubscribers {
  private static final int SUBSCRIBERS = 20;
  private static final int LONGEST_SECONDS = 40;
  private static final int PAUSE_MILLIS = 500;

  private final Vertx vertx;
  private final Api api;
  private final int devices;
  private final Random random;
  private final Set<HttpClientResponse> open = new HashSet<>();
  private long opened;
  private long refused;
  private long chunks;
  private boolean over;

  SoakSubscribers(Vertx vertx, Api api, int devices, Random random) {
    this.vertx = vertx;
    this.api = api;
    this.devices = devices;
    this.random = random;
  }

  void start() {
    for (int i = 0; i < SUBSCRIBERS; i++) {
      later();
    }
  }

  /** Every stream is left. */
  void stop() {
    over = true;
    List.copyOf(open).forEach(SoakSubscribers::leave);
  }

  private void later() {
    if (!over) {
      vertx.setTimer(PAUSE_MILLIS + random.nextInt(PAUSE_MILLIS), id -> subscribe());
    }
  }

  private void subscribe() {
    String via = random.nextInt(3) == 0 ? "?via=xmpp" : "";
    api.events(Api.resource(Fleet.di(random.nextInt(devices)), "value") + via)
        .onSuccess(this::opened)
        .onFailure(
            error -> {
              refused++;
              later();
            });
  }

  private void opened(HttpClientResponse response) {
    if (response.statusCode() != 200 || over) {
      refused++;
      leave(response);
      later();
      return;
    }
    opened++;
    open.add(response);
    response.handler(chunk -> chunks++);
    long end = vertx.setTimer(1000L * (1 + random.nextInt(LONGEST_SECONDS)), id -> leave(response));
    response
        .request()
        .connection()
        .closeHandler(
            closed -> {
              vertx.cancelTimer(end);
              if (open.remove(response)) {
                later();
              }
            });
    response.endHandler(ended -> leave(response));
  }

  /** As a browser does that is closed. */
  private static void leave(HttpClientResponse response) {
    response.request().connection().close();
  }

  long opened() {
    return opened;
  }

  long refused() {
    return refused;
  }

  /** How often something arrived on all streams together. */
  long chunks() {
    return chunks;
  }
}
