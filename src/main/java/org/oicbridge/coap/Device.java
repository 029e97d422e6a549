package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway knows of one CoAP device, and the way every request to it takes. */
final class Device {
  /** How a request gets to an address and its answer back, see {@link Exchanges#send}. */
  interface Way {
    Future<Response> send(Request request, InetSocketAddress peer, Deadline deadline);

    /** The same with a registration; what follows on its answer goes to {@code news}. */
    Future<Response> observe(
        Request request, InetSocketAddress peer, Deadline deadline, Consumer<Response> news);

    /** Takes no more of what follows. */
    void forget(Token token);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Device.class);

  private final URI endpoint;
  private final List<String> base;
  private final int maxBody;
  private final Way way;
  private final DeviceAddress address;
  private final DeviceQueue queue;
  private final DeviceProbe probe;

  private Era era;
  private Future<Era> detection;

  /** True when the device has taken a request since its era was found out. */
  private boolean proven;

  private int plainFormat = ContentFormat.JSON;
  private String trouble = "";
  private int observations;
  private long usedAt = System.nanoTime();

  Device(
      Vertx vertx,
      Way way,
      Contact contact,
      CoapConfig config,
      AtomicInteger queued,
      URI endpoint) {
    this.endpoint = endpoint;
    this.base = base(endpoint);
    this.maxBody = config.maxBody();
    this.way = way;
    this.address = new DeviceAddress(vertx, endpoint);
    this.queue = new DeviceQueue(vertx, config.nstart(), config.queue(), queued);
    this.probe = new DeviceProbe(way, contact, address, queue, base);
  }

  /** The segments that stand before every path on the device at an endpoint. */
  static List<String> base(URI endpoint) {
    String path = endpoint.getRawPath();
    if (path == null || path.matches("/*")) {
      return List.of();
    }
    return ResourcePath.parse(path).segments().stream().filter(s -> !s.isEmpty()).toList();
  }

  /** Answers a request; fails with {@link RequestFailed} only. */
  Future<CrudnResponse> handle(CrudnRequest request) {
    return handle(request, null);
  }

  /** The same, and observes; the answer has an {@code Observe} header if the device agrees. */
  Future<CrudnResponse> observe(CrudnRequest request, Relation relation) {
    return handle(request, relation);
  }

  private Future<CrudnResponse> handle(CrudnRequest request, Relation relation) {
    usedAt = System.nanoTime();
    DeviceMessage message;
    try {
      message = new DeviceMessage(request, base, maxBody);
    } catch (RequestFailed e) {
      return Future.failedFuture(e);
    }
    return queue
        .run(
            request.deadline(),
            () ->
                address
                    .resolve(request.deadline())
                    .compose(peer -> exchange(message, peer, relation)))
        .onComplete(answer -> wellBeing(problem(answer.cause()), request));
  }

  /** The problem that says something of the device itself, null when there is none. */
  private static Problem problem(Throwable cause) {
    if (!(cause instanceof RequestFailed failed)) {
      return null;
    }
    Problem problem = failed.response().problem();
    return switch (problem.type()) {
      case "device-silent",
          "device-unreachable",
          "handshake-failed",
          "bad-answer",
          "detection-failed" ->
          problem;
      default -> null;
    };
  }

  /** Logs that the device got into trouble or out of it, not every request that it failed. */
  private void wellBeing(Problem problem, CrudnRequest request) {
    String now = problem == null ? "" : problem.type();
    if (now.equals(trouble)) {
      return;
    }
    trouble = now;
    if (problem == null) {
      LOG.info("{} device {} answers again", request.account(), request.target());
    } else {
      LOG.warn("{} device {}: {}", request.account(), request.target(), problem.detail());
    }
  }

  private Future<CrudnResponse> exchange(
      DeviceMessage message, InetSocketAddress peer, Relation relation) {
    Deadline deadline = message.request().deadline();
    return era(peer, deadline)
        .recover(error -> Future.failedFuture(RequestFailed.beforeSending(error)))
        .compose(known -> send(message, peer, known, relation))
        .compose(
            answer -> {
              if (!refused(answer, message)) {
                proven = true;
                return Future.succeededFuture(answer);
              }
              return proven
                  ? again(message, peer, answer, relation)
                  : Future.succeededFuture(answer);
            })
        .compose(answer -> respond(answer, message));
  }

