package org.oicbridge.http;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;

/** Registers as many devices as a caller has, one JSON object a line. */
final class DeviceImport {
  /** The most bytes of a line. */
  static final int MAX_LINE = 65_536;

  /** The most lines that are committed together. */
  static final int GROUP = 50;

  /** How long a caller may be silent before the import ends. */
  static final Duration IDLE = Duration.ofSeconds(30);

  private final EventBus bus;
  private final Duration deadline;
  private final Duration idle;

  /**
   * Makes the handler.
   *
   * @param deadline of a commit
   * @param idle how long a caller may send nothing, and take nothing
   */
  DeviceImport(EventBus bus, Duration deadline, Duration idle) {
    this.bus = bus;
    this.deadline = deadline;
    this.idle = idle;
  }

  void handle(RoutingContext context) {
    Accept.require(context.request().headers(), JsonBodies.LINES);
    JsonBodies.requireLines(context.request().headers());
    Parameters.of(context, Set.of());
    if ("100-continue".equalsIgnoreCase(context.request().getHeader(HttpHeaders.EXPECT))) {
      context.response().writeContinue();
    }
    new ImportStream(context, bus, deadline, idle).start();
  }
}
