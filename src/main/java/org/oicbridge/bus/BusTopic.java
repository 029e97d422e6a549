package org.oicbridge.bus;

import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * Something that is told to one listener, which goes by a name of its own, whichever shard it is
 * in; nobody answers.
 *
 * @param name unique, the first part of the address
 * @param <T> what is told, an immutable record
 */
public record BusTopic<T>(String name, Class<T> type) {
  /** Tells the listener of this name, if there is one. */
  public void send(EventBus bus, String listener, T body) {
    DeliveryOptions options =
        new DeliveryOptions().setLocalOnly(true).setCodecName(ReferenceCodec.NAME);
    bus.publish(address(listener), body, options);
  }

  /** Listens under a name. */
  public MessageConsumer<T> listen(EventBus bus, String listener, Consumer<T> handler) {
    return bus.localConsumer(address(listener), message -> handler.accept(message.body()));
  }

  private String address(String listener) {
    return name + "." + listener;
  }
}
