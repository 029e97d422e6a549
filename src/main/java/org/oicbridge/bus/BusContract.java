package org.oicbridge.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.function.Function;
import org.oicbridge.crudn.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A question that verticles answer: an address in each shard, the type of the question, the type of
 * the answer.
 *
 * @param name unique, the first part of the address
 * @param <Q> the question, an immutable record
 * @param <R> the answer, an immutable record
 */
public record BusContract<Q, R>(String name, Class<Q> question, Class<R> answer) {
  private static final Logger LOG = LoggerFactory.getLogger(BusContract.class);

  /**
   * Asks the verticle of one shard. The future fails with a {@link ReplyException}: {@code
   * NO_HANDLERS} means that nobody was asked, {@code TIMEOUT} that the outcome is unknown, {@code
   * RECIPIENT_FAILURE} that the verticle has a defect, which it logged.
   */
  public Future<R> request(EventBus bus, int shard, Q body, Deadline deadline) {
    DeliveryOptions options =
        new DeliveryOptions()
            .setLocalOnly(true)
            .setCodecName(ReferenceCodec.NAME)
            .setSendTimeout(deadline.remainingMillis());
    return bus.<R>request(address(shard), body, options).map(Message::body);
  }

  /** Answers in one shard; whatever the handler does, the caller gets exactly one answer. */
  public MessageConsumer<Q> serve(EventBus bus, int shard, Function<Q, Future<R>> handler) {
    DeliveryOptions options = new DeliveryOptions().setCodecName(ReferenceCodec.NAME);
    return bus.localConsumer(
        address(shard),
        message -> {
          Future<R> answer;
          try {
            answer = handler.apply(message.body());
          } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
          }
          answer.onComplete(
              result -> message.reply(result, options),
              error -> {
                // Not the question: a request carries what its caller said in confidence.
                LOG.error("{} failed", name, error);
                message.reply(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, 500, name));
              });
        });
  }

  private String address(int shard) {
    return name + "." + shard;
  }
}
