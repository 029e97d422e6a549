package org.oicbridge.coap;

import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts CRUDN requests to CoAP devices (RFC 7252) and answers {@link Contracts#DEVICE} in one shard.
 * Every request is answered with a response by its deadline; what the gateway itself has to say is
 * in its {@link Problem}.
 */
public final class CoapVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(CoapVerticle.class);

  private final int shard;
  private final CoapConfig config;
  private PlainExchanges exchanges;
  private SecureExchanges secure;
  private Devices devices;
  private Liveness liveness;
  private final int probesPerSecond;
  private final RenewalPace pace;
  private MessageConsumer<DeviceRequest> consumer;
  private List<Gauge> gauges = List.of();

  /**
   * Prepares the verticle of one shard.
   *
   * @param shard from 0
   * @param config the {@code coap} section of the configuration
   * @param probesPerSecond how many probes it begins in a second, at least 1: its share of what the
   *     configuration has for the process
   */
  public CoapVerticle(int shard, CoapConfig config, int probesPerSecond) {
    this(shard, config, probesPerSecond, RenewalPace.USUAL);
  }

  CoapVerticle(int shard, CoapConfig config, int probesPerSecond, RenewalPace pace) {
    this.probesPerSecond = probesPerSecond;
    this.shard = shard;
    this.config = config;
    this.pace = pace;
  }

  @Override
  public Future<?> start() {
    return PlainExchanges.open(vertx, context, config, shard)
        .onSuccess(opened -> exchanges = opened)
        .map(opened -> serve());
  }

  private MessageConsumer<DeviceRequest> serve() {
    secure = new SecureExchanges(vertx, context, config, shard);
    devices = new Devices(vertx, exchanges, secure, config);
    liveness = new Liveness(vertx, shard, config.probe(), probesPerSecond, devices);
    devices.tell(liveness::listener);
    Contracts.WATCH_DEVICES.listen(vertx.eventBus(), shard, liveness::watch);
    Contracts.UNWATCH_DEVICES.listen(vertx.eventBus(), shard, liveness::unwatch);
    vertx.setPeriodic(
        60_000,
        id -> {
          devices.dropIdle(Devices.IDLE);
          exchanges.dropIdle();
        });
    gauges =
        List.of(
            CoapMetrics.gauge(
                "oicgw.coap.in.flight", shard, () -> exchanges.size() + secure.size()),
            CoapMetrics.gauge("oicgw.coap.sockets", shard, exchanges::sockets),
            CoapMetrics.gauge("oicgw.coap.queued", shard, devices::queued),
            CoapMetrics.gauge("oicgw.coap.devices", shard, devices::size),
            CoapMetrics.gauge("oicgw.coap.silent", shard, liveness::silent));
    Relations relations = new Relations(vertx, shard, pace, devices);
    Contracts.OBSERVE_DEVICE.serve(
        vertx.eventBus(),
        shard,
        wish -> answer(wish.ask(), Future.succeededFuture(wish).compose(relations::observe)));
    Contracts.FORGET_DEVICE.serve(vertx.eventBus(), shard, relations::forget);
    consumer = Contracts.DEVICE.serve(vertx.eventBus(), shard, this::handle);
    return consumer;
  }

  private Future<CrudnResponse> handle(DeviceRequest ask) {
    return answer(
        ask,
        Future.succeededFuture(ask.device())
            .map(devices::at)
            .compose(device -> device.handle(ask.request())));
  }

  private static Future<CrudnResponse> answer(DeviceRequest ask, Future<CrudnResponse> answer) {
    long began = System.nanoTime();
    return answer
        .recover(error -> Future.succeededFuture(failure(ask, error)))
        .onSuccess(
            response -> {
              Problem problem = response.problem();
              CoapMetrics.request(
                  problem == null ? "answered" : problem.type(), System.nanoTime() - began);
            });
  }

  private static CrudnResponse failure(DeviceRequest ask, Throwable error) {
    if (error instanceof RequestFailed failed) {
      return failed.response();
    }
    LOG.error("request for {} failed", ask.device().di(), error);
    return CrudnResponse.failed(Status.INTERNAL_ERROR, "internal", "the gateway has a defect");
  }

  @Override
  public Future<?> stop() {
    gauges.forEach(CoapMetrics::remove);
    // Whoever waits is told before the socket goes.
    liveness.close();
    exchanges.close();
    secure.close();
    return consumer.unregister().eventually(secure::stop).eventually(exchanges::stop);
  }
}
