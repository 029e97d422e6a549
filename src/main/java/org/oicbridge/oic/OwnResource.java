package org.oicbridge.oic;

import io.vertx.core.Future;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnResponse;

/** A resource of the gateway's own device. */
interface OwnResource {
  /** The methods that it takes, as they stand in {@code Allow}. */
  String methods();

  /** Whether it tells those who observe it when it changes. */
  boolean observable();

  /**
   * Answers a request whose method is one of {@link #methods()}; fails or throws with a {@link
   * Refusal} when it refuses.
   */
  Future<CrudnResponse> answer(OwnRequest own);
}
