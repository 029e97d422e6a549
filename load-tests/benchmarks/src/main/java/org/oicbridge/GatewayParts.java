package org.oicbridge;

import io.vertx.core.Deployable;
import io.vertx.core.VertxOptions;
import java.util.List;

/** What benchmarks take of the gateway's wiring, so that they measure it and no copy of it. */
public final class GatewayParts {
  private GatewayParts() {}

  /** Event loops and workers as the gateway has them. */
  public static VertxOptions vertxOptions() {
    return Gateway.vertxOptions();
  }

  /** Verticles that share an event loop, as those of a shard do. */
  public static Deployable shard(List<Deployable> verticles) {
    return new Shard(verticles);
  }
}