  private Future<Response> send(
      DeviceMessage message, InetSocketAddress peer, Era known, Relation relation) {
    Request request = message.toRequest(known, plainFormat);
    Deadline deadline = message.request().deadline();
    if (relation == null) {
      return way.send(request, peer, deadline);
    }
    request.setObserve();
    return way.observe(request, peer, deadline, relation::news)
        .onSuccess(
            answer -> {
              if (answer.getOptions().hasObserve() && answer.isSuccess()) {
                relation.registered(this, message, request, peer, answer);
              }
            });
  }

  /** Provokes a sign of life, see {@link DeviceProbe#send}. */
  Future<Response> probe(boolean ping, Duration patience) {
    return probe.send(ping, patience);
  }

  /** Repeats a registration; in its turn, like any other request. */
  Future<Response> renew(
      Request request, InetSocketAddress peer, Deadline deadline, Relation relation) {
    return queue.run(deadline, () -> way.observe(request, peer, deadline, relation::news));
  }

  /** Takes a registration back. */
  void cancel(Request request, InetSocketAddress peer, Deadline deadline) {
    queue
        .run(deadline, () -> way.send(request, peer, deadline))
        .onFailure(error -> LOG.debug("device at {} was not told of an end", endpoint, error));
  }

  /** Takes no more notifications. */
  void forget(Token token) {
    way.forget(token);
  }

  /** One observation more, or less. */
  void observed(int change) {
    observations += change;
  }

  /** True for the codes that a device gives when it is spoken to in the wrong way. */
  static boolean refused(Response answer, DeviceMessage message) {
    ResponseCode code = answer.getCode();
    return code == ResponseCode.NOT_ACCEPTABLE
        || code == ResponseCode.UNSUPPORTED_CONTENT_FORMAT
        || (code == ResponseCode.BAD_OPTION && !message.conditional());
  }

  /** Looks whether the device has become another one, say by an update, and if so asks again. */
  private Future<Response> again(
      DeviceMessage message, InetSocketAddress peer, Response first, Relation relation) {
    Era before = era;
    era = null;
    proven = false;
    // A refused request was not carried out, so it may be repeated.
    return era(peer, message.request().deadline())
        .recover(error -> Future.failedFuture(RequestFailed.beforeSending(error)))
        .compose(
            now ->
                now == before ? Future.succeededFuture(first) : send(message, peer, now, relation));
  }

  private Future<Era> era(InetSocketAddress peer, Deadline deadline) {
    if (era != null) {
      return Future.succeededFuture(era);
    }
    if (detection != null) {
      return detection
          .timeout(deadline.remainingMillis(), TimeUnit.MILLISECONDS)
          // It ran on the deadline of another request; this one may have more time left.
          .recover(error -> deadline.expired() ? late(error) : era(peer, deadline));
    }
    Promise<Era> promise = Promise.promise();
    detection = promise.future();
    new EraDetector(request -> way.send(request, peer, deadline), base)
        .detect()
        .onComplete(
            result -> {
              detection = null;
              if (result.succeeded()) {
                era = result.result();
                proven = false;
                CoapMetrics.detection(era);
                LOG.info("device at {} speaks {}", endpoint, era);
              }
              promise.handle(result);
            });
    return promise.future();
  }

  private static Future<Era> late(Throwable error) {
    return Future.failedFuture(
        error instanceof TimeoutException
            ? new RequestFailed(
                Status.TIMEOUT, "device-silent", "the device has not answered to discovery yet")
            : error);
  }

  private Future<CrudnResponse> respond(Response answer, DeviceMessage message) {
    try {
      return Future.succeededFuture(translate(answer, message));
    } catch (RequestFailed e) {
      return Future.failedFuture(e);
    }
  }

  /** The CRUDN response that an answer or a notification of the device is. */
  CrudnResponse translate(Response answer, DeviceMessage message) throws RequestFailed {
    if (answer.getPayloadSize() > maxBody) {
      throw new RequestFailed(
          Status.BAD_GATEWAY, "answer-too-large", "the answer is over " + maxBody + " bytes");
    }
    int format = answer.getOptions().getContentFormat();
    if (format == ContentFormat.JSON
        || format == ContentFormat.CBOR
        || format == ContentFormat.OCF_CBOR) {
      plainFormat = format;
    }
    int ownFormat = era == Era.PLAIN || era == null ? plainFormat : era.format();
    return DeviceAnswer.toResponse(answer, message, ownFormat);
  }

  /** True when nothing is under way and nobody used it since a reading of the nano clock. */
  boolean idleSince(long nanoTime) {
    return queue.idle() && observations == 0 && usedAt - nanoTime < 0;
  }
}
