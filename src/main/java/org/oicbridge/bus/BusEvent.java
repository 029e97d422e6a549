package org.oicbridge.bus;

import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * Something that happened, told to whoever listens in the same shard; nobody answers.
 *
 * @param name unique, the first part of the address
 * @param <T> what is told, an immutable record
 */
public record BusEvent<T>(String name, Class<T> type) {
  /** Tells every listener of the shard. */
  public void publish(EventBus bus, int shard, T body) {
    DeliveryOptions options =
        new DeliveryOptions().setLocalOnly(true).setCodecName(ReferenceCodec.NAME);
    bus.publish(address(shard), body, options);
  }

  /** Listens in one shard. */
  public MessageConsumer<T> listen(EventBus bus, int shard, Consumer<T> listener) {
    return bus.localConsumer(address(shard), message -> listener.accept(message.body()));
  }

  private String address(int shard) {
    return name + "." + shard;
  }
}
