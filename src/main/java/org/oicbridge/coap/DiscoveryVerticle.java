package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.FoundDevice;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.DiscoveryConfig;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for devices that don't publish themselves, at its start and from time to time, and tells
 * {@link Contracts#FOUND} of each that answered. There is one in a process.
 */
public final class DiscoveryVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(DiscoveryVerticle.class);
  private static final int DEVICES_AT_ONCE = 16;

  private final CoapConfig config;
  private final DiscoveryConfig discovery;
  private final DiscoveryPace pace;
  private final int port;
  private final Set<String> absent = new HashSet<>();
  private Map<DeviceId, InetAddress> before = Map.of();
  private ClientEndpoint endpoint;
  private Exchanges exchanges;
  private DeviceQuestions questions;
  private boolean stopped;

  /**
   * Prepares the verticle.
   *
   * @param config the {@code coap} section of the configuration
   * @param discovery the {@code discovery} section
   */
  public DiscoveryVerticle(CoapConfig config, DiscoveryConfig discovery) {
    this(config, discovery, DiscoveryPace.NORMAL, DeviceAddress.DEFAULT_PORT);
  }

  /** The same with another pace, and with another port of the multicast groups. */
  DiscoveryVerticle(CoapConfig config, DiscoveryConfig discovery, DiscoveryPace pace, int port) {
    this.config = config;
    this.discovery = discovery;
    this.pace = pace;
    this.port = port;
  }

  private boolean ipv6() {
    return config.host().indexOf(':') >= 0;
  }

  @Override
  public Future<?> start() {
    return ClientEndpoint.open(vertx, (ContextInternal) context, config)
        .onSuccess(opened -> endpoint = opened)
        .onSuccess(opened -> begin());
  }

  private void begin() {
    exchanges = new Exchanges(vertx, context, endpoint.coap(), config);
    questions = new DeviceQuestions(exchanges, pace.answer());
    for (URI uri : discovery.unicast()) {
      if (!uri.getScheme().equals("coap")) {
        LOG.warn("{} of discovery.unicast is not asked: only coap:// can be", uri);
      }
    }
    next(Duration.ZERO);
  }

  private void next(Duration pause) {
    vertx.setTimer(
        Math.max(1, pause.toMillis()),
        id ->
            search()
                .onComplete(
                    done -> {
                      if (stopped) {
                        return;
                      }
                      if (done.failed()) {
                        LOG.error("a search for devices failed", done.cause());
                      }
                      next(jittered(discovery.interval()));
                    }));
  }

  /** A tenth more or less, so that gateways that started together don't search together. */
  private static Duration jittered(Duration interval) {
    double factor = 0.9 + ThreadLocalRandom.current().nextDouble() * 0.2;
    return Duration.ofMillis((long) (interval.toMillis() * factor));
  }

  private Future<Void> search() {
    SearchReplies replies = new SearchReplies(questions, before);
    List<Future<Void>> parts = new ArrayList<>();
    for (URI uri : discovery.unicast()) {
      if (uri.getScheme().equals("coap")) {
        parts.add(unicast(uri, replies));
      }
    }
    for (String name : discovery.interfaces()) {
      parts.add(multicast(name, replies));
    }
    return Future.join(parts)
        .compose(all -> replies.complete())
        .compose(all -> publish(new ArrayDeque<>(replies.devices())))
        .onSuccess(all -> told(replies));
  }

  private void told(SearchReplies replies) {
    before = replies.addresses();
    CoapMetrics.discoveryDevices("found", replies.devices().size());
    CoapMetrics.discoveryDevices("skipped", replies.skipped());
    LOG.info(
        "search by interfaces {} and of {} addresses: {} answers, {} devices",
        discovery.interfaces(),
        discovery.unicast().size(),
        replies.answers(),
        replies.devices().size());
  }

  private Future<Void> unicast(URI uri, SearchReplies replies) {
    List<String> base = Device.base(uri);
    return new DeviceAddress(vertx, uri)
        .resolve(Deadline.in(pace.answer()))
        .compose(
            peer ->
                questions
                    .resources(peer, base)
                    .map(
                        answer -> {
                          AnswerSource source = new AnswerSource(peer.getAddress(), uri);
                          replies.take(answer, source, peer, base);
                          return (Void) null;
                        }))
        .recover(
            error -> {
              CoapMetrics.discoveryAnswer("silent");
              LOG.debug("{} does not answer to discovery: {}", uri, error.getMessage());
              return Future.succeededFuture();
            });
  }

  private Future<Void> multicast(String name, SearchReplies replies) {
    return vertx
        .executeBlocking(() -> SearchInterface.find(name, ipv6()))
        .compose(
            found -> {
              absent.remove(name);
              List<Future<Void>> searches =
                  found.local().stream()
                      .map(
                          local ->
                              new MulticastSearch(
                                      vertx,
                                      found.zone(),
                                      local,
                                      port,
                                      answer -> replies.take(answer, found.zone()))
                                  .run(pace))
                      .toList();
              return Future.join(searches).<Void>mapEmpty();
            })
        .recover(
            error -> {
              // It may come back, and is told of once until then.
              if (absent.add(name)) {
                LOG.warn("no search by interface {}: {}", name, error.getMessage());
              }
              return Future.succeededFuture();
            });
  }

  private Future<Void> publish(Queue<SearchReply> replies) {
    List<Future<Void>> lanes = new ArrayList<>();
    for (int i = 0; i < DEVICES_AT_ONCE && !replies.isEmpty(); i++) {
      lanes.add(publishNext(replies));
    }
    return lanes.isEmpty() ? Future.succeededFuture() : Future.join(lanes).mapEmpty();
  }

  private Future<Void> publishNext(Queue<SearchReply> replies) {
    SearchReply reply = replies.poll();
    if (reply == null || stopped) {
      return Future.succeededFuture();
    }
    return questions
        .device(reply)
        .compose(
            baseline -> {
              publish(reply.device(), DeviceDescription.of(reply.device(), baseline));
              return publishNext(replies);
            });
  }

  private void publish(DeviceLinks device, DeviceDescription description) {
    Contracts.FOUND.publish(
        vertx.eventBus(),
        Contracts.HOME,
        new FoundDevice(
            device.di(),
            description.type(),
            description.name(),
            device.endpoint(),
            device.links()));
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    if (exchanges != null) {
      exchanges.close();
    }
    return endpoint == null ? Future.succeededFuture() : endpoint.close();
  }
}
