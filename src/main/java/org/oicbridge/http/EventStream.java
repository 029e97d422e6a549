package org.oicbridge.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Pattern VISIBLE = Pattern.compile("[ -~]*");
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final Counter STALLED = Metrics.counter("oicgw.observe.stalled");
  private static final long NONE = -1;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final Source source;
  private Duration patience;
  private long stalled = NONE;

  EventStream(RoutingContext context, Source source) {
    this.context = context;
    this.response = context.response();
    this.source = source;
  }

  /**
   * Begins.
   *
   * @param patienceWithReader how long the reader may take nothing while there is something for it
   */
  void open(Duration patienceWithReader) {
    patience = patienceWithReader;
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        // Proxies that collect answers would hold events back.
        .putHeader("X-Accel-Buffering", "no");
    response.write("retry: " + RETRY_MILLIS + "\n\n");
    response.drainHandler(
        drained -> {
          closed();
          wake();
        });
    wake();
  }

  /** Writes what there is to write. */
  void wake() {
    while (!done()) {
      if (response.writeQueueFull()) {
        watch();
        return;
      }
      String event = source.next();
      if (event == null) {
        return;
      }
      response.write(event);
    }
  }

  private void watch() {
    if (stalled == NONE) {
      stalled = context.vertx().setTimer(patience.toMillis(), fired -> drop());
    }
  }

  private void drop() {
    stalled = NONE;
    if (!done()) {
      STALLED.increment();
      LOG.info(
          "{} took nothing of an event stream for {} s and is dropped",
          context.request().remoteAddress(),
          patience.toSeconds());
      // An orderly end would wait for the reader to take what was written before.
      ConnectionBase connection = (ConnectionBase) context.request().connection();
      ChannelFuture unused = connection.channelHandlerContext().close();
    }
  }

  /** Nothing is waited for any more. */
  void closed() {
    if (stalled != NONE) {
      context.vertx().cancelTimer(stalled);
      stalled = NONE;
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
    return event(id, name, Map.of(), data);
  }

  /**
   * Likewise, with fields of our own; readers pass over those that they don't know.
   *
   * @param fields by their names; one that is not of visible characters and spaces is left out
   */
  static String event(String id, String name, Map<String, String> fields, String data) {
    StringBuilder text = new StringBuilder(data.length() + 64);
    if (id != null) {
      text.append("id: ").append(id).append('\n');
    }
    if (name != null) {
      text.append("event: ").append(name).append('\n');
    }
    fields.forEach(
        (field, value) -> {
          if (VISIBLE.matcher(value).matches()) {
            text.append(field).append(": ").append(value).append('\n');
          }
        });
    for (String line : data.split("\r\n|\r|\n", -1)) {
      text.append("data: ").append(line).append('\n');
    }
    return text.append('\n').toString();
  }
}
