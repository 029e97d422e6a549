package org.oicbridge.coap;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what clients ask of the gateway itself. {@link #enter} is the one place where what
 * Californium reports comes into the verticle's context.
 */
final class OwnResources {
  private static final Logger LOG = LoggerFactory.getLogger(OwnResources.class);

  /** How much later the bus gives up: only a defect takes that long. */
  private static final Duration GRACE = Duration.ofMillis(750);

  /** An answer up to this many bytes amplifies nothing worth the trouble (RFC 9175 section 2.4). */
  private static final int SHORT = 128;

  private static final int AMPLIFICATION = 3;
  private static final int HEADERS = 24;

  private final Vertx vertx;
  private final Context context;
  private final CoapConfig config;
  private final DeviceId gatewayId;
  private final Duration deadline;
  private final Identities identities;
  private final LocalNetworks networks;
  private final ServerGate gate;
  private final Echo echo;
  private final GroupRequests groups;
  private final Observers observers;
  private final String subscribers = "coap-" + UUID.randomUUID() + "-";
  private long named;

  /**
   * Prepares the server side.
   *
   * @param gatewayId what the gateway calls itself
   * @param deadline how long an answer may take
   * @param leisure for how many milliseconds to put off an answer to a group (RFC 7252 section 8.2)
   */
  OwnResources(
      Vertx vertx,
      Context context,
      CoapConfig config,
      DeviceId gatewayId,
      Duration deadline,
      LocalNetworks networks,
      ServerGate gate,
      LongSupplier leisure) {
    this.vertx = vertx;
    this.context = context;
    this.config = config;
    this.gatewayId = gatewayId;
    this.deadline = deadline;
    this.identities = new Identities(config.server().identities());
    this.networks = networks;
    this.gate = gate;
    this.echo = new Echo(System::nanoTime);
    this.groups = new GroupRequests(vertx, leisure, config, this::ask);
    this.observers = new Observers(this::ask, this::enter);
  }

  Observers observers() {
    return observers;
  }

  /** Takes the requests of the plain endpoint. */
  MessageDeliverer plain() {
    return new Deliverer(exchange -> handlePlain(exchange));
  }

  /** Takes the requests of the endpoint behind DTLS. */
  MessageDeliverer secure() {
    return new Deliverer(
        exchange -> {
          Request request = exchange.getRequest();
          serve(exchange, identities.ofSession(request.getSourceContext()), true);
        });
  }

  void enter(Runnable action) {
    context.runOnContext(nothing -> action.run());
  }

  /** Keeps bodies in blocks out of the plain endpoint. */
  UploadGate plainUploads() {
    return new UploadGate(
        request -> reachable(request) ? plainCaller(request) : Caller.STRANGER, System::nanoTime);
  }

  /** Keeps bodies in blocks out of the endpoint behind DTLS. */
  UploadGate secureUploads() {
    return new UploadGate(
        request -> identities.ofSession(request.getSourceContext()), System::nanoTime);
  }

  private void handlePlain(Exchange exchange) {
    Request request = exchange.getRequest();
    if (request.isMulticast()) {
      serveGroup(exchange, plainCaller(request));
    } else {
      serve(exchange, plainCaller(request), reachable(request));
    }
  }

  private Caller plainCaller(Request request) {
    OscoreRequest secured = OscoreRequest.of(request.getSourceContext());
    return secured == null
        ? identities.ofSource(request.getSourceContext().getPeerAddress().getAddress())
        : identities.ofContext(secured.context().identity());
  }

  /**
   * Whether it certainly comes from where it says, or from so near that it matters little. What
   * came under OSCORE was shown to be fresh.
   */
  private boolean reachable(Request request) {
    return OscoreRequest.of(request.getSourceContext()) != null
        || networks.local(request.getSourceContext().getPeerAddress().getAddress())
        || echo.verified(request);
  }

  /**
   * Serves one request.
   *
   * @param reachable whether it certainly comes from where it says, or from so near that it matters
   *     little
   */
  private void serve(Exchange exchange, Caller caller, boolean reachable) {
    Request request = exchange.getRequest();
    OptionSet options = request.getOptions();
    Response refusal = ForwardProxy.refusal(options, caller);
    if (refusal != null) {
      send(exchange, refusal);
      return;
    }
    if (options.hasOscore()) {
      // Still there, so there is no security context at all.
      send(exchange, new Response(ResponseCode.BAD_OPTION));
      return;
    }
    InetSocketAddress source = request.getSourceContext().getPeerAddress();
    OwnMessage message;
    try {
      message = new OwnMessage(request, config.maxBody());
      if (!reachable && message.doesSomething()) {
        // What it does or starts would be done in the name of an address that may be another's.
        challenge(exchange);
        return;
      }
      gate.enter(source.getAddress());
    } catch (RequestFailed e) {
      send(exchange, OwnAnswer.of(e));
      return;
    }
    if (request.isObserveCancel()) {
      observers.cancel(exchange, caller);
    }
    // An answer from another site may take longer than any client waits for its acknowledgement.
    long patience = message.forDevice() ? 0 : config.ackTimeout().toMillis() / 2;
    long timer = vertx.setTimer(Math.max(1, patience), id -> acknowledge(exchange));
    OwnRequest own = message.toOwn(gatewayId, caller, source, Deadline.in(deadline));
    DeviceSubscription subscription = subscription(exchange, message);
    (subscription == null ? ask(own) : subscription.begin(own))
        .onSuccess(
            answer -> {
              vertx.cancelTimer(timer);
              gate.leave(source.getAddress());
              answer(exchange, own, message, answer, reachable, subscription);
            });
  }

  /** One for who wants to observe a device and may have another relation; else null. */
  private DeviceSubscription subscription(Exchange exchange, OwnMessage message) {
    return message.observe() && message.forDevice() && observers.roomFor(exchange)
        ? new DeviceSubscription(vertx.eventBus(), subscribers + Long.toString(++named, 36))
        : null;
  }

  /** Asks the gateway's own device; the answer may be that it failed. */
  private Future<CrudnResponse> ask(OwnRequest own) {
    return Contracts.OWN_DEVICE
        .request(vertx.eventBus(), Contracts.HOME, own, own.request().deadline().later(GRACE))
        .recover(error -> Future.succeededFuture(Contracts.failure(error)));
  }

  /** Tells the client not to send again, half of its time before it would. */
  private static void acknowledge(Exchange exchange) {
    exchange.execute(exchange::sendAccept);
  }

  private void answer(
      Exchange exchange,
      OwnRequest own,
      OwnMessage message,
      CrudnResponse answer,
      boolean reachable,
      DeviceSubscription subscription) {
    OptionSet options = exchange.getRequest().getOptions();
    Function<CrudnResponse, Response> render =
        said -> OwnAnswer.of(ForwardProxy.answer(options, said), message, config);
    Response response = render.apply(answer);
    if (!reachable && amplifies(exchange.getRequest(), response)) {
      // Who is not reachable can't observe either.
      challenge(exchange);
      return;
    }
    if (message.observe()
        && response.isSuccess()
        && answer.headers().get("Observe").isPresent()
        && observers.start(exchange, own, answer, render, response, subscription)) {
      CoapMetrics.served(outcome(response));
      return;
    }
    if (subscription != null) {
      subscription.end();
    }
    if (message.observe()) {
      // Whoever asks again and is not told so is no observer any more (RFC 7641 section 4.1).
      observers.cancel(exchange, own.caller());
    }
    send(exchange, response);
  }

  private boolean amplifies(Request request, Response response) {
    int asked = request.getBytes() == null ? 0 : request.getBytes().length;
    int size = HEADERS + Math.min(response.getPayloadSize(), config.blockSize());
    return size > SHORT && size > AMPLIFICATION * asked;
  }

  private void challenge(Exchange exchange) {
    CoapMetrics.served("echo");
    Response response = echo.challenge(exchange.getRequest());
    exchange.execute(() -> exchange.sendResponse(response));
  }

  private static void send(Exchange exchange, Response response) {
    CoapMetrics.served(outcome(response));
    exchange.execute(() -> exchange.sendResponse(response));
  }

  private static String outcome(Response response) {
    return response.getCode().codeClass + ".xx";
  }

  private void serveGroup(Exchange exchange, Caller caller) {
    InetSocketAddress source = exchange.getRequest().getSourceContext().getPeerAddress();
    groups.serve(
        exchange,
        message -> message.toOwn(gatewayId, caller, source, Deadline.in(deadline)),
        response -> send(exchange, response));
  }

  private final class Deliverer implements MessageDeliverer {
    private final java.util.function.Consumer<Exchange> handler;

    Deliverer(java.util.function.Consumer<Exchange> handler) {
      this.handler = handler;
    }

    @Override
    public void deliverRequest(Exchange exchange) {
      enter(() -> handler.accept(exchange));
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
      LOG.debug("an answer to nothing that was asked: {}", response);
    }
  }
}
