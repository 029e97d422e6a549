package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.DeviceOutcomes;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;

/**
 * One import. Lines are collected into a group; while the group is committed the request is paused,
 * so that one group and what the connection has buffered are all there ever is in memory. The lines
 * of the answer are written when the commit was acknowledged, and the next group waits until the
 * caller takes them.
 */
final class ImportStream {
  /** A pause after which a group goes out although it is not full. */
  private static final long PAUSE_MILLIS = 20;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final EventBus bus;
  private final Duration deadline;
  private final Duration idle;
  private final LineSplitter lines = new LineSplitter(DeviceImport.MAX_LINE);
  private final List<ImportLine> group = new ArrayList<>();
  private boolean ended;
  private boolean busy;
  private boolean over;
  private long timer = -1;

  ImportStream(RoutingContext context, EventBus bus, Duration deadline, Duration idle) {
    this.context = context;
    this.request = context.request();
    this.response = context.response();
    this.bus = bus;
    this.deadline = deadline;
    this.idle = idle;
  }

  void start() {
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, JsonBodies.LINES);
    context.addEndHandler(end -> gone());
    request.exceptionHandler(error -> gone());
    request.endHandler(
        end -> {
          ended = true;
          lines.end();
          collect();
        });
    request.handler(
        buffer -> {
          lines.feed(buffer);
          collect();
        });
    collect();
  }

  /** The caller left: a commit that is under way goes on, nothing else does. */
  private void gone() {
    over = true;
    stopTimer();
  }

  private void collect() {
    if (over || busy) {
      return;
    }
    stopTimer();
    LineSplitter.Line line = null;
    while (group.size() < DeviceImport.GROUP && (line = lines.next()) != null) {
      ImportLine read = ImportLine.read(line);
      if (read != null) {
        group.add(read);
      }
    }
    if (group.size() == DeviceImport.GROUP || (ended && !group.isEmpty())) {
      commit();
    } else if (ended) {
      over = true;
      response.end();
    } else {
      await(group.isEmpty() ? idle.toMillis() : PAUSE_MILLIS);
      request.resume();
    }
  }

  private void await(long millis) {
    timer = context.vertx().setTimer(millis, fired -> paused());
  }

  private void stopTimer() {
    context.vertx().cancelTimer(timer);
  }

  private void paused() {
    if (group.isEmpty()) {
      abandon(408, "body-too-slow", "nothing arrived for " + idle.toSeconds() + " s");
    } else {
      commit();
    }
  }

  private void commit() {
    busy = true;
    request.pause();
    List<ImportLine> committed = List.copyOf(group);
    group.clear();
    List<PutDevices.Entry> entries =
        committed.stream().map(ImportLine::entry).filter(Objects::nonNull).toList();
    Future<DeviceOutcomes> commit =
        entries.isEmpty()
            ? Future.succeededFuture(new DeviceOutcomes(List.of()))
            : Contracts.PUT_DEVICES.request(
                bus, Contracts.HOME, new PutDevices(entries), Deadline.in(deadline));
    commit
        .map(
            outcomes -> {
              if (outcomes.outcomes().size() != entries.size()) {
                throw new IllegalStateException("not as many outcomes as devices");
              }
              tell(committed, outcomes);
              return null;
            })
        .onFailure(error -> fail(committed, error));
  }

  private void tell(List<ImportLine> committed, DeviceOutcomes outcomes) {
    if (over) {
      return;
    }
    Buffer results = Buffer.buffer();
    Iterator<DeviceOutcome> outcome = outcomes.outcomes().iterator();
    for (ImportLine line : committed) {
      results.appendBuffer(line.entry() == null ? line.refused() : line.result(outcome.next()));
    }
    response.write(results);
    if (response.writeQueueFull()) {
      // The caller does not read, so neither does this; the server ends an idle connection.
      response.drainHandler(drained -> goOn());
    } else {
      goOn();
    }
  }

  private void goOn() {
    busy = false;
    collect();
  }

  /** What became of the group is not known, so nothing after it is tried. */
  private void fail(List<ImportLine> committed, Throwable error) {
    if (over) {
      return;
    }
    CrudnResponse failure = Contracts.failure(error);
    Buffer results = Buffer.buffer();
    for (ImportLine line : committed) {
      results.appendBuffer(
          line.entry() == null ? line.refused() : line.result(failure.status(), failure.problem()));
    }
    response.write(results);
    int status = StatusCodes.http(failure.status());
    abandon(status, failure.problem().type(), "the import ended here; send the other lines again");
  }

  /** Ends before the input does. Its last line has no number, since it answers none. */
  private void abandon(int status, String type, String detail) {
    over = true;
    stopTimer();
    if (response.headWritten()) {
      response.end(ImportLine.problem(new JsonObject(), status, type, detail));
      Problems.closeSoon(context);
    } else {
      response.setChunked(false);
      Problems.sendLast(context, status, type, detail);
    }
    request.handler(buffer -> {});
    request.resume();
  }
}
