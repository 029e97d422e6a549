package org.oicbridge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * A response that is a stream of server-sent events (HTML Standard section 9.2). It is written as
 * fast as its reader takes it; what is next is asked for only when there is room, so that a slow
 * reader costs no memory.
 */
final class EventStream {
  /** What is to be written. */
  interface Source {
    /** The next event as it is written, or null when there is none now. */
    String next();
  }

  /** After how many milliseconds a reader that lost its connection is to come back. */
  private static final int RETRY_MILLIS = 5000;

  private final HttpServerResponse response;
  private final Source source;

  EventStream(RoutingContext context, Source source) {
    this.response = context.response();
    this.source = source;
  }

  /** Begins. */
  void open() {
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        // Proxies that collect answers would hold events back.
        .putHeader("X-Accel-Buffering", "no");
    response.write("retry: " + RETRY_MILLIS + "\n\n");
    response.drainHandler(drained -> wake());
    wake();
  }

  /** Writes what there is to write. */
  void wake() {
    while (!done() && !response.writeQueueFull()) {
      String event = source.next();
      if (event == null) {
        return;
      }
      response.write(event);
    }
  }

  /** Shows that the connection lives; one that takes nothing is left to its timeout. */
  void beat() {
    if (!done() && !response.writeQueueFull()) {
      response.write(":\n\n");
    }
  }

  /** Writes the last event, and ends. */
  void end(String last) {
    if (!done()) {
      String waiting = source.next();
      response.end((waiting == null ? "" : waiting) + last);
    }
  }

  private boolean done() {
    return response.ended() || response.closed();
  }

  /**
   * One event as it is written.
   *
   * @param id what the reader comes back with, or null to leave the last
   * @param name of the event, or null for the usual one
   * @param data of any number of lines
   */
  static String event(String id, String name, String data) {
    StringBuilder text = new StringBuilder(data.length() + 64);
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    if (name != null) {
      text.append("event: ").append(name).append('\n');
    }
    for (String line : data.split("\r\n|\r|\n", -1)) {
      text.append("data: ").append(line).append('\n');
    }
    return text.append('\n').toString();
  }
}
